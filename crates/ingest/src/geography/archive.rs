//! Kartverket's archive: the address file is read out of it row by row, and never unpacked.
//!
//! The archive's checksum is compared at the end of the file, so what was given out counts only when
//! the whole of it came.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::ops::ControlFlow;

use register::geography::Address;
use sources::kartverket::{AddressFile, Tally};
use store::GeographyStage;
use zip::ZipArchive;

use super::error::ArchiveError;

const BUFFER: usize = 1 << 16;
/// A row has some 500 bytes. What has no end after so many is no table.
const LINE_MAX: usize = 1 << 16;

/// What became of the rows of an address file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rows {
    pub(super) tally: Tally,
    /// Addresses with a number that no table of ours takes.
    pub(super) impossible: u64,
}

/// Gives out every address in the archive.
pub(super) fn read(
    archive: &File,
    bytes_max: u64,
    mut give: impl FnMut(Address) -> ControlFlow<()>,
) -> Result<Rows, ArchiveError> {
    let mut input = BufReader::with_capacity(BUFFER, archive);
    input.rewind().map_err(zip::result::ZipError::Io)?;
    let mut archive = ZipArchive::new(input)?;
    let place = address_file(&archive)?;
    let guarded = Guarded { inner: archive.by_index(place)?, left: bytes_max, line: 0 };
    let mut file = AddressFile::open(BufReader::with_capacity(BUFFER, guarded))?;
    let mut impossible = 0;
    for address in &mut file {
        let address = address?;
        if !GeographyStage::takes(&address) {
            impossible += 1;
        } else if give(address).is_break() {
            return Err(ArchiveError::Unwanted);
        }
    }
    Ok(Rows { tally: file.tally().clone(), impossible })
}

/// Which file of the archive has the addresses.
fn address_file<R: Read + Seek>(archive: &ZipArchive<R>) -> Result<usize, ArchiveError> {
    let mut found = Vec::new();
    for (place, name) in archive.file_names().enumerate() {
        let name = name?.to_ascii_lowercase();
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        if name.starts_with("matrikkelenadresse") && name.ends_with(".csv") {
            found.push(place);
        }
    }
    match *found {
        [place] => Ok(place),
        _ => Err(ArchiveError::Contents(found.len())),
    }
}

/// A file that must not become larger, nor have longer lines, than any address file.
struct Guarded<R> {
    inner: R,
    left: u64,
    /// Bytes since the last line break.
    line: usize,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.left = (self.left.checked_sub(length as u64))
            .ok_or_else(|| io::Error::other("the file is larger than unpacked_bytes_max"))?;
        self.line = match buffer[..length].iter().rposition(|byte| *byte == b'\n') {
            Some(place) => length - place - 1,
            None => self.line + length,
        };
        if self.line > LINE_MAX {
            return Err(io::Error::other("a line does not end"));
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guarded(text: &[u8], left: u64) -> io::Result<usize> {
        let mut guarded = Guarded { inner: text, left, line: 0 };
        guarded.read_to_end(&mut Vec::new())
    }

    #[test]
    fn a_file_that_grows_and_grows_is_given_up() {
        assert_eq!(guarded(b"abc\n", 4).unwrap(), 4);
        assert!(guarded(b"abc\n", 3).unwrap_err().to_string().contains("unpacked_bytes_max"));
        let rows = [&[b'a'; LINE_MAX][..], b"\n"].concat().repeat(3);
        assert_eq!(guarded(&rows, u64::MAX).unwrap(), rows.len());
        let endless = vec![b'a'; 4 * LINE_MAX];
        assert!(guarded(&endless, u64::MAX).unwrap_err().to_string().contains("does not end"));
    }
}
