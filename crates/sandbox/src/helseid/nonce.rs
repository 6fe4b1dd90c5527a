//! The nonces that a client must repeat in its proof: signed times, so that nothing is kept.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use helseid::KeyFault;

/// How long a nonce is good, in seconds.
const LIFETIME_S: i64 = 60;

/// Makes and recognises nonces.
pub(super) struct Nonces(hmac::Key);

impl Nonces {
    pub fn new() -> Result<Self, KeyFault> {
        let mut secret = [0; 32];
        aws_lc_rs::rand::fill(&mut secret).map_err(|_| KeyFault::Library)?;
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &secret)))
    }

    /// A nonce made now.
    pub fn make(&self, now_s: i64) -> String {
        let time = now_s.to_be_bytes();
        let tag = hmac::sign(&self.0, &time);
        URL_SAFE_NO_PAD.encode([time.as_slice(), tag.as_ref()].concat())
    }

    /// Whether we made this nonce, not too long ago.
    pub fn is_good(&self, nonce: &str, now_s: i64) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(nonce) else {
            return false;
        };
        let Some((time, tag)) = bytes.split_first_chunk::<8>() else {
            return false;
        };
        let age_s = now_s.saturating_sub(i64::from_be_bytes(*time));
        hmac::verify(&self.0, time, tag).is_ok() && (0..=LIFETIME_S).contains(&age_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_good_for_a_minute() {
        let nonces = Nonces::new().expect("randomness");
        let nonce = nonces.make(1000);
        assert!(nonces.is_good(&nonce, 1000));
        assert!(nonces.is_good(&nonce, 1060));
        assert!(!nonces.is_good(&nonce, 1061));
        assert!(!nonces.is_good(&nonce, 999));
        assert!(!Nonces::new().expect("randomness").is_good(&nonce, 1000));
        assert!(!nonces.is_good(&nonce[..nonce.len() - 4], 1000));
        assert!(!nonces.is_good("", 1000));
        assert!(!nonces.is_good("ø", 1000));
    }
}
