//! What is applied is found, by what each package is served and by nothing else.

use std::time::Duration;

use register::id::PersonId;
use register::package::Package;
use register::search::{Form, FormKind, read};
use serde_json::{Value, json};
use store::{Search, StoreError};

use super::setting::*;
use crate::support::until;

/// A document of somebody with a day of birth, with this grade on every address.
fn born(in_use: &str, ceased: &[&str], given_name: &str, grade: &str) -> String {
    let mut document: Value = serde_json::from_str(&paper(&[in_use], ceased, given_name)).unwrap();
    document["foedsel"] = json!([{"erGjeldende": true, "foedselsdato": "1999-01-21"}]);
    for address in document["bostedsadresse"].as_array_mut().unwrap() {
        address["adressegradering"] = grade.into();
    }
    document.to_string()
}

impl Setting {
    async fn found(&self, form: Form<'_>, package: Package) -> Vec<PersonId> {
        self.try_found(form, package).await.unwrap()
    }

    async fn try_found(
        &self,
        form: Form<'_>,
        package: Package,
    ) -> Result<Vec<PersonId>, StoreError> {
        let criteria = read(&form, FormKind::Persons).unwrap();
        let search = Search { criteria, package, include_alternate: false, tolerant: false };
        self.store.search_best(&search).await
    }

    async fn by_birth(&self, name: &str, package: Package) -> Vec<PersonId> {
        let (full_name, birth_date) = (Some(name), Some("1999-01-21"));
        self.found(Form { full_name, birth_date, ..Form::default() }, package).await
    }

    async fn by_street(&self, name: &str, package: Package) -> Vec<PersonId> {
        let (full_name, street_address) = (Some(name), Some("Blaabærv"));
        self.found(Form { full_name, street_address, ..Form::default() }, package).await
    }
}

#[tokio::test]
async fn whoever_is_applied_is_found_by_what_each_package_is_served() {
    let setting = Setting::new().await;
    let running = setting.start();
    let open = |number, name| born(number, &[], name, "ugradert");
    setting.publish_snapshot(vec![open(ANNE, "Åshild"), open(BO, "Bo")]).await;
    setting.applied().await;
    let (anne, bo) = (setting.id(ANNE).await.unwrap(), setting.id(BO).await.unwrap());
    for package in PACKAGES {
        assert_eq!(setting.by_birth("aashild ØSTG", package).await, [anne]);
        assert_eq!(setting.by_street("Østgård", package).await, [anne, bo]);
        assert!(setting.by_birth("Begge", package).await.is_empty());
    }

    let protected = born(ANNE, &[], "Åshild", "fortrolig");
    setting.change(&[told(101, ANNE, PROTECTION, protected)]).await;
    for (package, by_street) in PACKAGES.into_iter().zip([vec![anne, bo], vec![bo]]) {
        assert_eq!(setting.by_street("Østgård", package).await, by_street);
        assert_eq!(setting.by_birth("Åshild", package).await, [anne]);
    }

    let merged = born(ANNE, &[BO], "Begge", "ugradert");
    setting.change(&[told(102, ANNE, SURVIVES, merged)]).await;
    running.stop().await;
    for package in PACKAGES {
        assert_eq!(setting.by_birth("Østgård", package).await, [anne]);
        assert_eq!(setting.by_street("Begge", package).await, [anne]);
        for former in ["Bo", "Åshild"] {
            assert!(setting.by_birth(former, package).await.is_empty(), "{former}");
        }
    }
}

/// Nothing of the document says so, and yet the address may be one to protect.
#[tokio::test]
async fn while_a_protection_may_be_parked_nobody_finds_the_address() {
    let setting = Setting::new().await;
    let running = setting.start();
    setting.publish_snapshot(vec![born(ANNE, &[], "Åshild", "ugradert")]).await;
    setting.applied().await;
    let anne = setting.id(ANNE).await.unwrap();
    setting.change(&[change(101, ANNE, PROTECTION, unreadable(101))]).await;
    running.stop().await;
    for package in PACKAGES {
        assert!(setting.by_street("Åshild", package).await.is_empty());
        assert_eq!(setting.by_birth("Åshild", package).await, [anne]);
    }
}

/// A process is killed in the middle, changes come before the end, and the end is waited for.
#[tokio::test]
async fn a_first_load_makes_everybody_searchable_at_its_end() {
    let setting = Setting::new().await;
    let running = setting.start();
    setting.store.start_bulk_load(100, "job").await.unwrap();
    let open = |number, name| born(number, &[], name, "ugradert");
    setting.publish_snapshot(vec![open(ANNE, "Åshild")]).await;
    setting.applied().await;
    running.kill().await;
    let running = setting.start();
    setting.publish_snapshot(vec![open(BO, "Bo")]).await;
    setting.change(&[told(101, BO, NAME, open(BO, "Bodil"))]).await;
    let (anne, bo) = (setting.id(ANNE).await.unwrap(), setting.id(BO).await.unwrap());
    // More than once the process has looked whether the load is over.
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert!(setting.store.totals().await.unwrap().search_deferred);
    let form =
        || Form { full_name: Some("bodil"), birth_date: Some("1999-01-21"), ..Form::default() };
    let refused = setting.try_found(form(), PACKAGES[0]).await;
    assert!(matches!(refused, Err(StoreError::SearchDeferred)), "{refused:?}");

    setting.store.finish_bulk_load("job").await.unwrap();
    until("everybody is searchable", async || {
        !setting.store.totals().await.unwrap().search_deferred
    })
    .await;
    for package in PACKAGES {
        assert_eq!(setting.by_birth("bodil", package).await, [bo]);
        assert_eq!(setting.by_street("Østgård", package).await, [anne, bo]);
    }
    setting.change(&[told(102, BO, NAME, open(BO, "Berit"))]).await;
    running.stop().await;
    assert_eq!(setting.by_birth("berit", PACKAGES[0]).await, [bo]);
    assert!(setting.by_birth("bodil", PACKAGES[0]).await.is_empty());
}
