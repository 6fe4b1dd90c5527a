// Calls a running API with the types that were generated from its two documents: lookups, a
// search and the event feed, in both versions and both rights packages.
//
//   API=… ISSUER=… node built/clients.js          (ISSUER is the sandbox's HelseID)

import createClient from "openapi-fetch";
import { bearer, type Client, type Headers, proven } from "./helseid.js";
import type { components, paths as V2 } from "./v2.js";
import type { paths as V3 } from "./v3.js";

const API = process.env["API"] ?? "";
const ISSUER = process.env["ISSUER"] ?? "";
const SCOPES = "nhn:hgd-persontjenesten-api/";

function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

/** What was answered; a refusal is an error. */
function good<T>(answer: { data?: T; response: Response }): T {
  must(answer.data !== undefined, `${answer.response.url} is answered ${answer.response.status}`);
  return answer.data;
}

async function sandbox<T>(path: string): Promise<T> {
  const answer = await fetch(ISSUER + path);
  must(answer.ok, `${path} is answered ${answer.status}`);
  return await answer.json() as T;
}

function client<Paths extends {}>(headers: Headers) {
  const made = createClient<Paths>({ baseUrl: API });
  made.use({
    onRequest({ request }) {
      const values = headers(request.method, request.url);
      Object.entries(values).forEach(([name, value]) => request.headers.set(name, value));
    },
  });
  return made;
}

const FORM = { "Content-Type": "application/x-www-form-urlencoded" };
const PARTS: components["schemas"]["InformationPart"][] = ["Name", "Birth", "ResidentialAddress"];

async function version3(headers: Headers, scope: "full-access" | "restricted-access", nin: string) {
  const api = client<V3>(headers);
  const query = { informationParts: PARTS };
  const person = good(await api.POST(`/api/v3/${scope}/person/get-by-nin`, {
    params: { query }, body: { nin }, headers: FORM,
  }));
  const [name] = person.name ?? [];
  const [birth] = person.birth ?? [];
  const found = good(await api.POST(`/api/v3/${scope}/search/person`, {
    params: { query }, headers: FORM,
    body: { FamilyName: name?.familyName, BirthDate: birth?.birthDate?.slice(0, 10) },
  }));
  must(found.results?.some(({ id }) => id === person.id) ?? false, "the search does not find them");
  const ids = good(await api.POST(`/api/v3/${scope}/search/paged-match-list`, {
    body: { PageSize: 50 }, headers: FORM,
  }));
  const persons = good(await api.POST(`/api/v3/${scope}/person/bulk-by-id`, {
    params: { query }, body: { personIds: ids.results ?? [] }, headers: FORM,
  }));
  must(persons.length === 50, `${persons.length} persons`);
  const feed = good(await api.GET(`/api/v3/${scope}/event`, {
    params: { query: { sequenceNumber: 1, eventTypes: ["PersonPopulated"], maxLimit: 10 } },
  }));
  must(feed.results?.length === 10, `${feed.results?.length} events`);
  console.log(`typescript: v3 ${scope}: lookups, searches, events`);
}

async function version2(headers: Headers, scope: "legal-basis" | "no-legal-basis", nin: string) {
  const api = client<V2>(headers);
  const query = { informationParts: PARTS };
  const header = { "api-version": "2" };
  const person = good(await api.POST(`/api/${scope}/person/get-by-nin`, {
    params: { query, header }, body: { nin }, headers: FORM,
  }));
  const [name] = person.name ?? [];
  const [birth] = person.birth ?? [];
  const found = good(await api.POST(`/api/${scope}/search/person`, {
    params: { query, header }, headers: FORM,
    body: { FamilyName: name?.familyName, BirthDate: birth?.birthDate?.slice(0, 10) },
  }));
  must(found.results?.some(({ id }) => id === person.id) ?? false, "the search does not find them");
  const feed = good(await api.GET(`/api/${scope}/event`, {
    params: { query: { sequenceNumber: 1, eventTypes: ["PersonPopulated"] }, header },
  }));
  must((feed.results?.length ?? 0) >= 100, `${feed.results?.length} events`);
  console.log(`typescript: v2 ${scope}: a lookup, a search, events`);
}

interface Registered { client_id: string; private_jwk: Client["jwk"] }
const clients = await sandbox<Registered[]>("/sandbox/clients");
const both = clients.find(({ client_id }) => client_id === "sandbox-both");
must(both !== undefined, "the sandbox has no client for both packages");
const us: Client = { id: both.client_id, jwk: both.private_jwk };
const { persons } = await sandbox<{ persons: { number: string; trait: string }[] }>(
  "/sandbox/page/persons");
const plain = persons.find((person) => person.trait === "plain");
must(plain !== undefined, "the sandbox has no ordinary person");

for (const scope of ["full-access", "restricted-access"] as const) {
  await version3(await proven(ISSUER, us, SCOPES + scope), scope, plain.number);
}
for (const scope of ["legal-basis", "no-legal-basis"] as const) {
  const wanted = scope === "legal-basis" ? "read-with-legal-basis" : "read-no-legal-basis";
  await version2(await bearer(ISSUER, us, SCOPES + wanted), scope, plain.number);
}
