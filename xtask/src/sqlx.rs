//! The committed descriptions of the store's queries (`.sqlx`): written by the query macros while
//! the store is compiled against a migrated scratch database.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::checkout::{Checkout, random_hex, remove};
use crate::instance::Instance;
use crate::postgres::psql;
use crate::process::cargo;
use crate::progress::step;
use crate::{services, setup};

/// `cargo xtask sqlx`: writes the folder anew.
pub fn write(checkout: &Checkout) -> Result<ExitCode> {
    let instance = Instance::open(checkout, "sqlx")?;
    instance.stop_left_over()?;
    setup::ensure(checkout)?;
    let services = services::for_tests(checkout, &instance)?;
    let described = step("Describing the store's queries", || {
        describe(checkout, &instance, &services.endpoints.database)
    })?;
    drop(services);
    services::remove_data(checkout, &instance)?;
    let committed = checkout.root.join(".sqlx");
    remove(&committed)?;
    fs::create_dir(&committed)?;
    for (name, text) in &described {
        fs::write(committed.join(name), text)?;
    }
    println!("{} queries are described in .sqlx", described.len());
    Ok(ExitCode::SUCCESS)
}

/// Fails unless the committed folder is what `write` would make of it now.
pub fn compare(checkout: &Checkout, instance: &Instance, database: &str) -> Result<()> {
    let committed = read(&checkout.root.join(".sqlx"))?;
    if committed == describe(checkout, instance, database)? {
        return Ok(());
    }
    bail!("the committed .sqlx folder is not what the store's queries are: run `cargo xtask sqlx`")
}

/// File name and content for each query.
type Described = BTreeMap<String, String>;

fn read(folder: &Path) -> Result<Described> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries
        .map(|entry| {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            Ok((name, fs::read_to_string(entry.path())?))
        })
        .collect()
}

fn describe(checkout: &Checkout, instance: &Instance, database: &str) -> Result<Described> {
    let unique = random_hex::<6>()?;
    let name = format!("xtask_sqlx_{unique}");
    psql(database, &["-c", &format!("CREATE DATABASE {name}")])?;
    let described = migrate(checkout, &in_database(database, &name))
        .and_then(|()| compile(instance, &in_database(database, &name), &unique));
    psql(database, &["-c", &format!("DROP DATABASE {name} WITH (FORCE)")])?;
    described
}

/// The same server and user, another database.
fn in_database(url: &str, name: &str) -> String {
    let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
    let server = address.rsplit_once('/').map_or(address, |(server, _)| server);
    let mark = if parameters.is_empty() { "" } else { "?" };
    format!("{server}/{name}{mark}{parameters}")
}

fn migrate(checkout: &Checkout, url: &str) -> Result<()> {
    let mut files: Vec<PathBuf> = fs::read_dir(checkout.root.join("migrations"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_, std::io::Error>>()?;
    files.retain(|file| {
        let name = file.to_string_lossy();
        name.ends_with(".sql") && !name.ends_with(".down.sql")
    });
    // The names begin with the time at which they were written.
    files.sort();
    for file in files {
        let path = file.to_string_lossy();
        let text = fs::read_to_string(&file)?;
        let alone = text.starts_with("-- no-transaction");
        let transaction: &[&str] = if alone { &[] } else { &["--single-transaction"] };
        psql(url, &[transaction, &["-f", &*path]].concat())
            .with_context(|| format!("migration {path}"))?;
    }
    Ok(())
}

fn compile(instance: &Instance, url: &str, unique: &str) -> Result<Described> {
    let scratch = instance.dir.join("described");
    remove(&scratch)?;
    fs::create_dir_all(&scratch)?;
    let mut command = cargo();
    command.args(["rustc", "-p", "store", "--lib", "--profile", "check", "--"]);
    // Cargo cannot know that the macros' answers depend on a database. A flag it has not seen
    // makes it compile the store again, and nothing else.
    command.args(["--cfg", &format!("described_{unique}")]);
    command.env("DATABASE_URL", url).env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", &scratch);
    instance.run_quietly("cargo", &mut command)?;
    let described = read(&scratch)?;
    remove(&scratch)?;
    Ok(described)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_named_in_the_address() {
        let url = "postgres://u:p@127.0.0.1:5432/postgres";
        assert_eq!(in_database(url, "x"), "postgres://u:p@127.0.0.1:5432/x");
        assert_eq!(in_database("postgres://h/a?b=/c", "x"), "postgres://h/x?b=/c");
    }
}
