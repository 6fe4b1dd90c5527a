//! The files of a running sandbox, and the geography that they make.

use std::io::{BufReader, Cursor, Read};

use register::geography::{Builder, Exception, Geography, Report, UnitDistrict, Validity};
use register::time::Day;
use reqwest::header::ACCEPT;
use reqwest::{Method, StatusCode};
use sources::kartverket::{AddressFile, Tally};
use sources::ssb::{self, Asked};
use zip::ZipArchive;

use crate::support::Running;

pub const ADDRESSES: &str = "/kartverket/Basisdata_0000_Norge_25833_MatrikkelenAdresse_CSV.zip";
const FOLDER: &str = "Basisdata_0000_Norge_25833_MatrikkelenAdresse_CSV";

pub fn day(text: &str) -> Day {
    Day::parse(text).expect(text)
}

/// The range that all tests ask for.
pub fn range() -> Asked {
    Asked::Range { from: day("2002-01-01"), to: None }
}

/// What Klass says: status, content type, body.
pub async fn klass(sandbox: &Running, path: &str, accept: &str) -> (StatusCode, String, Vec<u8>) {
    let url = format!("{}/klass/v1/classifications/{path}", sandbox.url);
    let request = reqwest::Client::new().request(Method::GET, url).header(ACCEPT, accept);
    let answer = request.send().await.expect("an answer");
    let kind =
        answer.headers().get("content-type").expect("one").to_str().expect("text").to_owned();
    (answer.status(), kind, answer.bytes().await.expect("a body").to_vec())
}

/// An answer that must be there, in JSON.
pub async fn table(sandbox: &Running, path: &str) -> Vec<u8> {
    let (status, _, body) = klass(sandbox, path, "application/json").await;
    assert_eq!(status, 200, "{path}");
    body
}

/// The bytes of the address file's archive.
pub async fn archive(sandbox: &Running) -> Vec<u8> {
    let answer = reqwest::get(format!("{}{ADDRESSES}", sandbox.url)).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    answer.bytes().await.expect("whole").to_vec()
}

/// The address file, unpacked. Reading to the end checks the sum of the contents.
pub fn unpacked(archive: Vec<u8>) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).expect("a whole archive");
    let name = format!("{FOLDER}/matrikkelenAdresse.csv");
    let mut contents = Vec::new();
    archive.by_name(&name).expect("in it").read_to_end(&mut contents).expect("intact");
    contents
}

/// The geography that the files make, as production makes it.
pub async fn geography(sandbox: &Running) -> (Geography, Report, Tally) {
    let mut builder = Builder::default();
    let from = "codes.json?from=2002-01-01&includeFuture=true";
    let counties = table(sandbox, &format!("104/{from}")).await;
    let municipalities = table(sandbox, &format!("131/{from}")).await;
    let districts = table(sandbox, &format!("103/{from}")).await;
    let units = table(sandbox, &format!("1/{from}")).await;
    let pairs = pairs(sandbox, "&includeFuture=true").await;
    let counties = ssb::counties(&counties, range()).expect("readable").rows;
    counties.into_iter().for_each(|row| builder.county(row));
    let municipalities = ssb::municipalities(&municipalities, range()).expect("readable").rows;
    municipalities.into_iter().for_each(|row| builder.municipality(row));
    let districts = ssb::districts(&districts, range()).expect("readable").rows;
    districts.into_iter().for_each(|row| builder.district(row));
    let units = ssb::units(&units, range()).expect("readable").rows;
    units.into_iter().for_each(|row| builder.unit(row));
    pairs.into_iter().for_each(|row| builder.unit_district(row));
    for exception in Exception::oslo(Validity::since(day("2004-01-01"))) {
        builder.exception(exception);
    }
    let contents = unpacked(archive(sandbox).await);
    let mut file = AddressFile::open(BufReader::new(contents.as_slice())).expect("a header");
    for address in &mut file {
        builder.address(&address.expect("whole"));
    }
    let tally = file.tally().clone();
    let (geography, report) = builder.build();
    (geography, report, tally)
}

/// Which district each unit lies in.
pub async fn pairs(sandbox: &Running, more: &str) -> Vec<UnitDistrict> {
    let path = format!("1/corresponds.json?from=2002-01-01&targetClassificationId=103{more}");
    ssb::unit_districts(&table(sandbox, &path).await, range()).expect("readable").rows
}
