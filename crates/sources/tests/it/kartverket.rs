//! Kartverket's address files, whole and broken.

use std::io::{self, BufReader, Read};

use register::geography::{Address, Code, Door, Property};
use sources::kartverket::{AddressFile, AddressFileError, Tally};

const HEADER: &str = "lokalId;kommunenummer;kommunenavn;adressetype;adressetilleggsnavn;\
    adressetilleggsnavnKilde;adressekode;adressenavn;nummer;bokstav;gardsnummer;bruksnummer;\
    festenummer;undernummer;adresseTekst;EPSG-kode;Nord;Øst;grunnkretsnummer;grunnkretsnavn;\
    adresseId";

fn code<const DIGITS: u32>(number: u32) -> Code<DIGITS> {
    Code::from_number(number).expect("so many digits")
}

fn read(file: impl AsRef<[u8]>) -> (Vec<Address>, Tally, Option<AddressFileError>) {
    let mut file = AddressFile::open(file.as_ref()).expect("a header");
    let mut addresses = Vec::new();
    let mut error = None;
    for address in &mut file {
        match address {
            Ok(address) => addresses.push(address),
            Err(fault) => error = Some(fault),
        }
    }
    assert!(file.next().is_none(), "nothing follows the end");
    (addresses, file.tally().clone(), error)
}

fn with_header(rows: &str) -> String {
    format!("{HEADER}\n{rows}")
}

const STREET: &str = "1;0301;OSLO;vegadresse;;;06001;Blåbærveien;8;B;45;2;;;Blåbærveien 8B;25833;\
    6643000.1;598000.2;03010401;Rode 1;285693267\n";
const FARM: &str = "2;5025;RØROS;matrikkeladresse;Nordistuggu;;0;;0;;131;14;3;2;131/14/3-2;25833;\
    1;2;50250101;Nord;233215711\n";

fn street() -> Address {
    Address {
        id: Some(285_693_267),
        municipality: code(301),
        door: Some(Door { code: 6001, number: 8, letter: Some('B') }),
        property: Some(Property { land: 45, title: 2, leasehold: 0, sub: 0 }),
        unit: code(3_010_401),
    }
}

fn farm() -> Address {
    Address {
        id: Some(233_215_711),
        municipality: code(5025),
        door: None,
        property: Some(Property { land: 131, title: 14, leasehold: 3, sub: 2 }),
        unit: code(50_250_101),
    }
}

#[test]
fn streets_and_properties_are_read() {
    let file = with_header(&format!("{STREET}{FARM}"));
    let windows = file.replace('\n', "\r\n");
    let marked = format!("\u{feff}{file}");
    let latin: Vec<u8> = file.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin")).collect();
    for file in [file.as_bytes(), windows.as_bytes(), marked.as_bytes(), &latin] {
        let (addresses, tally, error) = read(file);
        assert_eq!(addresses, [street(), farm()]);
        assert_eq!(tally, Tally { addresses: 2, ..Tally::default() });
        assert!(error.is_none());
    }
}

#[test]
fn columns_are_found_by_name() {
    let file = "bruksenhetsnummer;ADRESSEID;Grunnkretsnummer;undernr;fnr;bnr;gnr;bokstav;nummer;\
        adressekode;kommunenummer\n\
        H0101;285693267;3010401;;;2;45;B;8;6001;301\n\
        H0102;285693267;03010401;0;0;2;45;B;8;06001;0301\n";
    let (addresses, tally, _) = read(file);
    assert_eq!(addresses, [street(), street()]);
    assert_eq!(tally.unreadable.count(), 0);
    for column in ["adresseId", "grunnkretsnummer", "gardsnummer"] {
        let header = HEADER.replace(column, "noe");
        let error = AddressFile::open(header.as_bytes()).err().expect("refused");
        let expected = column.to_lowercase();
        assert!(error.to_string().contains(&expected), "{error}");
    }
    let twice = format!("{HEADER};adresseId\n");
    assert!(AddressFile::open(twice.as_bytes()).is_err());
    assert!(AddressFile::open(&b""[..]).is_err());
}

#[test]
fn a_field_in_quotes_may_hold_a_separator() {
    let quoted = STREET.replace("Blåbærveien 8B", "\"Gård; nedre \"\"Ås\"\"\"");
    let (addresses, ..) = read(with_header(&quoted));
    assert_eq!(addresses, [street()]);
    let all = STREET.trim_end().split(';').map(|field| format!("\"{field}\""));
    let all = all.collect::<Vec<_>>().join(";");
    let (addresses, ..) = read(with_header(&format!("{all}\n")));
    assert_eq!(addresses, [street()]);
    // A quote inside a name is only that.
    let inner = STREET.replace("Blåbærveien 8B", "Villa \"Ås\" 8B");
    let (addresses, ..) = read(with_header(&inner));
    assert_eq!(addresses, [street()]);
}

#[test]
fn house_letters_in_both_encodings() {
    let file = with_header(&STREET.replace(";8;B;", ";8;Å;"));
    let latin: Vec<u8> = file.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin")).collect();
    for file in [file.as_bytes(), &latin] {
        let (addresses, ..) = read(file);
        assert_eq!(addresses[0].door.and_then(|door| door.letter), Some('Å'));
    }
}

#[test]
fn rows_that_cannot_be_read_are_counted_with_their_lines() {
    let wrong = [
        STREET.replace("03010401", "46010401"),
        STREET.replace("03010401", "0401"),
        STREET.replace("03010401", "030104010"),
        STREET.replace(";0301;", ";;"),
        STREET.replace(";0301;", ";Oslo;"),
        STREET.replace(";8;B;", ";8-10;B;"),
        STREET.replace(";8;B;", ";8;BB;"),
        STREET.replace(";8;B;", ";8;7;"),
        STREET.replace("285693267", "99999999999999999999999"),
        STREET.replace(";45;2;", ";45;2;7;"),
        STREET.replace(";45;2;", ";45;"),
        STREET.replace("Blåbærveien 8B", "\"Blåbærveien 8B"),
    ];
    let rows = wrong.concat();
    let (addresses, tally, error) = read(with_header(&format!("\n{rows}{STREET}")));
    assert_eq!(addresses, [street()]);
    assert_eq!(tally.unreadable.count(), wrong.len() as u64);
    let lines: Vec<u64> = (3..).take(wrong.len()).collect();
    assert_eq!(tally.unreadable.first(), lines);
    assert!(error.is_none());
}

#[test]
fn a_row_without_a_unit_is_no_fault() {
    let (addresses, tally, _) = read(with_header(&STREET.replace("03010401", "")));
    assert_eq!((addresses.len(), tally.without_unit, tally.unreadable.count()), (0, 1, 0));
}

#[test]
fn many_faults_keep_few_lines() {
    let rows = "x\n".repeat(1000);
    let (_, tally, _) = read(with_header(&rows));
    assert_eq!((tally.unreadable.count(), tally.unreadable.first().len()), (1000, 20));
}

#[test]
fn a_file_that_is_cut_off_is_noticed() {
    let file = with_header(&format!("{FARM}{STREET}"));
    for cut in [1, 40, 60, STREET.len() - 12] {
        let (addresses, _, error) = read(&file.as_bytes()[..file.len() - STREET.len() + cut]);
        assert_eq!(addresses, [farm()]);
        assert!(matches!(error, Some(AddressFileError::Truncated { line: 3 })), "{cut}: {error:?}");
    }
    // A whole row without a line break: that may be how the file ends.
    let (addresses, tally, error) = read(file.trim_end());
    assert_eq!((addresses.len(), tally.ends_without_line_break), (2, true));
    assert!(error.is_none());
}

/// Gives what it has, then fails, as an archive does that ends too early.
struct Broken(&'static [u8]);

impl Read for Broken {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.0.read(out) {
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            read => read,
        }
    }
}

#[test]
fn bytes_that_cannot_be_had_are_an_error_once() {
    let bytes: &'static [u8] = with_header(STREET).leak().as_bytes();
    let mut file = AddressFile::open(BufReader::new(Broken(bytes))).expect("a header");
    assert!(file.next().is_some_and(|address| address.is_ok()));
    let error = file.next().and_then(Result::err).expect("an error");
    assert!(matches!(error, AddressFileError::Read { line: 2, .. }), "{error:?}");
    assert!(file.next().is_none());
}
