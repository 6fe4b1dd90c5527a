//! Bytes on a socket, for clients that no library would be; and what must hold after each.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::issuer::{FULL, proof};
use crate::support::*;

/// Much longer than anything here takes on a machine that does nothing else.
pub const PATIENCE: Duration = Duration::from_secs(8);

/// At once, for a machine that does other things, too.
const AT_ONCE: Duration = Duration::from_secs(4);

pub const PING: &str = "GET /ping HTTP/1.1\r\nHost: x\r\n\r\n";

/// A connection, and what has been read from it.
pub struct Raw {
    stream: TcpStream,
    pub read: Vec<u8>,
}

impl Raw {
    pub async fn connect(address: SocketAddr) -> Raw {
        let stream = TcpStream::connect(address).await.expect("a connection");
        Raw { stream, read: Vec::new() }
    }

    /// Sends as much as the server takes: it may close before it has seen everything.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        timeout(PATIENCE, self.stream.write_all(bytes.as_ref())).await.is_ok_and(|it| it.is_ok())
    }

    /// Reads until the server closes; whether it did.
    pub async fn read_to_end(&mut self) -> bool {
        self.read_until(|_| false).await
    }

    /// Reads until there is enough or the server closes; whether it closed.
    pub async fn read_until(&mut self, enough: impl Fn(&[u8]) -> bool) -> bool {
        let deadline = Instant::now() + PATIENCE;
        let mut buffer = vec![0; 64 * 1024];
        while !enough(&self.read) {
            let left = deadline.saturating_duration_since(Instant::now());
            match timeout(left, self.stream.read(&mut buffer)).await {
                Err(_) => return false,
                Ok(Ok(0) | Err(_)) => return true,
                Ok(Ok(length)) => self.read.extend(&buffer[..length]),
            }
        }
        false
    }

    /// The statuses of all answers read.
    pub fn statuses(&self) -> Vec<u16> {
        let text = String::from_utf8_lossy(&self.read).into_owned();
        let lines = text.lines().filter_map(|line| {
            let (version, rest) = line.split_once("HTTP/1.")?.1.split_at_checked(1)?;
            rest.trim().split(' ').next()?.parse().ok().filter(|_| "01".contains(version))
        });
        lines.collect()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.read).into_owned()
    }

    /// Breaks off as a process that was killed does: what is under way is lost.
    pub fn break_off(self) {
        self.stream.set_zero_linger().expect("a socket option");
    }
}

/// The head of a good call with a form, but for how its body comes.
pub fn form_head(api: &TestApi, body_fields: &str) -> String {
    let target = format!("/api/v3/full-access/person/bulk-by-nin?{NAME}");
    let token = api.issuer.token(FULL);
    let proof = proof("POST", &called(&target), &token);
    format!(
        "POST {target} HTTP/1.1\r\nHost: x\r\nAuthorization: DPoP {token}\r\nDPoP: {proof}\r\n\
         Content-Type: {FORM}\r\n{body_fields}\r\n\r\n"
    )
}

/// That health, readiness and the newest event are answered at once, and new clients let in.
#[track_caller]
pub fn assert_healthy(api: &TestApi, after: &str) -> impl Future<Output = ()> {
    let after = after.to_owned();
    async move {
        let started = Instant::now();
        for path in ["/health/live", "/health/ready"] {
            let answer = api.health(path).await;
            assert_eq!(answer.status, 200, "after {after}: {answer:?}");
        }
        // A client of its own: no connection from before is used.
        let target = "/api/v3/full-access/event/latest";
        let token = api.issuer.token(FULL);
        let client =
            reqwest::Client::builder().pool_max_idle_per_host(0).build().expect("a client");
        let request = client
            .request(Method::GET, format!("http://{}{target}", api.address))
            .header("authorization", dpop(&token))
            .header("dpop", proof("GET", &called(target), &token));
        let answer = request.send().await.unwrap_or_else(|error| panic!("after {after}: {error}"));
        assert_eq!(answer.status(), 200, "after {after}");
        assert!(started.elapsed() < AT_ONCE, "after {after}: {:?}", started.elapsed());
    }
}
