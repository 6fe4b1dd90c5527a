//! zstd with trained dictionaries.
//!
//! What is stored is short and much like any other, so most of it is in a dictionary. A frame names
//! the dictionary it was made with; every version stays in the program, so that whatever was stored
//! is read whenever it was written.

use std::cell::RefCell;
use std::sync::LazyLock;

use register::package::Package;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::{get_dict_id_from_frame, get_frame_content_size};

/// Largest size of a dictionary in bytes.
pub const DICTIONARY_SIZE: usize = 64 * 1024;

/// With a dictionary the third level saves three hundredths of the bytes, and takes longer.
const LEVEL: i32 = 1;

/// What is compressed. Each kind has its own dictionaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// What a package is served.
    Served(Package),
    /// A source's own words, before they are encrypted.
    Source,
}

/// Every dictionary that was ever used. The last one of a kind compresses; none is ever removed.
const DICTIONARIES: [(Content, &[u8]); 5] = [
    (Content::Served(Package::FullAccess), include_bytes!("../dictionaries/served-full-1.dict")),
    (
        Content::Served(Package::RestrictedAccess),
        include_bytes!("../dictionaries/served-restricted-1.dict"),
    ),
    (Content::Served(Package::FullAccess), include_bytes!("../dictionaries/served-full-2.dict")),
    (
        Content::Served(Package::RestrictedAccess),
        include_bytes!("../dictionaries/served-restricted-2.dict"),
    ),
    (Content::Source, include_bytes!("../dictionaries/source-2.dict")),
];

/// Why something cannot be compressed or expanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It was compressed with a dictionary that this version does not have, or one that cannot be
    /// used.
    Dictionary,
    /// The frame is damaged, or claims to hold more than anything does.
    Frame,
}

/// A dictionary, digested once for both directions.
struct Dictionary {
    content: Content,
    id: u32,
    encoder: EncoderDictionary<'static>,
    decoder: DecoderDictionary<'static>,
}

impl Dictionary {
    fn digest(content: Content, bytes: &[u8]) -> Option<Dictionary> {
        let encoder = EncoderDictionary::try_copy(bytes, LEVEL).ok()?;
        let decoder = DecoderDictionary::try_copy(bytes).ok()?;
        let id = decoder.as_ddict().get_dict_id()?.get();
        Some(Dictionary { content, id, encoder, decoder })
    }
}

/// Compresses with the newest dictionary of a kind, expands with any.
struct Codec(Vec<Dictionary>);

static CODEC: LazyLock<Codec> = LazyLock::new(|| Codec::of(&DICTIONARIES));

thread_local! {
    /// Contexts are large and dear to make: each thread keeps its own.
    static COMPRESSOR: RefCell<Compressor<'static>> = RefCell::new(Compressor::default());
    static DECOMPRESSOR: RefCell<Decompressor<'static>> = RefCell::new(Decompressor::default());
    /// For frames that were made without a dictionary: with one they would be read wrongly.
    static PLAIN: RefCell<Decompressor<'static>> = RefCell::new(Decompressor::default());
}

impl Codec {
    fn of(dictionaries: &[(Content, &[u8])]) -> Codec {
        let digest = |(content, bytes): &(Content, &[u8])| Dictionary::digest(*content, bytes);
        Codec(dictionaries.iter().filter_map(digest).collect())
    }

    fn compress(&'static self, content: Content, plain: &[u8]) -> Result<Vec<u8>, Fault> {
        let newest = self.0.iter().rfind(|dictionary| dictionary.content == content);
        let dictionary = newest.ok_or(Fault::Dictionary)?;
        let frame = COMPRESSOR.with_borrow_mut(|compressor| {
            compressor.set_prepared_dictionary(&dictionary.encoder)?;
            compressor.compress(plain)
        });
        frame.map_err(|_| Fault::Frame)
    }

    fn expand(&'static self, frame: &[u8], largest: u64) -> Result<Vec<u8>, Fault> {
        let size = match get_frame_content_size(frame) {
            Ok(Some(size)) if size <= largest => size as usize,
            _ => return Err(Fault::Frame),
        };
        let plain = match get_dict_id_from_frame(frame) {
            None => PLAIN.with_borrow_mut(|decompressor| decompressor.decompress(frame, size)),
            Some(id) => {
                let dictionary = self.0.iter().find(|dictionary| dictionary.id == id.get());
                let dictionary = dictionary.ok_or(Fault::Dictionary)?;
                DECOMPRESSOR.with_borrow_mut(|decompressor| {
                    decompressor.set_prepared_dictionary(&dictionary.decoder)?;
                    decompressor.decompress(frame, size)
                })
            }
        };
        plain.map_err(|_| Fault::Frame)
    }
}

/// Compresses with the newest dictionary of its kind.
pub(crate) fn compress(content: Content, plain: &[u8]) -> Result<Vec<u8>, Fault> {
    CODEC.compress(content, plain)
}

/// Expands what [`compress`] made, now or with any earlier dictionary, or with none. A broken frame
/// must not make us reserve what it claims, so nothing may be larger than `largest`.
pub(crate) fn expand(frame: &[u8], largest: u64) -> Result<Vec<u8>, Fault> {
    CODEC.expand(frame, largest)
}

/// Makes a dictionary of at most [`DICTIONARY_SIZE`] bytes; none when the samples are too few, or
/// have too little in common. Only ever from synthetic persons: a dictionary holds fragments of its
/// samples in clear.
pub fn train(samples: &[Vec<u8>]) -> Option<Vec<u8>> {
    zstd::dict::from_samples(samples, DICTIONARY_SIZE).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const FULL: Content = Content::Served(Package::FullAccess);
    const KINDS: [Content; 3] = [FULL, Content::Served(Package::RestrictedAccess), Content::Source];
    const LARGEST: u64 = 1 << 20;

    fn samples(word: &str) -> Vec<Vec<u8>> {
        let item = |i: u32, j: u32| {
            let value = i.wrapping_mul(2_654_435_761).wrapping_add(j * 97) % 10_007;
            format!("{{\"{word}{}\":\"{value}\",\"isValid\":true}},", (i + j) % 4)
        };
        let sample = |i| (0..30).map(|j| item(i, j)).collect::<String>().into_bytes();
        (0..1000).map(sample).collect()
    }

    fn codec(dictionaries: &[&[u8]]) -> &'static Codec {
        let of_full: Vec<(Content, &[u8])> =
            dictionaries.iter().map(|bytes| (FULL, *bytes)).collect();
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
    fn everything_comes_back_whole() {
        let large = samples("name").concat();
        let plain: [&[u8]; 4] = [b"", b"x", "Åse Ærø".as_bytes(), &large];
        for content in KINDS {
            for plain in plain {
                let frame = compress(content, plain).unwrap();
                assert_eq!(expand(&frame, LARGEST).unwrap(), plain);
            }
        }
    }

    #[test]
    fn a_frame_is_read_after_a_new_dictionary_has_come() {
        let (first, second) =
            (train(&samples("first")).unwrap(), train(&samples("second")).unwrap());
        let (old, new, only_new) = (codec(&[&first]), codec(&[&first, &second]), codec(&[&second]));
        let plain = &samples("first")[7];
        let stored = old.compress(FULL, plain).unwrap();
        assert!(stored.len() * 3 < plain.len(), "the dictionary helps");
        assert_eq!(&new.expand(&stored, LARGEST).unwrap(), plain);
        assert_eq!(only_new.expand(&stored, LARGEST), Err(Fault::Dictionary));
        let written = new.compress(FULL, plain).unwrap();
        assert_eq!(&only_new.expand(&written, LARGEST).unwrap(), plain, "the newest compresses");
        assert_eq!(new.compress(Content::Source, plain), Err(Fault::Dictionary));
    }

    #[test]
    fn what_was_made_without_a_dictionary_is_read() {
        let plain = samples("name").concat();
        let frame = zstd::bulk::compress(&plain, 3).unwrap();
        assert_eq!(expand(&frame, LARGEST).unwrap(), plain);
    }

    #[test]
    fn damage_and_too_large_a_claim_are_refused() {
        let plain = &samples("name")[3];
        let frame = compress(FULL, plain).unwrap();
        assert!((0..frame.len()).all(|length| expand(&frame[..length], LARGEST).is_err()));
        assert_eq!(expand(&frame, plain.len() as u64 - 1), Err(Fault::Frame));
    }

    #[test]
    fn too_few_samples_make_no_dictionary() {
        assert_eq!(train(&[b"one".to_vec()]), None);
    }
}
