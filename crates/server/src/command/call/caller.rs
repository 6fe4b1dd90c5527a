//! Where the API is, and as whom it is called: the running demo's client, or a client of HelseID.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, anyhow, bail, ensure};
use clap::Args;
use register::package::Package;
use reqwest::Url;
use sandbox::client::{ApiClient, ClientError, Credentials};
use serde_json::Value;

use super::exchange::Exchange;
use crate::config::{CallConfig, Config};

/// Where the demo of a checkout writes its configuration.
const DEMO_FILE: &str = ".local/demo/persontjenesten.toml";
/// Where the sandbox listens unless it is told otherwise.
const SANDBOX: &str = "http://127.0.0.1:8090";

/// Whereabouts and identity, over what is configured.
#[derive(Args)]
pub struct CallerArguments {
    /// The API's public base URL; proofs are made for it, so it must be the one configured there.
    #[arg(long, global = true)]
    api: Option<String>,
    /// The API's listener for health.
    #[arg(long, global = true)]
    health: Option<String>,
    /// The sandbox, whose ready-made clients are used.
    #[arg(long, global = true, conflicts_with_all = ["client_id", "key_file"])]
    sandbox: Option<String>,
    /// HelseID, as it names itself.
    #[arg(long, global = true)]
    issuer: Option<String>,
    /// A client at HelseID.
    #[arg(long, global = true)]
    client_id: Option<String>,
    /// File with the client's private key as a JWK, which only its owner may read.
    #[arg(long, global = true)]
    key_file: Option<PathBuf>,
    /// The scope to ask for; that of the rights package when it is left out.
    #[arg(long, global = true)]
    scope: Option<String>,
}

/// Where everything is, and how it was found.
pub struct Place {
    /// The API's public base URL.
    pub api: String,
    /// The API's health listener.
    pub health: String,
    /// How the API was found, for an error text.
    pub api_found: String,
    sandbox_found: String,
    identity: Identity,
    config: Config,
}

enum Identity {
    /// One of the ready-made clients of the sandbox at this address.
    Sandbox(String),
    /// A client of HelseID.
    HelseId(CallConfig),
}

impl Place {
    /// Reads the configuration that was named, or that of the nearest demo, and what the command
    /// line says over it.
    ///
    /// # Errors
    /// A configuration that cannot be used, or half an identity.
    pub fn find(arguments: CallerArguments, file: Option<&Path>) -> anyhow::Result<Place> {
        let demo = match file {
            Some(_) => None,
            None => demo_file(&std::env::current_dir().context("there is no current directory")?),
        };
        let file = file.map(Path::to_owned).or(demo);
        let config = Config::load(file.as_deref())?;
        let found = match &file {
            Some(file) => format!("as {} says", file.display()),
            None => "the default, since no demo's configuration was found here or above".to_owned(),
        };
        let call = over(&config.call, &arguments);
        let said = |flag: &str, given: &Option<String>| match given {
            Some(_) => format!("as {flag} says"),
            None => found.clone(),
        };
        let api_found = said("--api", &arguments.api);
        let sandbox_found = said("--sandbox", &arguments.sandbox);
        let api = arguments.api.unwrap_or_else(|| match call.api_url.as_str() {
            "" => config.api.public_base_url.clone(),
            url => url.to_owned(),
        });
        let health =
            arguments.health.unwrap_or_else(|| format!("http://{}", config.api.health_listen));
        let identity = identity(arguments.sandbox, call, &config)?;
        let trimmed = |url: String| url.trim_end_matches('/').to_owned();
        Ok(Place {
            api: trimmed(api),
            health: trimmed(health),
            api_found,
            sandbox_found,
            identity,
            config,
        })
    }
}

/// The command line's settings over those of the file.
fn over(config: &CallConfig, arguments: &CallerArguments) -> CallConfig {
    let text = |given: &Option<String>, set: &String| given.as_ref().unwrap_or(set).clone();
    CallConfig {
        api_url: config.api_url.clone(),
        issuer: text(&arguments.issuer, &config.issuer),
        client_id: text(&arguments.client_id, &config.client_id),
        key_file: arguments.key_file.as_ref().unwrap_or(&config.key_file).clone(),
        scope: text(&arguments.scope, &config.scope),
    }
}

fn identity(
    sandbox: Option<String>,
    call: CallConfig,
    config: &Config,
) -> anyhow::Result<Identity> {
    if let Some(url) = sandbox {
        return Ok(Identity::Sandbox(url));
    }
    let issuer = &config.api.helseid.issuer;
    let (has_client, has_key) = (!call.client_id.is_empty(), call.key_file != Path::new(""));
    match (has_client, has_key) {
        (true, true) if call.issuer.is_empty() => {
            Ok(Identity::HelseId(CallConfig { issuer: issuer.clone(), ..call }))
        }
        (true, true) => Ok(Identity::HelseId(call)),
        (true, false) => bail!("the client has no key: set --key-file, or key_file in [call]"),
        (false, true) => bail!("whose key is it? Set --client-id, or client_id in [call]"),
        // The sandbox plays HelseID on this machine.
        (false, false) if is_on_this_machine(issuer) => Ok(Identity::Sandbox(issuer.clone())),
        (false, false) => Ok(Identity::Sandbox(SANDBOX.to_owned())),
    }
}

fn is_on_this_machine(url: &str) -> bool {
    let host = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.is_some_and(|host| ["127.0.0.1", "localhost", "[::1]"].contains(&host.as_str()))
}

fn demo_file(from: &Path) -> Option<PathBuf> {
    from.ancestors().map(|folder| folder.join(DEMO_FILE)).find(|file| file.is_file())
}

/// A client with a token.
pub struct Caller {
    /// Makes the proofs.
    pub client: ApiClient,
    /// The access token.
    pub token: String,
}

impl Caller {
    /// Gets a token for the package.
    ///
    /// # Errors
    /// No token, and what to do about it.
    pub async fn connect(
        place: &Place,
        package: Package,
        exchange: &Exchange,
    ) -> anyhow::Result<Caller> {
        let started = Instant::now();
        let (issuer, client_id, client) = match &place.identity {
            Identity::Sandbox(url) => {
                let id = format!("sandbox-{}", package.name());
                let client = ApiClient::connect(url, &id, &place.api).await;
                (url, id, client.map_err(|error| no_sandbox(error, url, place))?)
            }
            Identity::HelseId(call) => {
                let credentials = credentials(call, place, package)?;
                let client = ApiClient::with_credentials(credentials, &place.api).await;
                (&call.issuer, call.client_id.clone(), client.map_err(|e| no_token(e, call))?)
            }
        };
        let token = client.access_token().await.map_err(|error| match &place.identity {
            Identity::Sandbox(url) => no_sandbox(error, url, place),
            Identity::HelseId(call) => no_token(error, call),
        })?;
        exchange.note(&format!(
            "a DPoP-bound token for {client_id} from {issuer} in {} ms",
            started.elapsed().as_millis()
        ));
        Ok(Caller { client, token })
    }
}

fn credentials(call: &CallConfig, place: &Place, package: Package) -> anyhow::Result<Credentials> {
    let helseid = &place.config.api.helseid;
    let scope = match (call.scope.as_str(), package) {
        ("", Package::FullAccess) => &helseid.full_access_scope,
        ("", Package::RestrictedAccess) => &helseid.restricted_access_scope,
        (scope, _) => scope,
    };
    Ok(Credentials {
        issuer: call.issuer.clone(),
        client_id: call.client_id.clone(),
        private_jwk: read_key(&call.key_file)?,
        scope: scope.to_owned(),
    })
}

/// The key in a file that nobody else may read. Nothing of the file is in an error.
fn read_key(file: &Path) -> anyhow::Result<Value> {
    let shown = file.display();
    let mode = std::fs::metadata(file)
        .with_context(|| format!("the key file {shown} cannot be read (--key-file, [call])"))?
        .permissions()
        .mode();
    ensure!(
        mode & 0o077 == 0,
        "the key file {shown} can be read by others than its owner: chmod 600 {shown}"
    );
    let text = std::fs::read(file).with_context(|| format!("{shown} cannot be read"))?;
    let key: Option<Value> = serde_json::from_slice(&text).ok();
    let key = key.filter(|key| key["d"].is_string());
    key.with_context(|| format!("the key file {shown} holds no private key as a JWK"))
}

fn no_sandbox(error: ClientError, url: &str, place: &Place) -> anyhow::Error {
    let what_to_do = format!(
        "no token from the sandbox at {url} ({}). Start one with `cargo xtask demo`, or say where \
         it is with --sandbox and --api. To call as a client of HelseID, set client_id and key_file \
         in [call] of the configuration, or --client-id and --key-file",
        place.sandbox_found
    );
    anyhow!(error).context(what_to_do)
}

fn no_token(error: ClientError, call: &CallConfig) -> anyhow::Error {
    let what_to_do = match &error {
        ClientError::Http(_) => "check the issuer and the network",
        ClientError::Refused { .. } => {
            "check the client's id, key and scopes in HelseID's self-service, and the clock"
        }
        ClientError::Key(_) => {
            "the key must be a JWK with all its members; an RSA key must say its `alg`"
        }
        ClientError::Unreadable | ClientError::UnknownClient => "is the issuer really HelseID?",
    };
    let context = format!("no token from {} for {}: {what_to_do}", call.issuer, call.client_id);
    anyhow!(error).context(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity_of(call: CallConfig, issuer: &str) -> anyhow::Result<Identity> {
        let mut config = Config::default();
        config.api.helseid.issuer = issuer.to_owned();
        identity(None, call, &config)
    }

    #[test]
    fn the_sandbox_is_used_unless_there_is_a_client() {
        let real = "https://helseid-sts.test.nhn.no";
        for (issuer, expected) in [(real, SANDBOX), ("http://127.0.0.1:9", "http://127.0.0.1:9")] {
            let found = identity_of(CallConfig::default(), issuer).unwrap();
            assert!(matches!(found, Identity::Sandbox(url) if url == expected));
        }
        let client = CallConfig {
            client_id: "c".to_owned(),
            key_file: "key.jwk".into(),
            ..CallConfig::default()
        };
        let found = identity_of(client.clone(), real).unwrap();
        assert!(matches!(found, Identity::HelseId(call) if call.issuer == real));
        let half = CallConfig { key_file: PathBuf::new(), ..client };
        assert!(identity_of(half, real).is_err());
    }

    #[test]
    fn the_nearest_demo_is_found_from_below() {
        let root = std::env::temp_dir().join(format!("call-{}", std::process::id()));
        let below = root.join("a/b");
        std::fs::create_dir_all(&below).unwrap();
        std::fs::create_dir_all(root.join(".local/demo")).unwrap();
        assert_eq!(demo_file(&below), None);
        std::fs::write(root.join(DEMO_FILE), "").unwrap();
        assert_eq!(demo_file(&below), Some(root.join(DEMO_FILE)));
        std::fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_key_that_others_can_read_is_refused_and_never_shown() {
        let file = std::env::temp_dir().join(format!("call-key-{}", std::process::id()));
        let fault = |text: &str, mode: u32| {
            std::fs::write(&file, text).unwrap();
            std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
            read_key(&file).map_err(|error| format!("{error:#}"))
        };
        assert!(fault(r#"{"d":"c2VjcmV0"}"#, 0o644).unwrap_err().contains("chmod 600"));
        assert!(fault(r#"{"d":"c2VjcmV0"}"#, 0o600).is_ok());
        for wrong in ["c2VjcmV0", r#"{"kty":"EC","x":"c2VjcmV0"}"#] {
            let told = fault(wrong, 0o600).unwrap_err();
            assert!(told.contains("no private key") && !told.contains("c2VjcmV0"), "{told}");
        }
        std::fs::remove_file(file).unwrap();
    }
}
