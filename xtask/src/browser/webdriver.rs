//! The little of HTTP and of the WebDriver protocol that it takes to lead a browser.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// How long one command may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// Whether the driver takes commands.
pub fn is_ready(driver: SocketAddr) -> bool {
    call(driver, "GET", "/status", None).is_ok_and(|status| status["ready"] == true)
}

/// One command, and the `value` of its answer.
pub fn call(driver: SocketAddr, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
    let mut stream = TcpStream::connect(driver)?;
    stream.set_read_timeout(Some(ANSWER_LIMIT))?;
    let body = body.map(Value::to_string).unwrap_or_default();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {driver}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    let answer =
        body_of(&mut BufReader::new(stream)).with_context(|| format!("{method} {path}"))?;
    value(&answer).with_context(|| format!("{method} {path}"))
}

/// The body that follows a head. The driver keeps the connection open after it.
fn body_of(stream: &mut impl BufRead) -> Result<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).context("the driver broke off")?;
    Ok(body)
}

/// The value in an answer; an error if the driver says that it is one.
fn value(body: &[u8]) -> Result<Value> {
    let mut json: Value = serde_json::from_slice(body).context("no JSON")?;
    let value = json["value"].take();
    if let Some(error) = value.get("error").and_then(Value::as_str) {
        let message = value["message"].as_str().unwrap_or_default();
        bail!("{error}: {}", message.lines().next().unwrap_or_default());
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_as_long_as_its_head_says() {
        let mut answer = &b"HTTP/1.1 200 OK\r\ncontent-LENGTH: 5\r\n\r\n12345more"[..];
        assert_eq!(body_of(&mut answer).unwrap(), b"12345");
        let mut short = &b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n123"[..];
        assert!(body_of(&mut short).is_err());
    }

    #[test]
    fn a_refusal_is_an_error_with_its_first_line() {
        assert_eq!(value(b"{\"value\":[1,2]}").unwrap(), serde_json::json!([1, 2]));
        let refusal = br#"{"value":{"error":"no such window","message":"a\nb"}}"#;
        assert_eq!(value(refusal).unwrap_err().to_string(), "no such window: a");
        assert!(value(b"<html>").is_err());
    }
}
