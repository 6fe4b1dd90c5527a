//! Comparing by itself.

use std::time::Duration;

use ingest::reconcile;
use store::{ComparedWith, ComparisonMode, Reconciliation};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::setting::*;
use crate::apply::setting::*;
use crate::support::http::Reply;
use crate::support::{keys, until};

fn start(world: &World, stop: &CancellationToken) -> JoinHandle<()> {
    let (config, store) = (world.register.config.clone(), world.register.store.clone());
    let stop = stop.clone();
    tokio::spawn(async move { reconcile::run(&config, &store, &keys(), &stop).await.unwrap() })
}

async fn runs(world: &World) -> Vec<Reconciliation> {
    world.register.store.reconciliations(1).await.unwrap()
}

#[tokio::test]
async fn of_two_processes_one_compares_and_freg_refusing_us_is_waited_out() {
    let mut world = World::with(&[ANNE, BO]).await;
    world.register.config.reconcile.interval_s = 1;
    world.register.config.reconcile.persons_per_minute = 60_000;
    world.freg_has(BO, paper(&[BO], &[], "Bård"));
    let refused = Reply::status(403, r#"{"kode":"FREG-403","melding":"nei"}"#);
    world.freg.state().faults.push_back(("personer/bulkoppslag", refused));
    let stop = CancellationToken::new();
    let processes = [start(&world, &stop), start(&world, &stop)];
    until(
        "a window after the one that broke off, and one that finds nothing any more",
        async || {
            let runs = runs(&world).await;
            let differing = |run: &Reconciliation| run.counts.differing;
            let is_right =
                runs.first().is_some_and(|run| run.finished_at.is_some() && differing(run) == 0);
            is_right && runs.iter().map(differing).sum::<i64>() > 0
        },
    )
    .await;
    stop.cancel();
    for process in processes {
        process.await.unwrap();
    }
    let runs = runs(&world).await;
    let broken = runs.iter().filter(|run| run.finished_at.is_none()).count();
    assert_eq!(broken, 1, "{runs:?}");
    assert!(runs.iter().all(|run| run.mode == ComparisonMode::Sample));
    assert!(runs.iter().all(|run| run.with == ComparedWith::Freg), "there is no KRR here");
    assert_eq!(world.register.name(BO).await, "Bård");
    for pair in runs.windows(2).filter(|pair| pair[1].finished_at.is_some()) {
        let apart = pair[0].started_at.timestamp().duration_since(pair[1].started_at.timestamp());
        assert!(apart.as_millis() >= 900, "windows begin a second apart: {apart:?}");
    }
    world.end().await;
}

#[tokio::test]
async fn nothing_is_compared_before_the_register_is_loaded_or_without_an_interval() {
    let mut world = World::with(&[ANNE]).await;
    world.register.database.execute("delete from source_cursor").await;
    world.register.config.reconcile.interval_s = 1;
    let stop = CancellationToken::new();
    let waiting = start(&world, &stop);
    world.register.config.reconcile.interval_s = 0;
    let never = start(&world, &stop);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert!(!waiting.is_finished() && !never.is_finished(), "they wait until the others end");
    stop.cancel();
    waiting.await.unwrap();
    never.await.unwrap();
    assert_eq!(runs(&world).await.len(), 0);
    assert_eq!(world.freg.calls_to("bulkoppslag"), 0);
    world.end().await;
}
