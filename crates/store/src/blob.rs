//! The stored shape of a served form: a small header and a zstd frame with a trained dictionary.
//!
//! A served form is short and much like any other, so most of it is in the dictionary. The frame
//! names its dictionary; every version stays in the program, so that a row is read whenever it was
//! written.

use std::cell::RefCell;
use std::sync::LazyLock;

use register::package::Package;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::{get_dict_id_from_frame, get_frame_content_size};

/// Largest size of a dictionary in bytes.
pub const DICTIONARY_SIZE: usize = 64 * 1024;

/// The only format so far.
const FORMAT: u8 = 1;
/// The key id of a blob that is not sealed.
const UNSEALED: u8 = 0;
/// What the sizes and times of the design were measured with.
const LEVEL: i32 = 3;
/// No person is near this; a broken frame must not make us reserve what it claims.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Every dictionary that ever compressed a stored blob. The last one of a package compresses; none
/// is ever removed.
const DICTIONARIES: [(Package, &[u8]); 2] = [
    (Package::FullAccess, include_bytes!("../dictionaries/served-full-1.dict")),
    (Package::RestrictedAccess, include_bytes!("../dictionaries/served-restricted-1.dict")),
];

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
    /// There are too few samples, or they have too little in common.
    #[error("no dictionary can be made of the samples")]
    Samples,
}

/// A dictionary, digested once for both directions.
struct Dictionary {
    package: Package,
    id: u32,
    encoder: EncoderDictionary<'static>,
    decoder: DecoderDictionary<'static>,
}

impl Dictionary {
    fn digest(package: Package, bytes: &[u8]) -> Option<Dictionary> {
        let encoder = EncoderDictionary::try_copy(bytes, LEVEL).ok()?;
        let decoder = DecoderDictionary::try_copy(bytes).ok()?;
        let id = decoder.as_ddict().get_dict_id()?.get();
        Some(Dictionary { package, id, encoder, decoder })
    }
}

/// Compresses with the newest dictionary of a package, opens with any.
struct Codec(Vec<Dictionary>);

static CODEC: LazyLock<Codec> = LazyLock::new(|| Codec::of(&DICTIONARIES));

thread_local! {
    /// Contexts are large and dear to make: each thread keeps its own.
    static COMPRESSOR: RefCell<Compressor<'static>> = RefCell::new(Compressor::default());
    static DECOMPRESSOR: RefCell<Decompressor<'static>> = RefCell::new(Decompressor::default());
}

impl Codec {
    fn of(dictionaries: &[(Package, &[u8])]) -> Codec {
        let digest = |(package, bytes): &(Package, &[u8])| Dictionary::digest(*package, bytes);
        Codec(dictionaries.iter().filter_map(digest).collect())
    }

    fn compress(&'static self, package: Package, served: &[u8]) -> Result<Vec<u8>, BlobError> {
        let newest = self.0.iter().rfind(|dictionary| dictionary.package == package);
        let dictionary = newest.ok_or(BlobError::Dictionary)?;
        let frame = COMPRESSOR.with_borrow_mut(|compressor| {
            compressor.set_prepared_dictionary(&dictionary.encoder)?;
            compressor.compress(served)
        });
        let frame = frame.map_err(|_| BlobError::Frame)?;
        Ok([&[FORMAT, UNSEALED], frame.as_slice()].concat())
    }

    fn decompress(&'static self, blob: &[u8]) -> Result<Vec<u8>, BlobError> {
        let Some(([FORMAT, UNSEALED], frame)) = blob.split_first_chunk() else {
            return Err(BlobError::Header);
        };
        let size = match get_frame_content_size(frame) {
            Ok(Some(size)) if size <= LARGEST => size as usize,
            _ => return Err(BlobError::Frame),
        };
        let id = get_dict_id_from_frame(frame).ok_or(BlobError::Dictionary)?.get();
        let dictionary = self.0.iter().find(|dictionary| dictionary.id == id);
        let dictionary = dictionary.ok_or(BlobError::Dictionary)?;
        let served = DECOMPRESSOR.with_borrow_mut(|decompressor| {
            decompressor.set_prepared_dictionary(&dictionary.decoder)?;
            decompressor.decompress(frame, size)
        });
        served.map_err(|_| BlobError::Frame)
    }
}

/// Compresses a served form with the newest dictionary of its package.
pub fn compress(package: Package, served: &[u8]) -> Result<Vec<u8>, BlobError> {
    CODEC.compress(package, served)
}

/// Opens what [`compress`] made, now or with any earlier dictionary.
pub fn decompress(blob: &[u8]) -> Result<Vec<u8>, BlobError> {
    CODEC.decompress(blob)
}

/// Makes a dictionary of at most [`DICTIONARY_SIZE`] bytes from served forms. Only ever from
/// synthetic persons: a dictionary holds fragments of its samples in clear.
pub fn train(samples: &[Vec<u8>]) -> Result<Vec<u8>, BlobError> {
    zstd::dict::from_samples(samples, DICTIONARY_SIZE).map_err(|_| BlobError::Samples)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const PACKAGES: [Package; 2] = [Package::FullAccess, Package::RestrictedAccess];

    fn samples(word: &str) -> Vec<Vec<u8>> {
        let item = |i: u32, j: u32| {
            let value = i.wrapping_mul(2_654_435_761).wrapping_add(j * 97) % 10_007;
            format!("{{\"{word}{}\":\"{value}\",\"isValid\":true}},", (i + j) % 4)
        };
        let sample = |i| (0..30).map(|j| item(i, j)).collect::<String>().into_bytes();
        (0..1000).map(sample).collect()
    }

    fn codec(dictionaries: &[&[u8]]) -> &'static Codec {
        let of_full: Vec<(Package, &[u8])> =
            dictionaries.iter().map(|bytes| (Package::FullAccess, *bytes)).collect();
        Box::leak(Box::new(Codec::of(&of_full)))
    }

    #[test]
    fn every_dictionary_is_usable_and_has_an_id_of_its_own() {
        assert_eq!(CODEC.0.len(), DICTIONARIES.len());
        let ids: HashSet<u32> = CODEC.0.iter().map(|dictionary| dictionary.id).collect();
        assert_eq!(ids.len(), DICTIONARIES.len());
        assert!(DICTIONARIES.iter().all(|(_, bytes)| bytes.len() <= DICTIONARY_SIZE));
    }

    #[test]
    fn a_served_form_comes_back_whole_in_both_packages() {
        let large = samples("name").concat();
        let forms: [&[u8]; 4] = [b"", b"x", "Åse Ærø".as_bytes(), &large];
        for package in PACKAGES {
            for form in forms {
                let blob = compress(package, form).unwrap();
                assert_eq!(blob[..2], [FORMAT, UNSEALED]);
                assert_eq!(decompress(&blob).unwrap(), form);
            }
        }
    }

    #[test]
    fn a_blob_is_read_after_a_new_dictionary_has_come() {
        let (first, second) =
            (train(&samples("first")).unwrap(), train(&samples("second")).unwrap());
        let (old, new, only_new) = (codec(&[&first]), codec(&[&first, &second]), codec(&[&second]));
        let form = &samples("first")[7];
        let stored = old.compress(Package::FullAccess, form).unwrap();
        assert!(stored.len() * 3 < form.len(), "the dictionary helps");
        assert_eq!(&new.decompress(&stored).unwrap(), form);
        assert_eq!(only_new.decompress(&stored), Err(BlobError::Dictionary));
        let written = new.compress(Package::FullAccess, form).unwrap();
        assert_eq!(&only_new.decompress(&written).unwrap(), form, "the newest one compresses");
    }

    #[test]
    fn a_damaged_blob_is_refused() {
        let blob = compress(Package::FullAccess, &samples("name")[3]).unwrap();
        assert_eq!(decompress(b""), Err(BlobError::Header));
        assert_eq!(decompress(&blob[..1]), Err(BlobError::Header));
        for header in [[0, 0], [FORMAT, 1], [2, UNSEALED]] {
            let other = [&header, &blob[2..]].concat();
            assert_eq!(decompress(&other), Err(BlobError::Header));
        }
        assert!((2..blob.len()).all(|length| decompress(&blob[..length]).is_err()));
    }

    #[test]
    fn too_few_samples_make_no_dictionary() {
        assert_eq!(train(&[b"one".to_vec()]), Err(BlobError::Samples));
    }
}
