//! The `htu` of a proof: two spellings of one address are one address (RFC 9449 §4.3, RFC 3986 §6).

/// An http or https address without query and fragment.
struct Target<'a> {
    secure: bool,
    host: &'a str,
    port: u16,
    path: &'a str,
}

/// Whether both are the same address: scheme and host are compared without regard to case, a default
/// port may be written or not, an empty path is `/`. An address with a query, a fragment or user
/// information is none: RFC 9449 §4.2 does not let a proof have them, and HelseID's own libraries
/// refuse to write them.
pub(crate) fn is_same_target(one: &str, other: &str) -> bool {
    match (Target::read(one), Target::read(other)) {
        (Some(one), Some(other)) => {
            one.secure == other.secure
                && one.host.eq_ignore_ascii_case(other.host)
                && one.port == other.port
                && one.path == other.path
        }
        _ => false,
    }
}

impl<'a> Target<'a> {
    fn read(url: &'a str) -> Option<Self> {
        let is_allowed = |byte: u8| byte.is_ascii_graphic() && !b"?#\\".contains(&byte);
        if !url.bytes().all(is_allowed) {
            return None;
        }
        let (scheme, rest) = url.split_once("://")?;
        let secure = match scheme {
            _ if scheme.eq_ignore_ascii_case("https") => true,
            _ if scheme.eq_ignore_ascii_case("http") => false,
            _ => return None,
        };
        let (authority, path) = match rest.find('/') {
            Some(start) => rest.split_at(start),
            None => (rest, "/"),
        };
        let (host, port) = split_port(authority)?;
        if host.is_empty() || host.contains('@') {
            return None;
        }
        let port = match port {
            "" => {
                if secure {
                    443
                } else {
                    80
                }
            }
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
            _ => return None,
        };
        Some(Self { secure, host, port, path })
    }
}

/// Splits `host:port`; the colons of an IPv6 address stand within brackets.
fn split_port(authority: &str) -> Option<(&str, &str)> {
    let host_end = authority.rfind(']').map_or(0, |end| end + 1);
    match authority[host_end..].find(':') {
        Some(colon) => {
            let (host, port) = authority.split_at(host_end + colon);
            Some((host, &port[1..]))
        }
        None if host_end == 0 || host_end == authority.len() => Some((authority, "")),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::is_same_target;

    const EXPECTED: &str = "https://api.example.test/api/v3/person/get-by-nin";

    #[test]
    fn spellings_of_one_address_agree() {
        for same in [
            EXPECTED,
            "HTTPS://API.Example.TEST/api/v3/person/get-by-nin",
            "https://api.example.test:443/api/v3/person/get-by-nin",
            "https://api.example.test:/api/v3/person/get-by-nin",
        ] {
            assert!(is_same_target(same, EXPECTED), "{same}");
        }
        assert!(is_same_target("http://[::1]:80", "http://[::1]/"));
        assert!(is_same_target("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"));
    }

    #[test]
    fn other_addresses_do_not() {
        for other in [
            "",
            "https://",
            "api.example.test/api/v3/person/get-by-nin",
            "http://api.example.test/api/v3/person/get-by-nin",
            "ftp://api.example.test/api/v3/person/get-by-nin",
            "https://api.example.test:444/api/v3/person/get-by-nin",
            "https://api.example.test:+443/api/v3/person/get-by-nin",
            "https://api.example.test:99999/api/v3/person/get-by-nin",
            "https://api.example.test.evil.test/api/v3/person/get-by-nin",
            "https://api.example.test@evil.test/api/v3/person/get-by-nin",
            "https://user@api.example.test/api/v3/person/get-by-nin",
            "https://api.example.test/api/v3/person/get-by-nin/",
            "https://api.example.test/API/v3/person/get-by-nin",
            "https://api.example.test/api/v3/person/get-by-nin?a=b",
            "https://api.example.test/api/v3/person/get-by-nin#a",
            " https://api.example.test/api/v3/person/get-by-nin",
            "https://api.example.test/api/v3/person/get-by-nin\n",
            "https://api.example.test\\@evil/api/v3/person/get-by-nin",
            "https://[::1]x/api/v3/person/get-by-nin",
            "https://apí.example.test/api/v3/person/get-by-nin",
        ] {
            assert!(!is_same_target(other, EXPECTED), "{other}");
        }
    }
}
