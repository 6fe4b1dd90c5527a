//! Sealing: what the register keeps of a source in its own words is compressed and encrypted.
//!
//! A sealed value is `format, key id, nonce (12), ciphertext and tag`. The caller names what it
//! belongs to (table and person, topic and key); a value that is moved elsewhere does not open.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;

use crate::compression::{self, Content};

/// The only format so far.
const FORMAT: u8 = 1;
/// The key id that means "not sealed" in every header.
const UNSEALED: u8 = 0;
/// Format and key id.
const HEADER: usize = 2;
/// No document of a source is near this; a broken value must not make us reserve what it claims.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A value that cannot be sealed or opened. The text says nothing about the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The key id is 0, is given twice, or the key cannot be used.
    #[error("the key cannot be used")]
    Key,
    /// The header is not one of ours.
    #[error("the header of a sealed value is unknown")]
    Header,
    /// The value was sealed with a key that this process does not have.
    #[error("the key of a sealed value is unknown")]
    UnknownKey,
    /// The value was changed, moved, or sealed with another key of the same id.
    #[error("a sealed value does not open")]
    Tampered,
    /// The value cannot be compressed, or is larger than any that was sealed.
    #[error("a sealed value cannot be compressed or expanded")]
    Compression,
}

/// Seals with one key, opens with that and older ones.
pub struct Sealer {
    /// The first one seals.
    keys: Vec<(u8, LessSafeKey)>,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer({} keys)", self.keys.len())
    }
}

impl Sealer {
    /// A sealer with the key that seals from now on. The id goes into every sealed value; 1 to 255.
    pub fn new(key_id: u8, key: [u8; 32]) -> Result<Sealer, SealError> {
        Sealer { keys: Vec::new() }.with_older(key_id, key)
    }

    /// Adds an older key that still opens.
    pub fn with_older(mut self, key_id: u8, key: [u8; 32]) -> Result<Sealer, SealError> {
        if key_id == UNSEALED || self.key(key_id).is_some() {
            return Err(SealError::Key);
        }
        let key = UnboundKey::new(&AES_256_GCM, &key).map_err(|_| SealError::Key)?;
        self.keys.push((key_id, LessSafeKey::new(key)));
        Ok(self)
    }

    /// Compresses and encrypts `plain`, bound to `belongs_to`.
    pub fn seal(&self, plain: &[u8], belongs_to: &[u8]) -> Result<Vec<u8>, SealError> {
        let (key_id, key) = self.keys.first().ok_or(SealError::Key)?;
        let header = [FORMAT, *key_id];
        let mut body = compress(plain)?;
        let mut nonce = [0; NONCE_LEN];
        aws_lc_rs::rand::fill(&mut nonce).map_err(|_| SealError::Key)?;
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            associated(header, belongs_to),
            &mut body,
        )
        .map_err(|_| SealError::Key)?;
        Ok([&header[..], &nonce, &body].concat())
    }

    /// Opens what was sealed for the same `belongs_to`.
    pub fn open(&self, sealed: &[u8], belongs_to: &[u8]) -> Result<Vec<u8>, SealError> {
        let (header, rest) = sealed.split_first_chunk::<HEADER>().ok_or(SealError::Header)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Header)?;
        let [FORMAT, key_id] = *header else {
            return Err(SealError::Header);
        };
        let key = self.key(key_id).ok_or(SealError::UnknownKey)?;
        let mut body = body.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let plain = key
            .open_in_place(nonce, associated(*header, belongs_to), &mut body)
            .map_err(|_| SealError::Tampered)?;
        expand(plain)
    }

    fn key(&self, key_id: u8) -> Option<&LessSafeKey> {
        self.keys.iter().find(|(id, _)| *id == key_id).map(|(_, key)| key)
    }
}

fn compress(plain: &[u8]) -> Result<Vec<u8>, SealError> {
    compression::compress(Content::Source, plain).map_err(|_| SealError::Compression)
}

fn expand(frame: &[u8]) -> Result<Vec<u8>, SealError> {
    compression::expand(frame, LARGEST).map_err(|_| SealError::Compression)
}

/// The header is bound too: a key id cannot be exchanged.
fn associated(header: [u8; HEADER], belongs_to: &[u8]) -> Aad<Vec<u8>> {
    Aad::from([&header[..], belongs_to].concat())
}

/// Gives numbers names that tell nothing without the key. Kafka keys and log lines that must tell
/// two persons apart use them. Cheap to clone; `Debug` shows nothing of the key.
#[derive(Clone)]
pub struct NumberHash(hmac::Key);

impl fmt::Debug for NumberHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NumberHash(…)")
    }
}

impl NumberHash {
    /// Takes the key.
    pub fn new(key: &[u8; 32]) -> NumberHash {
        NumberHash(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The name of a number: 32 hex digits, equal for equal numbers.
    pub fn of(&self, number: &str) -> String {
        let tag = hmac::sign(&self.0, number.as_bytes());
        let digit = |four: u8| char::from(b"0123456789abcdef"[usize::from(four)]);
        tag.as_ref()[..16].iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &[u8] = "{\"navn\":\"Ærlig Øye\"}".as_bytes();

    #[test]
    fn what_is_sealed_opens_where_it_belongs_and_shows_nothing() {
        let sealer = Sealer::new(1, [7; 32]).unwrap();
        let sealed = sealer.seal(PLAIN, b"source_document/1").unwrap();
        assert_eq!(sealed[..2], [1, 1]);
        assert!(!sealed.windows(4).any(|four| four == b"navn"));
        assert_eq!(sealer.open(&sealed, b"source_document/1").unwrap(), PLAIN);
        assert_eq!(sealer.open(&sealed, b"source_document/2"), Err(SealError::Tampered));
        assert_ne!(sealer.seal(PLAIN, b"x").unwrap(), sealer.seal(PLAIN, b"x").unwrap());
    }

    #[test]
    fn the_empty_value_is_a_value() {
        let sealer = Sealer::new(9, [0; 32]).unwrap();
        assert_eq!(sealer.open(&sealer.seal(b"", b"").unwrap(), b"").unwrap(), b"");
    }

    #[test]
    fn what_is_sealed_is_small_and_comes_back_whole_whatever_went_before() {
        let sealer = Sealer::new(1, [7; 32]).unwrap();
        let sizes = [0, 1, 700, 9_000, 3_000_000, 5];
        for size in sizes {
            let plain = PLAIN.repeat(size / PLAIN.len() + 1);
            let sealed = sealer.seal(&plain[..size], b"t").unwrap();
            assert!(sealed.len() < 100 + size / 50, "{size} became {}", sealed.len());
            assert_eq!(sealer.open(&sealed, b"t").unwrap(), plain[..size]);
        }
    }

    #[test]
    fn a_frame_that_claims_more_than_any_value_has_is_refused_before_it_is_expanded() {
        assert_eq!(expand(&compress(PLAIN).unwrap()).unwrap(), PLAIN);
        // The header of a frame (RFC 8878): one segment, its size in eight bytes; an empty block.
        let claiming = |size: u64| {
            [&[0x28, 0xb5, 0x2f, 0xfd, 0xe0][..], &size.to_le_bytes(), &[1, 0, 0]].concat()
        };
        assert_eq!(expand(&claiming(0)).unwrap(), b"");
        for size in [1, LARGEST, LARGEST + 1, u64::MAX] {
            assert_eq!(expand(&claiming(size)), Err(SealError::Compression), "{size}");
        }
        for frame in [&b""[..], b"{}", b"no frame of ours"] {
            assert_eq!(expand(frame), Err(SealError::Compression));
        }
    }

    #[test]
    fn any_changed_byte_is_noticed() {
        let sealer = Sealer::new(1, [7; 32]).unwrap().with_older(3, [7; 32]).unwrap();
        let sealed = sealer.seal(PLAIN, b"t").unwrap();
        for index in 0..sealed.len() {
            for change in [1, 2, 0x80] {
                let mut changed = sealed.clone();
                changed[index] ^= change;
                assert!(sealer.open(&changed, b"t").is_err(), "byte {index} changed by {change}");
            }
        }
        for length in 0..sealed.len() {
            assert!(sealer.open(&sealed[..length], b"t").is_err(), "cut to {length}");
        }
    }

    #[test]
    fn an_older_key_opens_and_never_seals() {
        let old = Sealer::new(1, [1; 32]).unwrap();
        let sealed = old.seal(PLAIN, b"t").unwrap();
        let new = Sealer::new(2, [2; 32]).unwrap();
        assert_eq!(new.open(&sealed, b"t"), Err(SealError::UnknownKey));
        let both = new.with_older(1, [1; 32]).unwrap();
        assert_eq!(both.open(&sealed, b"t").unwrap(), PLAIN);
        assert_eq!(both.seal(PLAIN, b"t").unwrap()[1], 2);
    }

    #[test]
    fn a_key_id_is_used_once_and_is_not_zero() {
        assert_eq!(Sealer::new(0, [1; 32]).err(), Some(SealError::Key));
        assert!(Sealer::new(1, [1; 32]).unwrap().with_older(1, [2; 32]).is_err());
        assert_eq!(format!("{:?}", Sealer::new(1, [42; 32]).unwrap()), "Sealer(1 keys)");
    }

    #[test]
    fn a_number_hash_depends_on_number_and_key_and_is_stable() {
        let (one, two) = (NumberHash::new(&[1; 32]), NumberHash::new(&[2; 32]));
        let hash = one.of("12838212345");
        assert_eq!(hash.len(), 32);
        assert_eq!(hash, NumberHash::new(&[1; 32]).of("12838212345"));
        assert_ne!(hash, one.of("12838212346"));
        assert_ne!(hash, two.of("12838212345"));
        assert_eq!(format!("{two:?}"), "NumberHash(…)");
    }

    #[test]
    fn hmac_sha256_is_what_the_standard_says() {
        // Test case 2 of RFC 4231, its key padded with zeros as HMAC itself does.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let hash = NumberHash::new(&key).of("what do ya want for nothing?");
        assert_eq!(hash, "5bdcc146bf60754e6a042426089575c7");
    }
}
