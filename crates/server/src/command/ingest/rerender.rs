//! `ingest rerender`: everybody is rendered anew from the stored documents.

use clap::Args;
use store::{Breadth, Rerender};

use super::patience::{Patience, until_done};
use crate::config::Config;
use crate::shutdown;

/// Who is to be rendered anew.
#[derive(Args)]
pub struct RerenderArguments {
    /// Also those whom the code of today has rendered.
    #[arg(long)]
    everybody: bool,
    /// Ask for it, and do not wait until it is done.
    #[arg(long)]
    no_wait: bool,
}

/// Asks the writer for it and shows how far it is.
///
/// # Errors
/// When the store does not answer, or nobody does it.
pub async fn run(arguments: RerenderArguments, config: Config) -> anyhow::Result<()> {
    let shutdown = shutdown::on_signal()?;
    let store = crate::command::connect(&config, "rerender").await?;
    let breadth = if arguments.everybody { Breadth::Everybody } else { Breadth::Outdated };
    store.ask_rerender(breadth).await?;
    let persons = store.totals().await?.persons;
    if !arguments.no_wait {
        let left = async || anyhow::Ok((left(&store.rerender().await?, persons), ()));
        let patience = Patience::new("persons", persons.max(0) as usize);
        until_done(patience, left, &shutdown).await?;
        println!("everybody is rendered by the code of today");
    }
    store.close().await;
    Ok(())
}

/// How many are left: nobody only when nothing is asked for and no round is under way.
fn left(rerender: &Rerender, persons: i64) -> usize {
    match (rerender.asked, rerender.round) {
        (None, None) => 0,
        (Some(_), None) => persons.max(1) as usize,
        (_, Some(round)) => (persons - round.next_ordinal + 1).max(1) as usize,
    }
}
