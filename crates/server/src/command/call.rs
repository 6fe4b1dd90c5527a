//! `call`: one call of the API, signed as a client of the sandbox or of HelseID, for human eyes.

mod arguments;
mod caller;
mod exchange;
mod operation;
mod request;
pub mod show;

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use register::package::Package;
use serde_json::Value;

use self::arguments::Asked;
use self::caller::{Caller, CallerArguments, Place};
use self::exchange::{Answer, Exchange};
use self::operation::Listener;
use self::request::Request;

/// What stands below the help of `call`.
const AFTER_HELP: &str = "\
A national number on the command line stays in the shell's history and can be seen by others in the \
list of processes. With `-` in its place it is read from the input.

Without further settings the call is made as a client of the running demo, which is found by itself. \
To be a client of HelseID, set client_id and key_file in [call] of the configuration, or --client-id \
and --key-file.

Exit codes: 0 answered, 1 no answer, 2 wrong usage, 3 the request is refused (400), 4 the token is \
(401, 403), 5 not found (404), 6 try again later (429, 503), 7 a fault of the server (5xx).";

/// What to call, and as whom.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct CallArguments {
    #[command(subcommand)]
    asked: Asked,
    /// The rights package.
    #[arg(long, global = true, value_enum, default_value_t = Access::Full)]
    access: Access,
    /// The answer as JSON, unchanged but for line breaks.
    #[arg(long, global = true)]
    json: bool,
    /// Show the exchange on the error stream, without numbers, tokens, proofs and keys.
    #[arg(short, long, global = true)]
    verbose: bool,
    #[command(flatten)]
    caller: CallerArguments,
}

/// A rights package.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Access {
    /// `full-access`
    Full,
    /// `restricted-access`
    Restricted,
}

impl Access {
    fn package(self) -> Package {
        match self {
            Self::Full => Package::FullAccess,
            Self::Restricted => Package::RestrictedAccess,
        }
    }
}

/// Makes the call and prints the answer; a refusal goes to the error stream.
///
/// # Errors
/// No answer, and what to do about it.
pub async fn run(arguments: CallArguments, file: Option<&Path>) -> anyhow::Result<ExitCode> {
    let CallArguments { asked, access, json, verbose, caller } = arguments;
    let package = access.package();
    let operation = asked.operation;
    let request = Request::new(&asked, package, &mut std::io::stdin())?;
    let place = Place::find(caller, file)?;
    let exchange = Exchange { verbose };
    let answer = match operation.listener {
        Listener::Package => {
            let caller = Caller::connect(&place, package, &exchange).await?;
            exchange.signed(&place, &caller, &request).await?
        }
        Listener::Public => exchange.plain(&place, &place.api, &request).await?,
        Listener::Health => exchange.plain(&place, &place.health, &request).await?,
    };
    Ok(tell(operation.shape, &answer, json))
}

fn tell(shape: operation::Shape, answer: &Answer, json: bool) -> ExitCode {
    for name in ["Withheld-Information-Parts", "Possibly-Stale-Persons"] {
        if let Some(value) = answer.headers.get(name).and_then(|value| value.to_str().ok()) {
            eprintln!("{name}: {value}");
        }
    }
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let is_good = (200..300).contains(&answer.status);
    if json && !body.is_null() {
        println!("{body:#}");
    }
    match (is_good, json) {
        (true, false) if body.is_null() => println!("{} and nothing more", answer.status),
        (true, false) => print!("{}", show::show(shape, &body)),
        (true, true) => {}
        (false, _) => eprint!("{}", refusal(shape, answer, &body)),
    }
    ExitCode::from(exit_code(answer.status))
}

/// A problem as such; another body, as that of the health listener, as what it is.
fn refusal(shape: operation::Shape, answer: &Answer, body: &Value) -> String {
    let mut told = if body.is_object() && body["title"].is_null() {
        format!("{}\n{}", answer.status, show::show(shape, body))
    } else {
        show::show_problem(answer.status, body)
    };
    for name in ["WWW-Authenticate", "Retry-After"] {
        if let Some(value) = answer.headers.get(name).and_then(|value| value.to_str().ok()) {
            told += &format!("  {name}: {value}\n");
        }
    }
    told
}

/// The class of an answer: what a script can do about it.
fn exit_code(status: u16) -> u8 {
    match status {
        200..300 => 0,
        401 | 403 => 4,
        404 => 5,
        429 | 503 => 6,
        400..500 => 3,
        500.. => 7,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_of_answers_has_its_exit_code() {
        let expected = [
            (200, 0),
            (301, 1),
            (400, 3),
            (401, 4),
            (403, 4),
            (404, 5),
            (413, 3),
            (429, 6),
            (500, 7),
            (503, 6),
            (504, 7),
        ];
        for (status, code) in expected {
            assert_eq!(exit_code(status), code, "{status}");
        }
    }
}
