//! A lookup in the Person API, from nothing but HTTP, JSON and signatures.
//!
//! 1. Sign a client assertion with the client's key (private_key_jwt).
//! 2. Get an access token from HelseID, bound to a key of our own (DPoP). The first request is
//!    answered with a nonce; the second carries it.
//! 3. Call the API with the token and a new proof, signed with that same key.
//!
//! Needs the crates anyhow 1, aws-lc-rs 1, base64 0.22, reqwest 0.13 (json, form), serde_json 1,
//! tokio 1 (macros, rt-multi-thread) and uuid 1 (v4). In this repository:
//!
//! ```sh
//! ISSUER=… CLIENT_ID=… KEY_FILE=client.jwk SCOPE=… API=… \
//!     cargo run -p server --example lookup < number.txt
//! ```

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail, ensure};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeyPairComponents, PublicKeyComponents};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
    RSA_PKCS1_SHA256, RSA_PSS_SHA256,
};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL;
use serde_json::{Value, json};

/// Who calls, and whom.
pub struct Settings {
    /// HelseID, as it names itself.
    pub issuer: String,
    /// The client's id at HelseID.
    pub client_id: String,
    /// The client's private key, a JWK. Keep it where only the client can read it.
    pub key: String,
    /// The scope of the rights package.
    pub scope: String,
    /// The API's public base URL.
    pub api: String,
}

/// Looks one person up.
///
/// # Errors
/// No token, no answer, or a problem: its title says which.
pub async fn look_up(settings: &Settings, number: &str) -> anyhow::Result<Value> {
    let http = reqwest::Client::new();
    // A key pair of our own, for as long as the process lives. It never leaves it.
    let proof_key = Key::for_proofs()?;
    let token = get_token(&http, settings, &proof_key).await?;

    // The package is in the path. The number is in the body: addresses end up in logs.
    let package = settings.scope.rsplit('/').next().context("a scope ends with its package")?;
    let url = format!("{}/api/v3/{package}/person/get-by-nin", settings.api);
    let proof = proof_key.proof("POST", &url, &[("ath", json!(hash(&token)))])?;
    let answer = http
        .post(format!("{url}?informationParts=Name,ResidentialAddress&includeHistory=false"))
        .header("Authorization", format!("DPoP {token}"))
        .header("DPoP", proof)
        .form(&[("nin", number)])
        .send()
        .await?;
    let status = answer.status();
    let body: Value = answer.json().await?;
    ensure!(status.is_success(), "{status}: {} (trace id {})", body["title"], body["traceId"]);
    Ok(body)
}

async fn get_token(
    http: &reqwest::Client,
    settings: &Settings,
    proof_key: &Key,
) -> anyhow::Result<String> {
    let metadata = format!("{}/.well-known/openid-configuration", settings.issuer);
    let metadata: Value = http.get(metadata).send().await?.error_for_status()?.json().await?;
    let url = metadata["token_endpoint"].as_str().context("the metadata name no token endpoint")?;
    let client_key = Key::read(&settings.key)?;
    let mut nonce = None;
    for _ in 0..2 {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &settings.client_id),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", &assertion(settings, &client_key)?),
            ("scope", &settings.scope),
        ];
        let more: Vec<(&str, Value)> = nonce.map(|nonce| ("nonce", nonce)).into_iter().collect();
        let proof = proof_key.proof("POST", url, &more)?;
        let answer = http.post(url).header("DPoP", proof).form(&form).send().await?;
        nonce = answer.headers().get("DPoP-Nonce").and_then(|it| it.to_str().ok()).map(Value::from);
        let is_success = answer.status().is_success();
        let body: Value = answer.json().await?;
        if is_success {
            // Keep the token, with its key, for the `expires_in` seconds that it is good for.
            return Ok(body["access_token"].as_str().context("no access token")?.to_owned());
        }
        if body["error"] != "use_dpop_nonce" {
            bail!("HelseID refuses: {}", body["error"]);
        }
    }
    bail!("HelseID asks for a nonce again and again")
}

/// A new one for each request: HelseID takes each only once.
fn assertion(settings: &Settings, key: &Key) -> anyhow::Result<String> {
    let now_s = now_s();
    let header =
        json!({ "typ": "client-authentication+jwt", "alg": key.algorithm, "kid": key.kid });
    let claims = json!({
        "iss": settings.client_id,
        "sub": settings.client_id,
        "aud": settings.issuer,
        "iat": now_s,
        "nbf": now_s,
        "exp": now_s + 30,
        "jti": uuid::Uuid::new_v4().to_string(),
    });
    key.sign(&header, &claims)
}

/// A private key, and what is said of it in the header of what it signs.
struct Key {
    algorithm: String,
    kid: Option<String>,
    public_jwk: Value,
    secret: Secret,
}

enum Secret {
    Ec(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl Key {
    fn for_proofs() -> anyhow::Result<Self> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
        // The public key is a point: a mark, then two coordinates of 32 bytes.
        let point = pair.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        let (x, y) = (BASE64URL.encode(x), BASE64URL.encode(y));
        let public_jwk = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y });
        Ok(Self { algorithm: "ES256".into(), kid: None, public_jwk, secret: Secret::Ec(pair) })
    }

    fn read(text: &str) -> anyhow::Result<Self> {
        let jwk: Value = serde_json::from_str(text).context("the key is no JWK")?;
        let member = |name: &str| -> anyhow::Result<Vec<u8>> {
            let text = jwk[name].as_str().with_context(|| format!("the key has no {name}"))?;
            Ok(BASE64URL.decode(text)?)
        };
        let algorithm = match (jwk["kty"].as_str(), jwk["crv"].as_str(), jwk["alg"].as_str()) {
            (Some("EC"), Some("P-256"), _) => "ES256",
            (Some("EC"), Some("P-384"), _) => "ES384",
            (Some("RSA"), _, Some(algorithm @ ("RS256" | "PS256"))) => algorithm,
            _ => bail!(
                "this sample knows EC keys of P-256 and P-384, and RSA keys for RS256 and PS256"
            ),
        };
        let secret = if algorithm.starts_with("ES") {
            let curve = match algorithm {
                "ES256" => &ECDSA_P256_SHA256_FIXED_SIGNING,
                _ => &ECDSA_P384_SHA384_FIXED_SIGNING,
            };
            let point = [vec![4], member("x")?, member("y")?].concat();
            Secret::Ec(EcdsaKeyPair::from_private_key_and_public_key(curve, &member("d")?, &point)?)
        } else {
            Secret::Rsa(RsaKeyPair::from_components(&KeyPairComponents {
                public_key: PublicKeyComponents { n: member("n")?, e: member("e")? },
                d: member("d")?,
                p: member("p")?,
                q: member("q")?,
                dP: member("dp")?,
                dQ: member("dq")?,
                qInv: member("qi")?,
            })?)
        };
        let kid = jwk["kid"].as_str().map(str::to_owned);
        Ok(Self { algorithm: algorithm.into(), kid, public_jwk: Value::Null, secret })
    }

    /// A proof for one request. `url` is the address without its query, exactly as it is called.
    fn proof(&self, method: &str, url: &str, more: &[(&str, Value)]) -> anyhow::Result<String> {
        let header = json!({ "typ": "dpop+jwt", "alg": self.algorithm, "jwk": self.public_jwk });
        let mut claims = json!({
            "jti": uuid::Uuid::new_v4().to_string(),
            "htm": method,
            "htu": url,
            "iat": now_s(),
        });
        for (name, value) in more {
            claims[*name] = value.clone();
        }
        self.sign(&header, &claims)
    }

    fn sign(&self, header: &Value, claims: &Value) -> anyhow::Result<String> {
        let part = |value: &Value| BASE64URL.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let random = SystemRandom::new();
        let signature = match &self.secret {
            Secret::Ec(pair) => pair.sign(&random, signed.as_bytes())?.as_ref().to_vec(),
            Secret::Rsa(pair) => {
                let padding =
                    if self.algorithm == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, signed.as_bytes(), &mut signature)?;
                signature
            }
        };
        Ok(format!("{signed}.{}", BASE64URL.encode(signature)))
    }
}

/// SHA-256 in base64url: binds a proof to its token.
fn hash(text: &str) -> String {
    BASE64URL.encode(digest(&SHA256, text.as_bytes()))
}

fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let set = |name: &str| std::env::var(name).with_context(|| format!("{name} is not set"));
    let settings = Settings {
        issuer: set("ISSUER")?,
        client_id: set("CLIENT_ID")?,
        key: std::fs::read_to_string(set("KEY_FILE")?).context("KEY_FILE cannot be read")?,
        scope: set("SCOPE")?,
        api: set("API")?,
    };
    let number = std::io::read_to_string(std::io::stdin())?;
    println!("{:#}", look_up(&settings, number.trim()).await?);
    Ok(())
}
