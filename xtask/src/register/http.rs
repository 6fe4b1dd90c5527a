//! The little of HTTP that it takes to ask our own parts for something.

use std::io::{Error, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long a part on this machine may take to connect, and to answer.
const CONNECT_LIMIT: Duration = Duration::from_secs(1);
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

/// The body of a 200 answer.
pub fn get(address: SocketAddr, path: &str) -> std::io::Result<String> {
    ask(address, &format!("GET {path}"), "")
}

/// The body of a 200 answer to this JSON.
pub fn post(address: SocketAddr, path: &str, json: &str) -> std::io::Result<String> {
    ask(address, &format!("POST {path}"), json)
}

/// What a listener for metrics tells of one by its name, whatever its labels, together.
pub fn metric(address: SocketAddr, name: &str) -> std::io::Result<f64> {
    Ok(sum(&get(address, "/metrics")?, name))
}

fn sum(metrics: &str, name: &str) -> f64 {
    let values = metrics.lines().filter_map(|line| {
        let (full_name, value) = line.rsplit_once(' ')?;
        let is_asked = full_name.split('{').next() == Some(name);
        is_asked.then(|| value.parse::<f64>().ok())?
    });
    values.sum()
}

/// Version 1.0 is asked in, so that the answer comes in one piece.
fn ask(address: SocketAddr, what: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, CONNECT_LIMIT)?;
    stream.set_read_timeout(Some(ANSWER_LIMIT))?;
    let length = body.len();
    let head = format!("{what} HTTP/1.0\r\nHost: {address}\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all([head.as_bytes(), body.as_bytes()].concat().as_slice())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status_line = head.lines().next().unwrap_or_default();
    if status_line.split(' ').nth(1) != Some("200") {
        return Err(Error::other(format!("{what} was answered {status_line}")));
    }
    Ok(body.to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    fn answer_once(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let asked = BufReader::new(stream.try_clone().unwrap());
            assert!(asked.lines().map_while(Result::ok).any(|line| line.is_empty()));
            stream.write_all(answer.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn the_body_of_200_is_the_answer() {
        let address = answer_once("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        assert_eq!(get(address, "/").unwrap(), "{}");
    }

    #[test]
    fn a_metric_is_the_sum_over_its_labels() {
        let metrics = "# TYPE a counter\na{b=\"1\"} 2\na{b=\"2\"} 3\nab 7\n\nc 0.5\n";
        assert_eq!(sum(metrics, "a"), 5.0);
        assert_eq!(sum(metrics, "c"), 0.5);
        assert_eq!(sum(metrics, "d"), 0.0);
    }

    #[test]
    fn another_status_is_an_error() {
        let address = answer_once("HTTP/1.1 503 Service Unavailable\r\n\r\nno");
        let error = get(address, "/health/live").unwrap_err().to_string();
        assert_eq!(error, "GET /health/live was answered HTTP/1.1 503 Service Unavailable");
    }
}
