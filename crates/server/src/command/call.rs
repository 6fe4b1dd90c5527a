//! `call`: one call of the API, signed as a client of the sandbox.

use anyhow::{Context, ensure};
use clap::{Args, Subcommand, ValueEnum};
use sandbox::client::{Answer, ApiClient};

/// What to call, and as whom.
#[derive(Args)]
pub struct CallArguments {
    #[command(subcommand)]
    operation: Operation,
    /// The API's public base URL.
    #[arg(long, global = true, default_value = "http://127.0.0.1:8080")]
    api: String,
    /// The sandbox, which issues the token.
    #[arg(long, global = true, default_value = "http://127.0.0.1:8090")]
    sandbox: String,
    /// The rights package.
    #[arg(long, global = true, value_enum, default_value_t = Access::Full)]
    access: Access,
    /// Information parts, with commas between.
    #[arg(long, global = true, default_value = "Name,Birth,ResidentialAddress")]
    parts: String,
    /// Historic items too.
    #[arg(long, global = true)]
    history: bool,
}

/// A rights package.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Access {
    /// `full-access`
    Full,
    /// `restricted-access`
    Restricted,
}

#[derive(Subcommand)]
enum Operation {
    /// The person with a number; it travels in the body, never in the URL.
    GetByNin {
        /// Fødselsnummer, D-number, or another number of the person.
        nin: String,
    },
    /// The person with an id.
    GetById {
        /// The person's id.
        id: String,
    },
    /// The newest event.
    LatestEvent,
    /// Events from a number on.
    Events {
        /// The first number; from the beginning when it is left out.
        #[arg(long)]
        from: Option<i64>,
    },
}

/// Makes the call and prints the answer.
///
/// # Errors
/// No answer, or one that is no success; the problem is printed.
pub async fn run(arguments: CallArguments) -> anyhow::Result<()> {
    let (client_id, package) = match arguments.access {
        Access::Full => ("sandbox-full-access", "full-access"),
        Access::Restricted => ("sandbox-restricted-access", "restricted-access"),
    };
    let client = ApiClient::connect(&arguments.sandbox, client_id, &arguments.api)
        .await
        .with_context(|| format!("no token from the sandbox at {}", arguments.sandbox))?;
    let base = format!("/api/v3/{package}");
    let parts =
        format!("informationParts={}&includeHistory={}", arguments.parts, arguments.history);
    let answer = match &arguments.operation {
        Operation::GetByNin { nin } => {
            let path = format!("{base}/person/get-by-nin?{parts}");
            client.post_form(&path, &[("nin", nin)]).await
        }
        Operation::GetById { id } => client.get(&format!("{base}/person/{id}?{parts}")).await,
        Operation::LatestEvent => client.get(&format!("{base}/event/latest")).await,
        Operation::Events { from: None } => client.get(&format!("{base}/event")).await,
        Operation::Events { from: Some(from) } => {
            client.get(&format!("{base}/event?sequenceNumber={from}")).await
        }
    };
    show(&answer.with_context(|| format!("no answer from the API at {}", arguments.api))?)
}

fn show(answer: &Answer) -> anyhow::Result<()> {
    for name in ["Withheld-Information-Parts", "Possibly-Stale-Persons"] {
        if let Some(value) = answer.headers.get(name).and_then(|value| value.to_str().ok()) {
            eprintln!("{name}: {value}");
        }
    }
    println!("{:#}", answer.json()?);
    ensure!(answer.status == 200, "the API answered {}", answer.status);
    Ok(())
}
