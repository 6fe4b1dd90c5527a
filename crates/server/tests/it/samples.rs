//! The samples of the documentation do what they say, against a register and the sandbox's HelseID.

#[expect(dead_code, reason = "its `main` is for the command line")]
#[path = "../../../../docs/samples/rust/main.rs"]
mod rust;

use crate::register::{Register, sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_in_rust_looks_a_person_up() {
    let sandbox = sandbox(50, 8).await;
    let served = Register::of(&sandbox).await.serve(&sandbox).await;
    let number = sandbox.numbers(1).await.remove(0);
    // One client with an elliptic-curve key, one with an RSA key.
    for (client, package) in
        [("sandbox-full-access", "full-access"), ("sandbox-restricted-access", "restricted-access")]
    {
        let settings = rust::Settings {
            issuer: sandbox.url.clone(),
            client_id: client.to_owned(),
            key: std::fs::read_to_string(sandbox.key_of(client).await).unwrap(),
            scope: format!("nhn:hgd-persontjenesten-api/{package}"),
            api: served.url.clone(),
        };
        let person = rust::look_up(&settings, &number).await.expect("a person");
        assert!(person["name"][0]["familyName"].is_string(), "{client}");
        assert!(rust::look_up(&settings, "30908299902").await.is_err(), "nobody has this number");
    }
}
