//! The catalogue of problems: one row for each, published at `/problems` and in `docs/errors.md`.

/// Every problem that the API answers with. The order is that of [`CATALOGUE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// Values in the query or the body that cannot be used.
    InvalidRequest,
    /// Something that looks like an identity number in the address.
    IdentityNumberInUrl,
    /// An access token in the query.
    TokenInUrl,
    /// No `Host`, or several.
    HostNotSingle,
    /// A body that cannot be read as HTTP, or that ended before it was whole.
    BodyMalformed,
    /// The header `api-version` names another version than the path.
    VersionNotServed,
    /// No access token.
    TokenMissing,
    /// An access token that is not accepted.
    TokenInvalid,
    /// A DPoP proof that is not accepted.
    ProofInvalid,
    /// The token does not hold the scope of this rights package.
    ScopeMissing,
    /// The token names no parent organisation.
    OrganisationMissing,
    /// No person has this id or number.
    PersonNotFound,
    /// There is no event yet.
    EventNotFound,
    /// No such address.
    AddressNotFound,
    /// The address exists, the method does not.
    MethodNotAllowed,
    /// The body did not arrive in time.
    BodyTooSlow,
    /// Version 2 is not served any longer.
    VersionSwitchedOff,
    /// The body is too large.
    BodyTooLarge,
    /// The address is too long.
    UriTooLong,
    /// The body has another content type than a form.
    UnsupportedMediaType,
    /// Too many requests of this client at once.
    TooManyRequests,
    /// The header fields are too many or too long.
    HeadTooLarge,
    /// A fault of ours.
    InternalError,
    /// More requests than this server works on at once.
    Overloaded,
    /// The answer was not ready in time.
    TooSlow,
    /// The register cannot be read now.
    RegisterUnavailable,
    /// Tokens cannot be verified now.
    KeysUnavailable,
}

/// One row of the catalogue.
#[derive(Debug)]
pub struct Entry {
    /// Which problem.
    pub code: Code,
    /// The last part of the `type` address. Stable for ever.
    pub name: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// Short text, the same for every occurrence.
    pub title: &'static str,
    /// What happened.
    pub meaning: &'static str,
    /// What the caller can do about it.
    pub remedy: &'static str,
}

impl Code {
    /// The row of this problem.
    pub fn entry(self) -> &'static Entry {
        &CATALOGUE[self as usize]
    }
}

/// The row with this name.
pub fn find(name: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.name == name)
}

/// All problems.
pub static CATALOGUE: &[Entry] = &[
    Entry {
        code: Code::InvalidRequest,
        name: "invalid-request",
        status: 400,
        title: "The request has values that cannot be used",
        meaning: "One or more parameters or form fields are missing, malformed or out of range. \
                  `errors` names every one of them, by field.",
        remedy: "Correct the fields in `errors` and send the request again.",
    },
    Entry {
        code: Code::IdentityNumberInUrl,
        name: "identity-number-in-url",
        status: 400,
        title: "An address must not hold an identity number",
        meaning: "The path or the query holds 11 or 12 digits in a row. Addresses end up in logs \
                  on their way, so identity numbers are never accepted there, and the value is \
                  neither repeated nor logged here.",
        remedy: "Send the number in the body: POST person/get-by-nin or person/bulk-by-nin. \
                 GET person/{id} takes the person's id.",
    },
    Entry {
        code: Code::TokenInUrl,
        name: "token-in-url",
        status: 400,
        title: "An address must not hold an access token",
        meaning: "The query has a parameter `access_token`.",
        remedy: "Send the token in the header `Authorization: DPoP <token>`, and regard the one \
                 that was sent in the address as disclosed.",
    },
    Entry {
        code: Code::HostNotSingle,
        name: "host-not-single",
        status: 400,
        title: "A request names one host",
        meaning: "The request has no `Host` header, or more than one. HTTP/1.1 wants just one, and \
                  two readers of the same request could tell them apart differently.",
        remedy: "Send one `Host` header.",
    },
    Entry {
        code: Code::BodyMalformed,
        name: "body-malformed",
        status: 400,
        title: "The body cannot be read",
        meaning: "The body is chunked in a way that HTTP does not know, or it ended before it was \
                  whole.",
        remedy: "Send the body with a `Content-Length` of its own size, and the request again.",
    },
    Entry {
        code: Code::VersionNotServed,
        name: "version-not-served",
        status: 400,
        title: "The header names a version that this address does not serve",
        meaning: "The header `api-version` names another version than the address belongs to. \
                  Versions 0.5 and 1.0 to 1.6 are not served any more. Version 2 has the \
                  addresses /api/legal-basis and /api/no-legal-basis; version 3 has \
                  /api/v3/full-access and /api/v3/restricted-access.",
        remedy: "Send `api-version: 2` to the addresses of version 2 and `api-version: 3` to those \
                 of version 3, once, or leave the header out: the address decides.",
    },
    Entry {
        code: Code::TokenMissing,
        name: "token-missing",
        status: 401,
        title: "The request needs an access token",
        meaning: "There is no `Authorization` header.",
        remedy: "Get an access token from HelseID and send it as `Authorization: DPoP <token>` \
                 together with a proof in the header `DPoP`; in version 2, without a proof, as \
                 `Authorization: Bearer <token>`.",
    },
    Entry {
        code: Code::TokenInvalid,
        name: "token-invalid",
        status: 401,
        title: "The access token is not accepted",
        meaning: "The token is malformed, expired, not signed by HelseID, meant for another API, \
                  or sent with another scheme than DPoP (version 3) or Bearer (version 2).",
        remedy: "Get a new token for this API's audience: bound to a key and sent as DPoP in \
                 version 3, bound to none and sent as Bearer in version 2. A bound token is never \
                 accepted as Bearer. Check that exactly one `Authorization` header is sent.",
    },
    Entry {
        code: Code::ProofInvalid,
        name: "proof-invalid",
        status: 401,
        title: "The DPoP proof is not accepted",
        meaning: "The proof is missing, malformed, too old, used before, signed with another key \
                  than the token is bound to, or made for another method, address or token.",
        remedy: "Make a new proof for every request, over the method and the address exactly as \
                 sent, without the query, and check the clock. Send exactly one `DPoP` header.",
    },
    Entry {
        code: Code::ScopeMissing,
        name: "scope-missing",
        status: 403,
        title: "The token does not open this rights package",
        meaning: "The token is valid, but does not hold the scope that this address needs.",
        remedy: "Ask HelseID for the scope named in the `WWW-Authenticate` header, or use the \
                 addresses of the package that the token opens.",
    },
    Entry {
        code: Code::OrganisationMissing,
        name: "organisation-missing",
        status: 403,
        title: "The token names no parent organisation",
        meaning: "Every call in version 3 is made on behalf of an organisation, and the token must \
                  say which: the claim for the parent organisation's number is absent.",
        remedy: "Check the client's set-up in HelseID; a client for many organisations must name \
                 the parent organisation when it asks for the token.",
    },
    Entry {
        code: Code::PersonNotFound,
        name: "person-not-found",
        status: 404,
        title: "No person found",
        meaning: "No person in the register has this id or identity number.",
        remedy: "Check the value. An id never changes, and an old number leads to its person, so \
                 there is no need to try again later.",
    },
    Entry {
        code: Code::EventNotFound,
        name: "event-not-found",
        status: 404,
        title: "There is no event yet",
        meaning: "The event feed is empty for this rights package.",
        remedy: "Ask again later.",
    },
    Entry {
        code: Code::AddressNotFound,
        name: "address-not-found",
        status: 404,
        title: "No such address",
        meaning: "Nothing is served at this path.",
        remedy: "Compare the path with the interface description at /swagger/v3/swagger.json.",
    },
    Entry {
        code: Code::MethodNotAllowed,
        name: "method-not-allowed",
        status: 405,
        title: "The address does not know this method",
        meaning: "Something is served at this path, but for another method.",
        remedy: "Use a method named in the `Allow` header.",
    },
    Entry {
        code: Code::BodyTooSlow,
        name: "body-too-slow",
        status: 408,
        title: "The body did not arrive in time",
        meaning: "The request's head came, but its body was not complete in time.",
        remedy: "Send the request again; check the network between client and server.",
    },
    Entry {
        code: Code::VersionSwitchedOff,
        name: "version-switched-off",
        status: 410,
        title: "Version 2 is not served any longer",
        meaning: "The address belongs to version 2 of the interface, which has been switched off \
                  for good here.",
        remedy: "Call version 3: /api/v3/full-access instead of /api/legal-basis and \
                 /api/v3/restricted-access instead of /api/no-legal-basis, with its scopes and \
                 DPoP. The interface description is at /swagger/v3/swagger.json.",
    },
    Entry {
        code: Code::BodyTooLarge,
        name: "body-too-large",
        status: 413,
        title: "The body is too large",
        meaning: "The body is larger than any request of this API can be.",
        remedy: "Send at most 100 ids or numbers in a request.",
    },
    Entry {
        code: Code::UriTooLong,
        name: "uri-too-long",
        status: 414,
        title: "The address is too long",
        meaning: "The path and query together are longer than any request of this API can be.",
        remedy: "Name each value of a parameter once.",
    },
    Entry {
        code: Code::UnsupportedMediaType,
        name: "unsupported-media-type",
        status: 415,
        title: "The body must be a form",
        meaning: "The `Content-Type` is missing or another than application/x-www-form-urlencoded.",
        remedy: "Send the fields as application/x-www-form-urlencoded, not as JSON.",
    },
    Entry {
        code: Code::TooManyRequests,
        name: "too-many-requests",
        status: 429,
        title: "Too many requests at once",
        meaning: "This client already has as many requests in progress as one client may have.",
        remedy: "Wait as long as `Retry-After` says, and keep fewer requests in flight; ask for \
                 up to 100 persons in one request.",
    },
    Entry {
        code: Code::HeadTooLarge,
        name: "head-too-large",
        status: 431,
        title: "The header fields are too many or too long",
        meaning: "The names and values of the request's header fields are together longer than \
                  any request of this API needs, or there are more fields than that.",
        remedy: "Send the token and the proof, and leave out what the API does not ask for; \
                 cookies have no meaning here.",
    },
    Entry {
        code: Code::InternalError,
        name: "internal-error",
        status: 500,
        title: "Something failed on our side",
        meaning: "A fault of ours. It is logged under the answer's `traceId`.",
        remedy: "Try again once; if it fails again, report the `traceId`.",
    },
    Entry {
        code: Code::Overloaded,
        name: "overloaded",
        status: 503,
        title: "The server is busy",
        meaning: "The server already works on as many requests as it can; this one was not begun.",
        remedy: "Wait as long as `Retry-After` says, and send the request again.",
    },
    Entry {
        code: Code::TooSlow,
        name: "too-slow",
        status: 503,
        title: "The answer was not ready in time",
        meaning: "The request was given up because it took too long.",
        remedy: "Wait as long as `Retry-After` says, and send the request again.",
    },
    Entry {
        code: Code::RegisterUnavailable,
        name: "register-unavailable",
        status: 503,
        title: "The register cannot be read now",
        meaning: "The database did not answer, or the register is being loaded for the first time and \
                  cannot be searched yet. Nothing is wrong with the request.",
        remedy: "Wait as long as `Retry-After` says, and send the request again.",
    },
    Entry {
        code: Code::KeysUnavailable,
        name: "keys-unavailable",
        status: 503,
        title: "Tokens cannot be verified now",
        meaning: "HelseID's keys could not be fetched, and those held are missing or too old.",
        remedy: "Wait as long as `Retry-After` says, and send the request again.",
    },
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_finds_its_own_row() {
        for (index, entry) in CATALOGUE.iter().enumerate() {
            assert_eq!(entry.code as usize, index, "{}", entry.name);
            assert_eq!(entry.code.entry().name, entry.name);
            assert!(std::ptr::eq(find(entry.name).expect("found by name"), entry));
        }
        assert_eq!(Code::KeysUnavailable as usize + 1, CATALOGUE.len());
    }

    #[test]
    fn names_are_unique_and_fit_an_address() {
        let names: HashSet<_> = CATALOGUE.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), CATALOGUE.len());
        for name in names {
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{name}");
        }
    }

    #[test]
    fn every_row_is_an_error_with_a_remedy() {
        for entry in CATALOGUE {
            assert!((400..600).contains(&entry.status));
            assert!(entry.meaning.ends_with('.') && entry.remedy.ends_with('.'), "{}", entry.name);
            assert!(!entry.title.ends_with('.'), "{}", entry.name);
        }
    }
}
