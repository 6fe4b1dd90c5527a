//! Comparing the register with its sources, through a real broker and a real database.

mod contact;
mod extract;
mod schedule;
mod setting;

use std::time::Duration;

use ingest::reconcile::{Options, Whom};
use store::{ComparedWith, ComparisonMode};

use self::setting::*;
use crate::apply::setting::*;

#[tokio::test]
async fn a_change_without_an_event_is_found_put_right_and_told() {
    let world = World::with(&[ANNE, BO]).await;
    // The same in other words: the order of items means nothing.
    let turned = paper(&[BO], &[], "Ærlig").replace(r#""navn":"#, r#""opphold":[],"navn":"#);
    world.freg_has(BO, turned);
    world.freg_has(ANNE, paper(&[ANNE], &[], "Åshild"));
    let found = world.compare(EVERYBODY).await;
    assert_eq!((found.compared, found.differing, found.repaired), (2, 1, 1));
    assert_eq!(elements(&found), [("navn", 1)]);
    assert_eq!((found.missing, found.extra, found.undecided), (0, 0, 0));

    world.register.applied().await;
    assert_eq!(world.register.name(ANNE).await, "Åshild");
    for package in PACKAGES {
        let events = world.register.events(package).await;
        assert_eq!(events.last().unwrap(), "PersonIsUpdated 0", "{events:?}");
        assert_eq!(events.len(), 4, "of the load, the change, and this one: {events:?}");
    }
    let again = world.compare(EVERYBODY).await;
    assert_eq!((again.compared, wrong(&again), again.repaired), (2, 0, 0));

    let runs = world.register.store.reconciliations(1).await.unwrap();
    assert_eq!(runs.iter().map(|run| run.counts.differing).collect::<Vec<_>>(), [0, 1]);
    assert!(runs.iter().all(|run| run.finished_at.is_some()));
    assert_eq!((runs[1].with, runs[1].mode), (ComparedWith::Freg, ComparisonMode::Sample));
    assert_eq!(elements(&runs[1].counts), [("navn", 1)]);
    world.end().await;
}

#[tokio::test]
async fn a_report_alone_changes_nothing() {
    let world = World::with(&[ANNE, BO]).await;
    world.freg_has(ANNE, paper(&[ANNE], &[], "Åshild"));
    let before = world.register.rows().await;
    let found = world.compare(Options { repair: false, ..EVERYBODY }).await;
    assert_eq!((found.differing, found.repaired), (1, 0));
    world.register.applied().await;
    assert_eq!(world.register.rows().await, before);
    world.end().await;
}

#[tokio::test]
async fn whom_freg_does_not_have_stays_and_whom_it_has_merged_away_is_merged() {
    let world = World::with(&[ANNE, BO, CATO]).await;
    world.freg.state().persons.remove(CATO);
    let survivor = paper(&[ANNE], &[BO], "Ærlig");
    world.freg_has(ANNE, survivor.clone());
    world.freg_has(BO, survivor);
    let found = world.compare(EVERYBODY).await;
    assert_eq!((found.compared, found.extra, found.differing), (3, 2, 1));
    world.register.applied().await;
    assert_eq!(world.register.id(BO).await, world.register.id(ANNE).await);
    assert!(world.register.id(CATO).await.is_some(), "nobody is removed");
    let events = world.register.events(PACKAGES[0]).await;
    let merged = events.iter().any(|event| event.starts_with("PersonIsDiscontinuedAsDuplicate"));
    assert!(merged, "{events:?}");
    let again = world.compare(EVERYBODY).await;
    assert_eq!((again.compared, again.extra, again.differing), (3, 1, 0));
    world.end().await;
}

#[tokio::test]
async fn what_is_on_its_way_is_no_difference() {
    let world = World::with(&[ANNE, BO]).await;
    // Both have changed in FREG. The changes are on their way, and Bo's has a successor.
    world.freg_has(ANNE, paper(&[ANNE], &[], "Åshild"));
    world.freg_has(BO, paper(&[BO], &[], "Bård"));
    world.freg_is_at(103);
    let mut comparing = Box::pin(world.compare(EVERYBODY));
    let waiting = tokio::time::timeout(Duration::from_millis(1_500), &mut comparing).await;
    assert!(waiting.is_err(), "it waits until what FREG has told of is applied");
    let records = [
        told(102, ANNE, NAME, paper(&[ANNE], &[], "Åshild")),
        told(103, BO, NAME, paper(&[BO], &[], "Bård")),
        told(104, BO, NAME, paper(&[BO], &[], "Bjørn")),
    ];
    world.register.change(&records).await;
    let found = (&mut comparing).await;
    drop(comparing);
    assert_eq!((found.compared, wrong(&found), found.undecided), (1, 0, 1));
    assert_eq!(world.register.name(BO).await, "Bjørn");
    world.end().await;
}

#[tokio::test]
async fn who_waits_in_the_park_is_left_and_so_is_whom_nothing_is_answered_for() {
    let world = World::with(&[ANNE, BO]).await;
    world.register.change(&[change(102, ANNE, NAME, unreadable(102))]).await;
    world.freg_has(ANNE, paper(&[ANNE], &[], "Åshild"));
    world.freg_has(BO, r#"{"navn":[]}"#.to_owned());
    world.freg_is_at(102);
    let found = world.compare(EVERYBODY).await;
    assert_eq!((found.compared, found.undecided, found.repaired), (0, 2, 0));
    world.end().await;
}

#[tokio::test]
async fn windows_go_round_the_register() {
    let world = World::with(&[ANNE, BO, CATO]).await;
    world.freg_has(CATO, paper(&[CATO], &[], "Cæsar"));
    let two = Options { whom: Whom::Next(2), repair: false, persons_per_minute: None };
    let mut differing = Vec::new();
    for _ in 0..4 {
        differing.push(world.compare(two).await.differing);
    }
    assert_eq!(differing, [0, 1, 0, 1], "the third begins anew");
    let three = Options { whom: Whom::Next(3), ..two };
    for _ in 0..2 {
        let found = world.compare(three).await;
        assert_eq!(found.compared, 3, "who ends right at the end leaves no empty window");
    }
    world.end().await;
}

#[tokio::test]
async fn no_more_are_looked_up_in_a_minute_than_may_be() {
    let world = World::with(&[ANNE, BO]).await;
    let slow = Options { persons_per_minute: Some(60), ..EVERYBODY };
    let started = std::time::Instant::now();
    world.compare(slow).await;
    assert!(started.elapsed() >= Duration::from_secs(2), "two persons, one a second");
    world.end().await;
}
