//! `dictionary`: trains the zstd dictionaries of the served forms on synthetic persons.
//!
//! Never on real ones: a dictionary holds fragments of its samples in clear.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use ingest::apply::document::prepare;
use register::package::Package;
use register::render::{Circumstances, render};
use sandbox::population::Population;

/// What to train on, and where the dictionaries go.
#[derive(Args)]
pub struct DictionaryArguments {
    /// Folder for `served-full-VERSION.dict` and `served-restricted-VERSION.dict`.
    #[arg(long, default_value = "crates/store/dictionaries")]
    folder: PathBuf,
    /// Version in the files' names. A version that has served is never trained again.
    #[arg(long)]
    version: u32,
    /// How many persons to train on.
    #[arg(long, default_value_t = 20_000)]
    persons: u64,
    /// Seed of the population.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Trains both dictionaries.
///
/// # Errors
/// When a person cannot be read, or a file not be written.
pub fn run(arguments: &DictionaryArguments) -> anyhow::Result<()> {
    let population = Population::new(arguments.seed, arguments.persons);
    let mut forms: [Vec<Vec<u8>>; 2] = Default::default();
    for index in 0..arguments.persons {
        let document = population.document(index);
        let document = prepare(std::str::from_utf8(&document)?)
            .with_context(|| format!("person {index} of the population cannot be read"))?;
        for (forms, package) in
            forms.iter_mut().zip([Package::FullAccess, Package::RestrictedAccess])
        {
            let circumstances = Circumstances { protection_uncertain: false };
            forms.push(render(&document.person, package, &circumstances));
        }
    }
    for (forms, name) in forms.iter().zip(["full", "restricted"]) {
        let dictionary = store::blob::train(forms)?;
        let file = arguments.folder.join(format!("served-{name}-{}.dict", arguments.version));
        std::fs::write(&file, &dictionary)
            .with_context(|| format!("{} cannot be written", file.display()))?;
        eprintln!("{}: {} bytes from {} persons", file.display(), dictionary.len(), forms.len());
    }
    Ok(())
}
