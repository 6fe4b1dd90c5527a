//! What is not FREG's: a clock to turn, what KRR says, and a piece of Oslo that can be changed.

use std::sync::{Arc, Mutex};

use ingest::clock::Clock;
use ingest::record::ContactRecord;
use register::geography::{Address, Code, Door, NamedCode, UnitDistrict, Validity};
use register::package::Package;
use register::time::Instant;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use store::{GeographyRows, NewGeography, Store};

use super::setting::*;
use crate::support::until;

pub const CONTACT_EVENT: &str = "ChangeInCommonContactRegisterInformation";
pub const DISTRICT_EVENT: &str = "ChangeInResidentialAddressWithoutRelocation";

/// The day on which the tests take place.
pub const TODAY: &str = "2026-11-22T12:00:00+01:00";

/// The unit of house 8, and that of house 9.
pub const UNITS: [u32; 2] = [3_010_501, 3_010_201];
pub const FROGNER: u32 = 30_105;
pub const ST_HANSHAUGEN: u32 = 30_104;
pub const GRUNERLOKKA: u32 = 30_102;

/// A clock that stands until it is turned.
#[derive(Clone)]
pub struct Dial(Arc<Mutex<Instant>>);

impl Dial {
    pub fn turn(&self, time: &str) {
        *self.0.lock().unwrap() = Instant::parse(time).unwrap();
    }
}

/// An empty register whose process has a clock that can be turned.
pub async fn standing() -> (Setting, Dial) {
    let mut setting = Setting::new().await;
    let dial = Dial(Arc::new(Mutex::new(Instant::parse(TODAY).unwrap())));
    let shown = dial.clone();
    setting.config.apply.clock = Clock::new(move || *shown.0.lock().unwrap());
    (setting, dial)
}

/// What KRR says of a number: an address for mail that was confirmed at a time.
pub fn mail(number: &str, as_of: i64, address: &str, confirmed: &str) -> ContactRecord {
    krr(
        number,
        as_of,
        &json!({"personidentifikator": number, "reservasjon": "NEI", "status": "AKTIV",
            "kontaktinformasjon": {"epostadresse": address,
                "epostadresse_sist_verifisert": confirmed}}),
    )
}

pub fn krr(number: &str, as_of: i64, json: &Value) -> ContactRecord {
    let json = RawValue::from_string(json.to_string()).unwrap();
    ContactRecord { number: number.to_owned(), as_of, json }
}

impl Setting {
    /// The contact details that a number leads to: whether notices may be sent, and the address.
    /// Restricted access never sees any.
    pub async fn contact_of(&self, number: &str) -> Option<[String; 2]> {
        let (_, restricted) = self.by_number(number, Package::RestrictedAccess).await.unwrap();
        assert!(restricted["commonContactRegisterInformation"].is_null(), "{restricted}");
        let (_, person) = self.by_number(number, Package::FullAccess).await.unwrap();
        let contact = person.get("commonContactRegisterInformation")?;
        let email = &contact["contactInformation"]["email"];
        let texts = [&contact["notificationStatus"], email];
        Some(texts.map(|text| text.as_str().unwrap_or_default().to_owned()))
    }

    /// The events from the given one on, counted from 0.
    pub async fn events_from(&self, first: usize, package: Package) -> Vec<String> {
        let events = self.events(package).await;
        events.get(first..).unwrap_or_default().to_vec()
    }

    /// Waits until there are so many events for full access.
    pub async fn until_events(&self, count: usize) {
        let what = format!("{count} events");
        until(&what, async || self.events(Package::FullAccess).await.len() >= count).await;
    }

    /// Waits until everybody is enriched with this version.
    pub async fn until_enriched(&self, version: i64) {
        let what = format!("version {version} for everybody");
        until(&what, async || {
            let enrichment = self.store.enrichment().await.unwrap();
            let done = enrichment.done.and_then(|done| done.version);
            done == Some(version) && enrichment.target.is_none()
        })
        .await;
    }

    /// The codes of the serving districts of somebody's residences, current and former.
    pub async fn districts(&self, number: &str) -> Vec<String> {
        let (_, person) = self.by_number(number, Package::FullAccess).await.unwrap();
        let residences = person["residentialAddress"].as_array().cloned().unwrap_or_default();
        let code = |residence: &Value| residence["urbanDistrictCode"].as_str().map(str::to_owned);
        residences.iter().filter_map(code).collect()
    }
}

/// A piece of Oslo in which house 8 and house 9 lie in a unit each, and the units in these
/// districts from these days on.
pub async fn load_geography(store: &Store, districts: &[(u32, u32, &str)]) -> i64 {
    let since = |day: &str| Validity::since(Instant::parse(day).unwrap().day());
    let ever = || since("2020-01-01");
    let name = |text: &str| text.to_owned();
    let unit = |number: u32| Code::from_number(number).unwrap();
    let mut rows = GeographyRows {
        counties: vec![NamedCode {
            code: Code::from_number(3).unwrap(),
            name: name("Oslo"),
            valid: ever(),
        }],
        municipalities: vec![NamedCode {
            code: Code::from_number(301).unwrap(),
            name: name("Oslo - Oslove"),
            valid: ever(),
        }],
        ..GeographyRows::default()
    };
    for number in UNITS {
        rows.units.push(NamedCode { code: unit(number), name: name("Enerhaugen"), valid: ever() });
    }
    for (number, text) in
        [(FROGNER, "Frogner"), (ST_HANSHAUGEN, "St. Hanshaugen"), (GRUNERLOKKA, "Grünerløkka")]
    {
        let code = Code::from_number(number).unwrap();
        rows.districts.push(NamedCode { code, name: name(text), valid: ever() });
    }
    for (number, district, day) in districts {
        let district = Code::from_number(*district).unwrap();
        rows.unit_districts.push(UnitDistrict { unit: unit(*number), district, valid: since(day) });
    }
    let digest = format!("{districts:?}");
    let new = NewGeography { digest: &digest, rows: &rows, unserved_units: 0, report: "{}" };
    let mut stage = store.stage_geography(&new).await.unwrap();
    let address = |number: u32, unit_number: u32| Address {
        id: None,
        municipality: Code::from_number(301).unwrap(),
        door: Some(Door { code: 6_001, number, letter: None }),
        property: None,
        unit: unit(unit_number),
    };
    stage.addresses(&[address(8, UNITS[0]), address(9, UNITS[1])]).await.unwrap();
    stage.activate().await.unwrap()
}
