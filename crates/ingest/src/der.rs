//! The little of DER that turns a JWK's RSA key into the form that signing takes.

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;

/// `RSAPrivateKey` of PKCS #1 from the numbers n, e, d, p, q, dp, dq, qi, big-endian.
pub(crate) fn rsa_private_key(numbers: &[Vec<u8>]) -> Vec<u8> {
    let mut body = integer(&[0]);
    for number in numbers {
        body.extend(integer(number));
    }
    element(SEQUENCE, &body)
}

/// An INTEGER is signed and has no needless leading zero.
fn integer(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let digits = &number[zeros..];
    match digits.first() {
        Some(first) if *first < 0x80 => element(INTEGER, digits),
        _ => element(INTEGER, &[&[0], digits].concat()),
    }
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let size = content.len().to_be_bytes();
    let size = &size[size.iter().take_while(|byte| **byte == 0).count()..];
    let length = match content.len() {
        short @ 0..=0x7f => vec![short as u8],
        _ => [&[0x80 | size.len() as u8], size].concat(),
    };
    [&[tag], &length[..], content].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_positive_and_minimal() {
        assert_eq!(integer(&[0]), [2, 1, 0]);
        assert_eq!(integer(&[0, 0, 0x7f]), [2, 1, 0x7f]);
        assert_eq!(integer(&[0x80]), [2, 2, 0, 0x80]);
        assert_eq!(integer(&[]), [2, 1, 0]);
    }

    #[test]
    fn long_contents_have_long_lengths() {
        assert_eq!(element(4, &[0; 127])[..2], [4, 127]);
        assert_eq!(element(4, &[0; 128])[..3], [4, 0x81, 128]);
        assert_eq!(element(4, &[0; 300])[..4], [4, 0x82, 1, 44]);
    }
}
