//! Halves that end for good are told and tried again, but for the one that must not be.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ingest::apply::ApplyError;
use ingest::stopped::{Half, Reason, Standing, Stops};
use testkit::database::TestDatabase;
use tokio_util::sync::CancellationToken;

use crate::support::{store, until};

fn gone() -> ApplyError {
    ApplyError::RecordsGone { topic: "freg.changes".to_owned(), partition: 0 }
}

fn too_many() -> ApplyError {
    ApplyError::TooManyParked { persons: 101, max: 100 }
}

#[tokio::test]
async fn what_can_be_mended_from_outside_is_tried_again() {
    let database = TestDatabase::create().await;
    let store = store(&database).await;
    let (standing, shutdown) = (Standing::default(), CancellationToken::new());
    let tried = [AtomicU32::new(0), AtomicU32::new(0)];
    let half = |task| Half { task, store: &store, standing: &standing };
    let gone = half("apply").keep(&shutdown, || {
        tried[0].fetch_add(1, Ordering::Relaxed);
        async { Err::<(), _>(gone()) }
    });
    let too_many = half("other").keep(&shutdown, || {
        tried[1].fetch_add(1, Ordering::Relaxed);
        async { Err::<(), _>(too_many()) }
    });
    let watch = async {
        until("both have stopped", async || standing.stopped().len() == 2).await;
        assert_eq!(standing.stopped(), ["apply: records_gone", "other: too_many_parked"]);
        let told = "select concat_ws(' ', task, reason, message) from stopped_work order by 1";
        until("the store knows", async || database.fetch_text(told).await.len() == 2).await;
        let told = database.fetch_text(told).await;
        assert!(told[0].starts_with("apply records_gone freg.changes, partition 0"), "{told:?}");
        tokio::time::sleep(Duration::from_secs(17)).await;
        assert_eq!(standing.stopped().len(), 2, "both are still told");
        shutdown.cancel();
    };
    tokio::join!(gone, too_many, watch);
    assert_eq!(tried.map(AtomicU32::into_inner), [2, 1]);
}

#[test]
fn every_kind_of_fault_has_a_name_that_leads_back_to_it() {
    for (error, name) in [(gone(), "records_gone"), (too_many(), "too_many_parked")] {
        assert_eq!(error.reason().name, name);
        let known = Reason::named(name).expect("it is known");
        assert!(known.to_do.contains("docs/ingest.md"), "{}", known.to_do);
    }
    assert!(Reason::named("earthquake").is_none());
}
