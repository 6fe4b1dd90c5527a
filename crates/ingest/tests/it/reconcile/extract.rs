//! Comparing everybody with an extract.

use ingest::IngestError;
use ingest::reconcile;
use store::{ComparisonCounts, ComparisonMode};
use tokio_util::sync::CancellationToken;

use super::setting::*;
use crate::apply::setting::*;
use crate::support::http::Reply;
use crate::support::keys;

async fn by_extract(world: &World) -> Result<ComparisonCounts, IngestError> {
    let (Setting { config, store, .. }, stop) = (&world.register, CancellationToken::new());
    reconcile::by_extract(config, store, &keys(), EVERYBODY, &stop).await
}

/// Lets the next extract hold these documents, in two batches.
fn freg_extracts(world: &World, papers: &[String]) {
    let mut state = world.freg.state();
    let ids: Vec<String> = (0..papers.len()).map(|at| format!("{at:032x}")).collect();
    state.documents = ids.iter().cloned().zip(papers.iter().cloned()).collect();
    state.batches = ids.chunks(2).map(<[String]>::to_vec).collect();
    state.not_ready = 1;
}

#[tokio::test]
async fn missing_extra_and_differing_persons_are_told_apart_and_put_right() {
    let world = World::with(&[ANNE, BO, D_NUMBER]).await;
    // Anne has another name, Bo is gone, Cato is new, and the D-number has been replaced.
    let anne = paper(&[ANNE], &[], "Åshild");
    let renumbered = paper(&[NEW_NUMBER], &[D_NUMBER], "Ærlig");
    freg_extracts(&world, &[anne.clone(), paper(&[CATO], &[], "Cato"), renumbered.clone()]);
    // The last event is nobody's of these: documents of its age settle nothing about numbers.
    world.register.change(&[told(102, BO, NAME, paper(&[BO], &[], "Bo"))]).await;
    world.freg_is_at(102);
    world.freg.state().persons.remove(BO);
    let found = by_extract(&world).await.unwrap();
    assert_eq!((found.compared, found.missing, found.extra, found.differing), (4, 1, 1, 2));
    assert_eq!(elements(&found), [("identifikasjonsnummer", 1), ("navn", 1)]);
    assert_eq!(found.repaired, 3);

    world.register.applied().await;
    assert_eq!(world.register.name(CATO).await, "Cato");
    assert_eq!(world.register.name(ANNE).await, "Åshild");
    let (old, new) = (world.register.id(D_NUMBER).await, world.register.id(NEW_NUMBER).await);
    assert_eq!(old, new, "the same person by both numbers");
    let events = world.register.events(PACKAGES[0]).await;
    assert!(events.contains(&"PersonPopulated 3".to_owned()), "{events:?}");

    for (number, json) in [(ANNE, anne), (NEW_NUMBER, renumbered)] {
        world.freg_has(number, json);
    }
    let again = by_extract(&world).await.unwrap();
    assert_eq!((again.compared, wrong(&again), again.extra), (4, 1, 1));
    let runs = world.register.store.reconciliations(1).await.unwrap();
    assert!(runs.iter().all(|run| run.mode == ComparisonMode::Extract));
    world.end().await;
}

#[tokio::test]
async fn whom_an_extract_leaves_out_is_asked_for_before_it_is_said_to_be_extra() {
    let world = World::with(&[ANNE, BO]).await;
    freg_extracts(&world, &[paper(&[ANNE], &[], "Ærlige")]);
    let found = by_extract(&world).await.unwrap();
    assert_eq!((found.compared, wrong(&found)), (2, 0));
    // A document that FREG lists and does not give says nothing.
    world.freg.state().documents.clear();
    let found = by_extract(&world).await.unwrap();
    assert_eq!((found.compared, found.undecided, wrong(&found)), (2, 1, 0));
    world.end().await;
}

#[tokio::test]
async fn an_extract_that_goes_away_ends_the_comparison() {
    let world = World::with(&[ANNE]).await;
    freg_extracts(&world, &[paper(&[ANNE], &[], "Ærlige")]);
    world.freg.state().faults.push_back(("batch/0", Reply::status(410, "{}")));
    assert!(matches!(by_extract(&world).await, Err(IngestError::ExtractGone)));
    let runs = world.register.store.reconciliations(1).await.unwrap();
    assert_eq!((runs.len(), runs[0].finished_at), (1, None));
    assert_eq!(wrong(&by_extract(&world).await.unwrap()), 0);
    world.end().await;
}
