//! Who is said to change is who will.

use ingest::apply::render::source_associated_data;
use register::id::{IdentityNumber, PersonId};
use register::package::Package;
use register::part::PartSet;
use serde_json::json;
use store::{EventWrite, PersonWrite, ServedBlobs, SourceWrite, WriteBatch, blob};
use uuid::Uuid;

use super::setting::Setting;
use crate::support::keys;

/// Somebody who lives in house `number` of the street in Oslo.
fn lives_at(number: u32) -> String {
    let address = json!({"kommunenummer": "0301", "adressenavn": "Blåbærveien",
        "adressekode": "06001", "adressenummer": {"husnummer": number.to_string()}});
    json!({"identifikasjonsnummer": [{"status": "iBruk", "erGjeldende": true,
            "foedselsEllerDNummer": number_of(number), "identifikatortype": "foedselsnummer"}],
        "bostedsadresse": [{"erGjeldende": true, "adressegradering": "ugradert",
            "vegadresse": address}]})
    .to_string()
}

/// A synthetic number: its month is 80 too large.
fn number_of(n: u32) -> String {
    format!("018190{n:05}")
}

/// Stores the documents of some persons as apply does; what is served means nothing here.
async fn store_documents(setting: &Setting, documents: &[String]) {
    let mut batch = WriteBatch::default();
    for (n, document) in (1..).zip(documents) {
        let id = PersonId(Uuid::from_u128(n));
        let sealed = keys().sealer.seal(document.as_bytes(), &source_associated_data(id)).unwrap();
        let form = |package| blob::compress(package, b"{}").unwrap();
        batch.persons.push(PersonWrite {
            id,
            new: true,
            alternate: false,
            primary_number: IdentityNumber::from(number_of(n as u32)),
            stub: false,
            as_of: 1,
            content_hash: None,
            masked_parts: PartSet::EMPTY,
            masked_before: PartSet::EMPTY,
            parked: false,
            protection_uncertain: false,
            contact_digest: None,
            served: Some(ServedBlobs {
                full: form(Package::FullAccess),
                restricted: form(Package::RestrictedAccess),
                rendered_by: 1,
            }),
            source: SourceWrite::Replace(sealed),
            search: None,
        });
        batch.events.push(EventWrite {
            person_id: id,
            event_type: None,
            visible_restricted: true,
            nin: None,
            source_sequence: None,
        });
    }
    setting.store.commit(&batch).await.unwrap();
}

#[tokio::test]
async fn those_who_will_change_are_counted() {
    let setting = Setting::new().await;
    let mut documents: Vec<String> = (1..=10).map(lives_at).collect();
    documents.push(r#"["ingen person"]"#.to_owned());
    store_documents(&setting, &documents).await;
    let persons = setting.load().await.persons.unwrap();
    assert_eq!((persons.looked_at, persons.changed), (11, 10), "everybody gets names");
    assert_eq!((persons.changed_district, persons.unreadable), (10, 1));
    // House 4 moves to the unit of the odd numbers, and the unit of the even ones gets a new name.
    setting.world(|world| {
        world.addresses[4] = world.addresses[4].replace("03010101", "03010401");
        world.units[0].1 = "Sentrum – Rode én";
    });
    let report = setting.load().await;
    let persons = report.persons.unwrap();
    assert_eq!((persons.looked_at, persons.changed), (11, 5), "{report}");
    // Sentrum is served by the district of the odd numbers, so house 4 keeps who serves it.
    assert_eq!(persons.changed_district, 0);
    assert!(report.to_string().contains("they will change: 5"), "{report}");
}

#[tokio::test]
async fn a_change_that_concerns_nobody_changes_nobody() {
    let setting = Setting::new().await;
    store_documents(&setting, &[lives_at(1), lives_at(2)]).await;
    setting.load().await;
    setting.world(|world| world.far_north = "Kautokeino");
    let persons = setting.load().await.persons.unwrap();
    assert_eq!((persons.looked_at, persons.changed), (2, 0));
}
