//! The numbers of an RSA key out of its DER form, which is all the library gives.

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// Modulus and exponent of an `RSAPublicKey` (RFC 8017 A.1.1).
pub(super) fn public_numbers(der: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut key = Reader(Reader(der).take(SEQUENCE)?);
    Some((key.number()?.to_vec(), key.number()?.to_vec()))
}

/// d, p, q, d mod (p-1), d mod (q-1) and the inverse of q, out of a PKCS #8 document (RFC 5208) with
/// an `RSAPrivateKey` (RFC 8017 A.1.2).
pub(super) fn private_numbers(pkcs8: &[u8]) -> Option<[&[u8]; 6]> {
    let mut document = Reader(Reader(pkcs8).take(SEQUENCE)?);
    document.number()?;
    document.take(SEQUENCE)?;
    let mut key = Reader(Reader(document.take(OCTET_STRING)?).take(SEQUENCE)?);
    let (_version, _modulus, _exponent) = (key.number()?, key.number()?, key.number()?);
    let mut numbers = [[].as_slice(); 6];
    for number in &mut numbers {
        *number = key.number()?;
    }
    Some(numbers)
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The content of the next element, which must have this tag.
    fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (&found, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let length = if first < 0x80 {
            usize::from(first)
        } else {
            let (digits, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
            rest = after;
            digits.iter().try_fold(0_usize, |sum, digit| {
                sum.checked_mul(256)?.checked_add(usize::from(*digit))
            })?
        };
        let (content, after) = rest.split_at_checked(length)?;
        self.0 = after;
        (found == tag).then_some(content)
    }

    /// The next number without the zero byte that keeps it positive.
    fn number(&mut self) -> Option<&'a [u8]> {
        let content = self.take(INTEGER)?;
        Some(content.strip_prefix(&[0]).filter(|rest| !rest.is_empty()).unwrap_or(content))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_without_their_sign_byte() {
        let der = [0x30, 0x08, 0x02, 0x02, 0x00, 0xff, 0x02, 0x02, 0x01, 0x01];
        assert_eq!(public_numbers(&der), Some((vec![0xff], vec![1, 1])));
    }

    #[test]
    fn cut_and_overlong_documents_are_refused() {
        let der = [0x30, 0x08, 0x02, 0x02, 0x00, 0xff, 0x02, 0x02, 0x01, 0x01];
        for end in 0..der.len() {
            assert_eq!(public_numbers(&der[..end]), None, "cut at {end}");
        }
        assert_eq!(public_numbers(&[0x30, 0xff]), None);
        assert_eq!(public_numbers(&[[0x30, 0x8f].as_slice(), &[0xff; 40]].concat()), None);
        assert_eq!(private_numbers(&der), None);
    }
}
