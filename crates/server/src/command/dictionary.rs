//! `dictionary`: trains the zstd dictionaries on what a register of synthetic persons holds.
//!
//! Never on real ones: a dictionary holds fragments of its samples in clear, and is part of the
//! program. A register with a single person whose number is of another series is refused.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use ingest::apply::contact::contact_associated_data;
use ingest::apply::render::source_associated_data;
use register::id::{IdentityNumber, PersonId};
use store::{Store, StoredPerson, blob};

use crate::config::Config;

/// How many persons are read at once.
const AT_ONCE: i64 = 1_000;

/// What to train on, and where the dictionaries go.
#[derive(Args)]
pub struct DictionaryArguments {
    /// Folder for the files, whose names end in the version and `.dict`.
    #[arg(long, default_value = "crates/store/dictionaries")]
    folder: PathBuf,
    /// Version in the files' names. A version that has been used is never trained again.
    #[arg(long)]
    version: u32,
    /// How many persons to train on at most.
    #[arg(long, default_value_t = 20_000)]
    persons: i64,
}

/// What dictionaries are trained on.
#[derive(Default)]
struct Samples {
    full: Vec<Vec<u8>>,
    restricted: Vec<Vec<u8>>,
    /// What sources say: documents and contact details.
    source: Vec<Vec<u8>>,
}

/// Trains a dictionary for each kind of content.
///
/// # Errors
/// When somebody is not synthetic, something cannot be read, or a file not be written.
pub async fn run(arguments: DictionaryArguments, config: Config) -> anyhow::Result<()> {
    let keys = config.keys.keys()?;
    let store = super::connect(&config, "dictionary").await?;
    let mut samples = Samples::default();
    for first in (1..=arguments.persons).step_by(AT_ONCE as usize) {
        samples.read(&store, &keys, first).await?;
    }
    store.close().await;
    let Samples { full, restricted, source } = samples;
    for (name, samples) in
        [("served-full", full), ("served-restricted", restricted), ("source", source)]
    {
        let dictionary = store::train(&samples)
            .with_context(|| format!("{} samples make no dictionary of {name}", samples.len()))?;
        let file = arguments.folder.join(format!("{name}-{}.dict", arguments.version));
        std::fs::write(&file, &dictionary)
            .with_context(|| format!("{} cannot be written", file.display()))?;
        eprintln!("{}: {} bytes from {} samples", file.display(), dictionary.len(), samples.len());
    }
    Ok(())
}

impl Samples {
    /// The persons from an ordinal on.
    async fn read(&mut self, store: &Store, keys: &ingest::Keys, first: i64) -> anyhow::Result<()> {
        let sources = store.sources(first, first + AT_ONCE).await?;
        let ids: Vec<PersonId> = sources.iter().map(|source| source.person).collect();
        let mut persons = Vec::new();
        for person in store.stored_persons(&ids).await? {
            match series(&person.state.primary_number) {
                Series::Synthetic => persons.push(person),
                Series::Doubtful => {}
                Series::Real => bail!(
                    "this register holds somebody who is not synthetic; train on the sandbox's only"
                ),
            }
        }
        let numbers: Vec<&str> =
            persons.iter().map(|person| person.state.primary_number.as_str()).collect();
        for contact in store.contacts(&numbers).await? {
            let bound_to = contact_associated_data(&contact.number, keys);
            self.source.push(keys.sealer.open(&contact.sealed, &bound_to)?);
        }
        for StoredPerson { state, full, restricted, source } in persons {
            self.full.push(blob::decompress(&full)?);
            self.restricted.push(blob::decompress(&restricted)?);
            if let Some(sealed) = source {
                self.source.push(keys.sealer.open(&sealed, &source_associated_data(state.id))?);
            }
        }
        Ok(())
    }
}

/// Whether a number may be that of a real person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Series {
    /// 65 or 80 is added to the month: nobody's.
    Synthetic,
    /// 40 is added: synthetic, or a help number of an institution.
    Doubtful,
    /// Everything else.
    Real,
}

/// By the digits alone: check digits may be wrong, as they are in real registers.
fn series(number: &IdentityNumber) -> Series {
    let digits = number.as_str();
    let month = digits.get(2..4).and_then(|month| month.parse::<u8>().ok());
    match month.filter(|_| digits.starts_with(|first: char| first < '8')) {
        Some(66..=77 | 81..=92) => Series::Synthetic,
        Some(41..=52) => Series::Doubtful,
        _ => Series::Real,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(day: &str, month: &str) -> Series {
        series(&IdentityNumber::new(format!("{day}{month}0000000")))
    }

    #[test]
    fn only_synthetic_series_are_trained_on() {
        for (day, month) in [("01", "81"), ("41", "92"), ("31", "66"), ("71", "77")] {
            assert_eq!(of(day, month), Series::Synthetic, "{day} {month}");
        }
        assert_eq!(of("01", "41"), Series::Doubtful);
        assert_eq!(of("01", "52"), Series::Doubtful);
        for (day, month) in [("01", "01"), ("31", "12"), ("01", "93"), ("81", "81"), ("", "")] {
            assert_eq!(of(day, month), Series::Real, "{day} {month}");
        }
    }
}
