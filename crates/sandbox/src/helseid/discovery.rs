//! HelseID's metadata document, with the member names and values of the real one.

use serde_json::{Value, json};

/// The metadata of this issuer. What is listed and has no route here (`authorize`, `userinfo` …) is
/// for people, whom the sandbox does not know.
pub(super) fn document(issuer: &str) -> Value {
    let at = |path: &str| format!("{issuer}{path}");
    json!({
        "issuer": issuer,
        "jwks_uri": at("/.well-known/openid-configuration/jwks"),
        "authorization_endpoint": at("/connect/authorize"),
        "token_endpoint": at("/connect/token"),
        "userinfo_endpoint": at("/connect/userinfo"),
        "end_session_endpoint": at("/connect/endsession"),
        "check_session_iframe": at("/connect/checksession"),
        "revocation_endpoint": at("/connect/revocation"),
        "introspection_endpoint": at("/connect/introspect"),
        "device_authorization_endpoint": at("/connect/deviceauthorization"),
        "backchannel_authentication_endpoint": at("/connect/ciba"),
        "pushed_authorization_request_endpoint": at("/connect/par"),
        "require_pushed_authorization_requests": false,
        "frontchannel_logout_supported": true,
        "frontchannel_logout_session_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "claims_supported": [
            "helseid://claims/client/client_name",
            "helseid://claims/client/client_tenancy",
            "helseid://claims/client/claims/orgnr_parent",
            "helseid://claims/client/claims/orgnr_child",
            "helseid://claims/client/claims/orgnr_supplier",
            "client_amr",
        ],
        "scopes_supported": ["openid", "profile", "offline_access"],
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["form_post", "query", "fragment"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "subject_types_supported": ["public"],
        "code_challenge_methods_supported": ["S256"],
        "request_parameter_supported": true,
        "request_object_signing_alg_values_supported": algorithm_names(),
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "authorization_response_iss_parameter_supported": true,
        "backchannel_token_delivery_modes_supported": ["poll"],
        "backchannel_user_code_parameter_supported": true,
        "dpop_signing_alg_values_supported": algorithm_names(),
        "expired_jwks_uri": at("/connect/expiredjwks"),
        "available_idps": at("/connect/availableidps"),
    })
}

fn algorithm_names() -> Vec<&'static str> {
    helseid::Algorithm::ALL.into_iter().map(helseid::Algorithm::name).collect()
}
