//! The stored shape of a served form: a small header and a compressed frame.

use register::package::Package;

use crate::compression::{self, Content, Fault};

/// The only format so far.
const FORMAT: u8 = 1;
/// The key id of a blob that is not sealed.
const UNSEALED: u8 = 0;
/// No person is near this.
const LARGEST: u64 = 16 * 1024 * 1024;

/// A served form that cannot be compressed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlobError {
    /// The header is not one of ours.
    #[error("its header is unknown")]
    Header,
    /// It was compressed with a dictionary that this version does not have, or one that cannot be
    /// used.
    #[error("its dictionary is unknown")]
    Dictionary,
    /// The compressed frame is damaged.
    #[error("its frame is damaged")]
    Frame,
}

impl From<Fault> for BlobError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Dictionary => BlobError::Dictionary,
            Fault::Frame => BlobError::Frame,
        }
    }
}

/// Compresses a served form with the newest dictionary of its package.
pub fn compress(package: Package, served: &[u8]) -> Result<Vec<u8>, BlobError> {
    let frame = compression::compress(Content::Served(package), served)?;
    Ok([&[FORMAT, UNSEALED], frame.as_slice()].concat())
}

/// Opens what [`compress`] made, now or with any earlier dictionary.
pub fn decompress(blob: &[u8]) -> Result<Vec<u8>, BlobError> {
    let Some(([FORMAT, UNSEALED], frame)) = blob.split_first_chunk() else {
        return Err(BlobError::Header);
    };
    Ok(compression::expand(frame, LARGEST)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_served_form_comes_back_whole_in_both_packages() {
        for package in [Package::FullAccess, Package::RestrictedAccess] {
            let blob = compress(package, "Åse Ærø".as_bytes()).unwrap();
            assert_eq!(blob[..2], [FORMAT, UNSEALED]);
            assert_eq!(decompress(&blob).unwrap(), "Åse Ærø".as_bytes());
        }
    }

    #[test]
    fn a_damaged_blob_is_refused() {
        let blob = compress(Package::FullAccess, b"{}").unwrap();
        assert_eq!(decompress(b""), Err(BlobError::Header));
        assert_eq!(decompress(&blob[..1]), Err(BlobError::Header));
        for header in [[0, 0], [FORMAT, 1], [2, UNSEALED]] {
            let other = [&header, &blob[2..]].concat();
            assert_eq!(decompress(&other), Err(BlobError::Header));
        }
        assert!((2..blob.len()).all(|length| decompress(&blob[..length]).is_err()));
    }
}
