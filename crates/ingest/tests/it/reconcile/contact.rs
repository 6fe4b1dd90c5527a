//! Comparing with KRR.

use ingest::config::{KrrConfig, MaskinportenConfig};
use ingest::contacts;
use store::ComparedWith;
use tokio_util::sync::CancellationToken;

use super::setting::*;
use crate::apply::setting::*;
use crate::contacts::krr::{FakeKrr, person};
use crate::support::{KeyFile, keys, until};

async fn with_krr(numbers: &[&str]) -> (World, FakeKrr, KeyFile) {
    let mut world = World::with(numbers).await;
    let (krr, key) = (FakeKrr::start().await, KeyFile::create());
    let known = numbers.iter().map(|n| (n.to_string(), person(n, "æ@example.com")));
    krr.state().persons.extend(known);
    world.register.config.krr = KrrConfig {
        base_url: format!("{}/rest/v2", krr.address),
        poll_interval_ms: 20,
        retry_pause_max_ms: 20,
        maskinporten: MaskinportenConfig {
            token_url: format!("{}/token", krr.address),
            audience: "https://maskinporten.example/".to_owned(),
            client_id: "ingest-test".to_owned(),
            key_file: key.0.clone(),
            ..KrrConfig::default().maskinporten
        },
        ..KrrConfig::default()
    };
    (world, krr, key)
}

async fn compared(world: &World) -> store::ComparisonCounts {
    world.try_to_compare(ComparedWith::Krr, EVERYBODY).await.unwrap().unwrap()
}

async fn mail(world: &World, number: &str) -> Option<String> {
    let (_, person) = world.register.by_number(number, PACKAGES[0]).await?;
    let contact = &person["commonContactRegisterInformation"]["contactInformation"];
    contact["email"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn what_krr_says_without_telling_is_found_put_right_and_told() {
    let (world, krr, _key) = with_krr(&[ANNE, BO, CATO]).await;
    let (config, store) = (world.register.config.clone(), world.register.store.clone());
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    let collecting =
        tokio::spawn(async move { contacts::run(&config, &store, &keys(), &stopping).await });
    until("the first lookups", async || mail(&world, CATO).await.is_some()).await;
    assert_eq!(wrong(&compared(&world).await), 0);

    {
        let mut state = krr.state();
        // Time has passed for Anne, Bo has another address, and Cato is answered for no more.
        let mut anne = person(ANNE, "æ@example.com");
        anne["varslingsstatus"] = "KAN_IKKE_VARSLES".into();
        state.persons.insert(ANNE.to_owned(), anne);
        state.persons.insert(BO.to_owned(), person(BO, "bø@example.com"));
        state.persons.remove(CATO);
    }
    let found = compared(&world).await;
    assert_eq!((found.compared, found.differing, found.extra, found.missing), (3, 1, 1, 0));
    assert_eq!((elements(&found), found.repaired), (vec![("kontaktinformasjon", 1)], 1));
    world.register.applied().await;
    assert_eq!(mail(&world, BO).await.as_deref(), Some("bø@example.com"));
    assert_eq!(mail(&world, CATO).await.as_deref(), Some("æ@example.com"));
    let events = world.register.events(PACKAGES[0]).await;
    assert!(events.last().unwrap().ends_with(" 1"), "{events:?}");
    let again = compared(&world).await;
    assert_eq!((again.compared, again.differing, again.repaired), (3, 0, 0));

    // Nobody knows why the row is gone; those who collect have been past it.
    world.register.database.execute("delete from contact where number like '01%'").await;
    let found = compared(&world).await;
    assert_eq!((found.missing, found.repaired), (1, 1));
    stop.cancel();
    collecting.await.unwrap().unwrap();
    world.end().await;
}

#[tokio::test]
async fn without_krr_there_is_nothing_to_compare() {
    let world = World::with(&[ANNE]).await;
    let found = world.try_to_compare(ComparedWith::Krr, EVERYBODY).await.unwrap();
    assert_eq!(found, None);
    let (world, krr, _key) = with_krr(&[ANNE]).await;
    let found = compared(&world).await;
    assert_eq!((found.compared, found.undecided), (0, 1), "its feed is not followed yet");
    assert_eq!(krr.calls_to("personer"), 0);
    world.end().await;
}
