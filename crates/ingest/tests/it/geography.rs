//! Loading geography: from publishers that are slow, broken or wrong, into a real Postgres.

mod made;
mod persons;
mod setting;

use std::path::PathBuf;

use ingest::geography::{
    ArchiveError, DownloadError, GeographyError, Outcome, UpdateOptions, load,
};
use register::geography::{Code, Place, When};
use register::part::{StreetAddress, StreetAddressNumber};
use store::WriterLock;

use made::{Fault, World, zipped};
use setting::Setting;

/// Where house `number` in the street of Oslo lies: the unit, its name, its district and who serves.
async fn area(setting: &Setting, number: u32) -> [Option<String>; 4] {
    let version = setting.current().await.unwrap();
    let geography = load(&setting.store, version).await.unwrap();
    let street = StreetAddress {
        municipality_number: Some("0301".to_owned()),
        address_code: Some("06001".to_owned()),
        address_number: Some(StreetAddressNumber {
            house_number: Some(number.to_string()),
            house_letter: None,
        }),
        ..StreetAddress::default()
    };
    let municipality = Code::parse("0301");
    let place = Place { municipality, street: Some(&street), ..Place::default() };
    let area = geography.area(&place, When::Now(setting.options.today));
    let district = |district: Option<register::geography::NamedDistrict<'_>>| {
        district.map(|district| format!("{} {}", district.code, district.name.unwrap_or("?")))
    };
    [
        area.unit.map(|unit| unit.to_string()),
        area.unit_name.map(str::to_owned),
        district(area.district),
        district(area.serving),
    ]
}

#[tokio::test]
async fn a_first_load_reports_and_can_be_asked() {
    let setting = Setting::new().await;
    let report = setting.load().await;
    assert_eq!(report.previous_digest, None);
    let sources: Vec<_> = report.sources.iter().map(|source| (source.name, source.rows)).collect();
    let expected = [
        ("counties", 2),
        ("municipalities", 5),
        ("units", 6),
        ("districts", 6),
        ("districts of units", 6),
        ("addresses", 104),
    ];
    assert_eq!(sources, expected);
    let oslo = &report.cities[0];
    assert_eq!((&*oslo.municipality, oslo.districts, oslo.units), ("0301", 3, 3));
    assert_eq!(oslo.units_without_district, 0);
    assert_eq!(report.unserved_units, ["03015101"], "nobody is said to serve Marka");
    let doors = report.tables.iter().find(|table| table.name == "doors").unwrap();
    assert_eq!((doors.before, doors.rows, doors.added), (0, 104, 104));
    let text = report.to_string();
    assert!(text.contains("Nobody is said to serve 1 units: 03015101"), "{text}");
    let found = area(&setting, 2).await.map(Option::unwrap);
    let expected = ["03010101", "Sentrum 1 – Rode 1", "030116 Sentrum", "030104 St. Hanshaugen"];
    assert_eq!(found, expected);
    let found = area(&setting, 1).await.map(Option::unwrap);
    assert_eq!(found[1..3], ["Gråbein", "030104 St. Hanshaugen"]);
    assert_eq!(area(&setting, 101).await, [None, None, None, None]);
    let current = setting.store.current_geography().await.unwrap().unwrap();
    assert_eq!((current.addresses, current.unserved_units), (104, 1));
    let geography = load(&setting.store, current.id).await.unwrap();
    assert_eq!(geography.version().to_string(), current.digest, "what is stored is what was read");
}

#[tokio::test]
async fn klass_is_asked_for_ranges_with_the_future() {
    let setting = Setting::new().await;
    setting.load().await;
    let state = setting.publishers.state.lock().unwrap();
    let range = "from=2002-01-01&to=2036-01-01&includeFuture=true";
    let codes = |table| format!("/klass/classifications/{table}/codes.json?{range}");
    let expected = [
        codes(104),
        codes(131),
        codes(1),
        codes(103),
        format!("/klass/classifications/1/corresponds.json?{range}&targetClassificationId=103"),
        "/addresses.zip".to_owned(),
    ];
    assert_eq!(state.asked, expected);
}

#[tokio::test]
async fn letters_of_every_language_survive() {
    let setting = Setting::new().await;
    setting.load().await;
    let names = "select name from geography_area where kind <> 'unit' and name ~ '[^ -~]'
        order by code";
    assert_eq!(
        setting.database.fetch_text(names).await,
        ["Finnmark - Finnmárku - Finmarkku", "Trondheim - Tråante", "Hundvåg",]
    );
}

#[tokio::test]
async fn the_same_again_loads_nothing() {
    let setting = Setting::new().await;
    let first = setting.load().await;
    // The order of rows means nothing.
    setting.world(|world| {
        world.units.reverse();
        world.addresses[1..].reverse();
    });
    let again = setting.try_load().await.unwrap();
    assert_eq!((again.outcome, again.version), (Outcome::Unchanged, first.version));
    assert!(again.to_string().contains("nothing was loaded"), "{again}");
    let versions = "select count(*)::text from geography_version";
    assert_eq!(setting.database.fetch_text(versions).await, ["1"]);
}

#[tokio::test]
async fn a_report_alone_changes_nothing() {
    let mut setting = Setting::new().await;
    setting.options.report_only = true;
    let report = setting.try_load().await.unwrap();
    assert_eq!((report.outcome, report.version), (Outcome::Reported, None));
    assert!(report.persons.is_some());
    assert_eq!(setting.current().await, None);
    setting.options.report_only = false;
    setting.load().await;
    setting.world(|world| world.far_north = "Kautokeino");
    setting.options.report_only = true;
    let report = setting.try_load().await.unwrap();
    let changed: Vec<_> = report.tables.iter().filter(|table| table.changed > 0).collect();
    assert_eq!((changed.len(), changed[0].name, changed[0].changed), (1, "municipalities", 1));
}

#[tokio::test]
async fn a_source_that_shrinks_is_refused() {
    let setting = Setting::new().await;
    setting.load().await;
    // 2 of 104 are within two in a hundred, 3 are not; ids, doors and properties shrink alike.
    setting.world(|world| world.addresses.truncate(103));
    setting.load().await;
    setting.world(|world| world.addresses.truncate(98));
    let report = setting.try_load().await.unwrap();
    assert_eq!(report.outcome, Outcome::Refused);
    let shrunk = ["address ids: 97 rows, and there were 102", "doors: 97", "properties: 97"];
    assert_eq!(report.refusals.len(), 3, "{report}");
    for (refusal, beginning) in report.refusals.iter().zip(shrunk) {
        assert!(refusal.starts_with(beginning), "{refusal}");
    }
    assert!(report.to_string().contains("REFUSED: doors"), "{report}");
    assert_eq!(report.persons, None);
}

#[tokio::test]
async fn an_empty_address_file_is_refused_unless_forced() {
    let setting = Setting::new().await;
    setting.world(|world| world.addresses.truncate(1));
    setting.is_refused_unless_forced("addresses: there is not a single row").await;
}

#[tokio::test]
async fn rows_that_cannot_be_read_are_counted_and_too_many_refused() {
    let mut setting = Setting::new().await;
    setting.world(|world| {
        world.addresses[2] = "0301;what is this".to_owned();
        world.addresses[5].push_str(";and this");
        // An address without a unit says nothing; one with an impossible id has no room.
        world.addresses[6] = "0301;6001;Blåbærveien;6;;1;6;;;;6".to_owned();
        world.addresses[7] = format!("0301;6001;Blåbærveien;7;;1;7;;;03010101;{}", u64::MAX);
    });
    setting.is_refused_unless_forced("addresses: 3 rows (2.88 %) cannot be read").await;
    setting.config.unreadable_percent_max = 3.0;
    setting.world(|world| world.far_north = "Kautokeino");
    let report = setting.load().await;
    let addresses = &report.sources[5];
    assert_eq!((addresses.rows, addresses.unreadable, addresses.without_unit), (100, 3, 1));
    assert_eq!(addresses.first_unreadable, [3, 6]);
    assert!(report.to_string().contains("first in lines 3, 6"), "{report}");
}

#[tokio::test]
async fn names_that_have_lost_letters_are_refused() {
    let setting = Setting::new().await;
    setting.world(|world| world.far_north = "Guovdagea?dnu - Kautokeino");
    setting.is_refused_unless_forced("municipalities: 1 names have lost letters").await;
}

#[tokio::test]
async fn a_city_without_districts_is_refused() {
    let setting = Setting::new().await;
    setting.world(|world| world.units[4].2 = "030101");
    setting.is_refused_unless_forced("4601: 1 units lie in no district").await;
}

#[tokio::test]
async fn a_server_that_is_not_known_is_refused() {
    let mut setting = Setting::new().await;
    setting.config.exceptions[0].served_by = Some("030188".to_owned());
    setting.is_refused_unless_forced("030188 is said to serve others").await;
}

#[tokio::test]
async fn exceptions_are_configuration_and_part_of_the_version() {
    let mut setting = Setting::new().await;
    setting.load().await;
    setting.config.exceptions[1].served_by = Some("030104".to_owned());
    let report = setting.load().await;
    assert_eq!(report.unserved_units, Vec::<String>::new());
    let table = report.tables.iter().find(|table| table.name == "exceptions").unwrap();
    assert_eq!((table.rows, table.changed), (2, 1));
    // One's own exceptions may shrink.
    setting.config.exceptions.clear();
    setting.load().await;
    assert_eq!(area(&setting, 2).await[3].as_deref(), Some("030116 Sentrum"));
}

#[tokio::test]
async fn a_damaged_archive_is_refused_even_if_forced() {
    let mut setting = Setting::new().await;
    setting.options.force = true;
    let whole = World::new().archive();
    let mut wrong_sum = whole.clone();
    // The checksum stands 16 bytes into the entry of the directory at the end.
    let entry = whole.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap();
    wrong_sum[entry + 16] ^= 1;
    let mut wrong_bytes = whole.clone();
    wrong_bytes[whole.len() / 3] ^= 0x40;
    let cut_off = World::new().addresses.join("\n");
    let cut_off = zipped("matrikkelenAdresse.csv", &cut_off.as_bytes()[..cut_off.len() - 20]);
    for (what, archive) in [
        ("half", whole[..whole.len() / 2].to_vec()),
        ("nothing", Vec::new()),
        ("a page", b"<html><body>Ned for vedlikehold</body></html>".to_vec()),
        ("another sum", wrong_sum),
        ("other bytes", wrong_bytes),
        ("another file", zipped("lesmeg.txt", b"hei")),
        ("a row cut off", cut_off),
    ] {
        setting.change(|state| state.archive = Some(archive));
        let error = setting.try_load().await.unwrap_err();
        assert!(matches!(error, GeographyError::Archive(_)), "{what}: {error:?}");
        assert_eq!(setting.current().await, None, "{what}");
    }
}

#[tokio::test]
async fn an_archive_that_unpacks_to_too_much_is_given_up() {
    let mut setting = Setting::new().await;
    setting.config.unpacked_bytes_max = 1000;
    let error = setting.try_load().await.unwrap_err();
    let is_limit = matches!(error, GeographyError::Archive(ArchiveError::Addresses(_)));
    assert!(is_limit, "{error:?}");
    setting.config.archive_bytes_max = 100;
    let error = setting.try_load().await.unwrap_err();
    let too_large = |error| match error {
        GeographyError::Download { source: DownloadError::TooLarge(limit), .. } => Some(limit),
        _ => None,
    };
    assert_eq!(too_large(error), Some(100));
}

#[tokio::test]
async fn a_page_instead_of_an_answer_ends_the_load() {
    let setting = Setting::new().await;
    setting.fault("/131/codes.json", 200, "<!DOCTYPE html><html>Ned</html>");
    let error = setting.try_load().await.unwrap_err();
    let table = |error| match error {
        GeographyError::Klass { table, .. } => table,
        other => panic!("{other:?}"),
    };
    assert_eq!(table(error), "municipalities");
    let half = World::new().klass("1");
    setting.fault("/1/codes.json", 200, &half.as_bytes()[..half.len() / 2]);
    assert_eq!(table(setting.try_load().await.unwrap_err()), "units");
    assert_eq!(setting.current().await, None);
}

#[tokio::test]
async fn a_publisher_that_is_away_for_a_moment_is_asked_again() {
    let setting = Setting::new().await;
    setting.fault("/104/codes.json", 503, "");
    setting.fault("/104/codes.json", 429, "");
    // An answer that ends before its length is had again, from the beginning.
    let body = World::new().archive()[..200].to_vec();
    let fault = Fault { path: "/addresses.zip", status: 200, body, length: 100_000 };
    setting.change(|state| state.faults.push_back(fault));
    setting.load().await;
    setting.world(|world| world.far_north = "Kautokeino");
    for _ in 0..3 {
        setting.fault("/addresses.zip", 502, "");
    }
    let error = setting.try_load().await.unwrap_err();
    let status = |error| match error {
        GeographyError::Download { source: DownloadError::Status(status), .. } => Some(status),
        _ => None,
    };
    assert_eq!(status(error), Some(502), "three attempts are enough");
    setting.fault("/104/codes.json", 404, "");
    assert_eq!(status(setting.try_load().await.unwrap_err()), Some(404), "and one is, of this");
    setting.load().await;
}

#[tokio::test]
async fn one_load_runs_at_a_time() {
    let setting = Setting::new().await;
    let other = setting.store.elect_writer(WriterLock::Geography).await.unwrap().unwrap();
    let error = setting.try_load().await.unwrap_err();
    assert!(matches!(error, GeographyError::Busy), "{error:?}");
    other.resign().await;
    setting.load().await;
}

#[tokio::test]
async fn files_in_a_folder_do_as_well() {
    let mut setting = Setting::new().await;
    let from_klass = setting.load().await;
    let folder = Folder::create();
    let world = World::new();
    for table in ["104", "131", "1", "103"] {
        folder.write(&format!("{table}.csv"), world.klass_csv(table).as_bytes());
    }
    folder.write("1-103.json", world.klass("1-103").as_bytes());
    folder.write("addresses.zip", &world.archive());
    let UpdateOptions { klass_dir, addresses, .. } = &mut setting.options;
    *klass_dir = Some(folder.0.clone());
    *addresses = Some(folder.0.join("addresses.zip"));
    let from_files = setting.try_load().await.unwrap();
    assert_eq!(from_files.outcome, Outcome::Unchanged);
    assert_eq!(from_files.digest, from_klass.digest);
    folder.write("131.json", world.klass("131").as_bytes());
    folder.write("131.csv", b"not looked at beside the JSON");
    assert_eq!(setting.try_load().await.unwrap().digest, from_klass.digest);
    std::fs::remove_file(folder.0.join("103.csv")).unwrap();
    let error = setting.try_load().await.unwrap_err();
    assert!(matches!(error, GeographyError::File { .. }), "{error:?}");
}

/// A folder that is removed with this value.
struct Folder(PathBuf);

impl Folder {
    fn create() -> Folder {
        let path = std::env::temp_dir().join(format!("ingest-test-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, content: &[u8]) {
        std::fs::write(self.0.join(name), content).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
