// Tokens from HelseID and the proofs that go with them, with nothing but Node (18 or newer).

import {
  createHash, createPrivateKey, generateKeyPairSync, type JsonWebKey, type KeyObject, randomUUID,
  sign,
} from "node:crypto";

/** A client of HelseID: its id, and its private key as a JWK. */
export interface Client {
  id: string;
  jwk: JsonWebKey & { kid?: string };
}

/** The headers of one call. */
export type Headers = (method: string, url: string) => Record<string, string>;

const base64url = (bytes: Buffer | string) => Buffer.from(bytes).toString("base64url");
const now = () => Math.floor(Date.now() / 1000);
const hash = (text: string) => createHash("sha256").update(text).digest("base64url");

/** A JWT signed with an EC key: two numbers side by side, not the usual DER. */
function signed(header: { alg: string }, claims: object, key: KeyObject): string {
  const text = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`;
  const digest = header.alg === "ES384" ? "sha384" : "sha256";
  const signature = sign(digest, Buffer.from(text), { key, dsaEncoding: "ieee-p1363" });
  return `${text}.${base64url(signature)}`;
}

/** Proofs with a key of our own, for as long as the process lives. */
function prover(): (method: string, url: string, more: object) => string {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = publicKey.export({ format: "jwk" });
  return (htm, htu, more) =>
    signed({ typ: "dpop+jwt", alg: "ES256", jwk } as { alg: string },
      { jti: randomUUID(), htm, htu, iat: now(), ...more }, privateKey);
}

/** A new one for each request: HelseID takes each only once. */
function assertion(issuer: string, { id, jwk }: Client): string {
  const alg = jwk.crv === "P-384" ? "ES384" : "ES256";
  const header = { typ: "client-authentication+jwt", alg, kid: jwk.kid };
  const claims = { iss: id, sub: id, aud: issuer, iat: now(), nbf: now(), exp: now() + 30,
    jti: randomUUID() };
  return signed(header, claims, createPrivateKey({ key: jwk, format: "jwk" }));
}

async function token(
  issuer: string, client: Client, scope: string, dpop?: (url: string, nonce: string) => string,
): Promise<string> {
  const metadata = await fetch(`${issuer}/.well-known/openid-configuration`);
  const { token_endpoint: url } = await metadata.json() as { token_endpoint: string };
  let nonce = "";
  for (let attempt = 0; attempt < 2; attempt++) {
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: client.id,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion(issuer, client),
      scope,
    });
    const headers = dpop ? { DPoP: dpop(url, nonce) } : undefined;
    const answer = await fetch(url, { method: "POST", body, headers });
    const given = await answer.json() as { access_token?: string; error?: string };
    if (given.access_token) return given.access_token;
    if (given.error !== "use_dpop_nonce") throw new Error(`HelseID refuses: ${given.error}`);
    nonce = answer.headers.get("DPoP-Nonce") ?? "";
  }
  throw new Error("HelseID asks for a nonce again and again");
}

/** Version 3: a token that is bound to a key, and a proof for each call. */
export async function proven(issuer: string, client: Client, scope: string): Promise<Headers> {
  const proof = prover();
  const dpop = (url: string, nonce: string) => proof("POST", url, nonce ? { nonce } : {});
  const bound = await token(issuer, client, scope, dpop);
  // The address without its query, exactly as it is called.
  return (method, url) => ({
    Authorization: `DPoP ${bound}`,
    DPoP: proof(method, url.split("?")[0] ?? url, { ath: hash(bound) }),
  });
}

/** Version 2: a plain bearer token. */
export async function bearer(issuer: string, client: Client, scope: string): Promise<Headers> {
  const plain = await token(issuer, client, scope);
  return () => ({ Authorization: `Bearer ${plain}` });
}
