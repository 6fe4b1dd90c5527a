//! Kartverket, the mapping authority: the land register's file of every address in the country.
//!
//! `matrikkelenAdresse.csv` has a row for each address, `matrikkelenAdresseLeilighetsniva.csv` one
//! for each dwelling at it; both are read here, some three million rows, one at a time. Columns are
//! found by their names, because the two files and their editions order them differently.

use std::io::{self, BufRead};

use register::geography::{Address, Door, Municipality, Property, Unit};

use crate::unreadable::Unreadable;

/// Why an address file cannot be read to its end. No text quotes the file.
#[derive(Debug, thiserror::Error)]
pub enum AddressFileError {
    /// The bytes could not be had; of a file in an archive, also where the archive ends too early.
    #[error("the address file cannot be read after line {line}")]
    Read {
        /// The last line that was read.
        line: u64,
        /// What went wrong.
        #[source]
        source: io::Error,
    },
    /// The first line does not name a column that is needed.
    #[error("the address file's header has no column `{column}`")]
    Header {
        /// Kartverket's name of the column.
        column: &'static str,
    },
    /// The file ends in the middle of a row.
    #[error("the address file is cut off in line {line}")]
    Truncated {
        /// The last line.
        line: u64,
    },
}

/// What became of the rows so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that were given out.
    pub addresses: u64,
    /// Rows that name no unit. There are some, and they tell nothing here.
    pub without_unit: u64,
    /// Rows that could not be read.
    pub unreadable: Unreadable,
    /// Whether the last row had no line break. It has all its columns, but its last one may be cut
    /// off, and more may have followed. A file from an archive whose checksum holds is whole.
    pub ends_without_line_break: bool,
}

/// An address file, read row by row.
pub struct AddressFile<R> {
    input: R,
    line: Vec<u8>,
    line_number: u64,
    columns: Columns,
    tally: Tally,
    ended: bool,
}

/// What is needed of a row, in the order of [`NAMES`].
const NEEDED: usize = 10;

/// The names of the columns that are needed, each with another that has been seen.
const NAMES: [[&str; 2]; NEEDED] = [
    ["kommunenummer", "kommunenr"],
    ["adressekode", "adressekode"],
    ["nummer", "husnummer"],
    ["bokstav", "husbokstav"],
    ["gardsnummer", "gnr"],
    ["bruksnummer", "bnr"],
    ["festenummer", "fnr"],
    ["undernummer", "undernr"],
    ["grunnkretsnummer", "grunnkretsnr"],
    ["adresseid", "adresse_id"],
];

/// Where the needed columns are.
struct Columns {
    /// For each column of the file, which needed one it is.
    roles: Vec<Option<usize>>,
}

impl<R: BufRead> AddressFile<R> {
    /// Opens a file: reads its header.
    ///
    /// # Errors
    /// [`AddressFileError::Header`] where a column is missing, [`AddressFileError::Read`] where
    /// nothing can be read.
    pub fn open(input: R) -> Result<Self, AddressFileError> {
        let mut file = Self {
            input,
            line: Vec::with_capacity(1024),
            line_number: 0,
            columns: Columns { roles: Vec::new() },
            tally: Tally::default(),
            ended: false,
        };
        file.read_line()?;
        file.columns = Columns::find(&file.line)?;
        Ok(file)
    }

    /// What became of the rows so far; of all of them, when there are no more.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Reads the next line without its end. False at the end of the file.
    fn read_line(&mut self) -> Result<bool, AddressFileError> {
        self.line.clear();
        let read = self.input.read_until(b'\n', &mut self.line);
        let line = self.line_number;
        let length = read.map_err(|source| AddressFileError::Read { line, source })?;
        if length == 0 {
            return Ok(false);
        }
        self.line_number += 1;
        if self.line.pop_if(|byte| *byte == b'\n').is_none() {
            self.tally.ends_without_line_break = true;
        }
        self.line.pop_if(|byte| *byte == b'\r');
        Ok(true)
    }

    fn next_address(&mut self) -> Result<Option<Address>, AddressFileError> {
        while self.read_line()? {
            if self.line.is_empty() {
                continue;
            }
            match self.columns.split(&self.line).and_then(|fields| address(&fields)) {
                Some(Some(address)) => {
                    self.tally.addresses += 1;
                    return Ok(Some(address));
                }
                Some(None) => self.tally.without_unit += 1,
                None if self.tally.ends_without_line_break => {
                    return Err(AddressFileError::Truncated { line: self.line_number });
                }
                None => self.tally.unreadable.add(self.line_number),
            }
        }
        Ok(None)
    }
}

impl<R: BufRead> Iterator for AddressFile<R> {
    type Item = Result<Address, AddressFileError>;

    /// The next address. After an error there is nothing more.
    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.next_address().transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl Columns {
    fn find(header: &[u8]) -> Result<Self, AddressFileError> {
        let header = header.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(header);
        let role = |name: &[u8]| {
            let name = unquoted(name);
            NAMES.iter().position(|names| {
                names.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
            })
        };
        let roles: Vec<_> = header.split(|byte| *byte == b';').map(role).collect();
        for (needed, names) in NAMES.iter().enumerate() {
            if roles.iter().filter(|role| **role == Some(needed)).count() != 1 {
                return Err(AddressFileError::Header { column: names[0] });
            }
        }
        Ok(Self { roles })
    }

    /// The needed fields of a row, unless it has more or fewer columns than the header.
    fn split<'a>(&self, line: &'a [u8]) -> Option<[&'a [u8]; NEEDED]> {
        let mut fields = [&[][..]; NEEDED];
        let mut roles = self.roles.iter();
        let mut rest = Some(line);
        while let Some(text) = rest {
            let (field, after) = first_field(text)?;
            if let Some(role) = *roles.next()? {
                fields[role] = field;
            }
            rest = after;
        }
        roles.next().is_none().then_some(fields)
    }
}

/// The first field of a line, and what follows its separator. A field in quotes may hold a
/// separator. Nothing where the quotes do not end.
fn first_field(text: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let skip = match text.first() {
        Some(b'"') => {
            let mut quotes = text.iter().enumerate().filter(|(_, byte)| **byte == b'"').skip(1);
            loop {
                let (at, _) = quotes.next()?;
                if matches!(text.get(at + 1), None | Some(b';')) {
                    break at;
                }
            }
        }
        _ => 0,
    };
    Some(match text[skip..].iter().position(|byte| *byte == b';') {
        Some(at) => (&text[..skip + at], Some(&text[skip + at + 1..])),
        None => (text, None),
    })
}

/// A field without the quotes and blanks around it.
fn unquoted(field: &[u8]) -> &[u8] {
    let field = field.trim_ascii();
    let inner = field.strip_prefix(b"\"").and_then(|field| field.strip_suffix(b"\""));
    inner.unwrap_or(field)
}

/// The address of a row: nothing where it cannot be read, no address where it names no unit.
fn address(fields: &[&[u8]; NEEDED]) -> Option<Option<Address>> {
    let [municipality, code, number, letter, land, title, leasehold, sub, unit, id] =
        fields.map(unquoted);
    // The numbers of municipalities and units come with and without their zero in front.
    let municipality = Municipality::from_number(whole(municipality)??)?;
    let Some(unit) = whole(unit)? else {
        return Some(None);
    };
    let unit = Unit::from_number(unit).filter(|unit| unit.municipality() == municipality)?;
    // Addresses without a street have nothing there, or zeros.
    let door = match (whole(code)?, whole(number)?) {
        (Some(1..), Some(0)) | (Some(0) | None, _) | (_, None) => None,
        (Some(code), Some(number)) => Some(Door { code, number, letter: one_letter(letter)? }),
    };
    let property = match (whole(land)?, whole(title)?) {
        (Some(land), Some(title)) => Some(Property {
            land,
            title,
            leasehold: whole(leasehold)?.unwrap_or(0),
            sub: whole(sub)?.unwrap_or(0),
        }),
        _ => None,
    };
    Some(Some(Address { id: whole(id)?, municipality, door, property, unit }))
}

/// A whole number, or none where nothing stands. The outer nothing is a text that is no number.
fn whole<T: TryFrom<u64>>(field: &[u8]) -> Option<Option<T>> {
    if field.is_empty() {
        return Some(None);
    }
    let mut number = 0_u64;
    for byte in field {
        let digit = u64::from(byte.wrapping_sub(b'0'));
        if digit > 9 {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(digit)?;
    }
    T::try_from(number).ok().map(Some)
}

/// A letter, in UTF-8 or ISO-8859-1, or none. The outer nothing is a text that is no letter.
fn one_letter(field: &[u8]) -> Option<Option<char>> {
    let text = match (field, str::from_utf8(field)) {
        ([], _) => return Some(None),
        (_, Ok(text)) => text,
        ([byte], Err(_)) => return Some(Some(char::from(*byte))),
        _ => return None,
    };
    let mut letters = text.chars();
    let letter = letters.next().filter(|letter| letter.is_alphabetic())?;
    letters.next().is_none().then_some(Some(letter))
}
