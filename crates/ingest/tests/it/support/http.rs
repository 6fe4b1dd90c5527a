//! A server that answers exactly what it is told, broken answers included.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Header lines in lower case.
    pub head: String,
    /// The body as text.
    pub body: String,
}

/// What to answer.
#[derive(Clone, Debug)]
pub enum Reply {
    /// A whole answer: status, content type, one more header line or none, body.
    Whole(u16, &'static str, &'static str, String),
    /// Half of this JSON, and then the connection ends.
    CutOff(String),
    /// Nothing, for this long.
    Silence(Duration),
}

impl Reply {
    /// 200 with JSON.
    pub fn json(body: impl Into<String>) -> Reply {
        Reply::status(200, body)
    }

    /// Any status with JSON.
    pub fn status(status: u16, body: impl Into<String>) -> Reply {
        Reply::Whole(status, "application/json", "", body.into())
    }

    /// The firewall's page, which comes with status 200.
    pub fn firewall() -> Reply {
        let page = "<html><body>Request rejected. Your support ID is: 12345678901234567890";
        Reply::Whole(200, "text/html; charset=utf-8", "", page.to_owned())
    }
}

/// Listens until it is dropped.
pub struct Server {
    /// `http://host:port`.
    pub address: String,
    accepting: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Server {
    /// Answers every request with what `answer` says.
    pub async fn start(answer: impl Fn(Request) -> Reply + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let answer = Arc::new(answer);
        let accepting = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let answer = Arc::clone(&answer);
                tokio::spawn(async move {
                    // A client that hangs up is none of this server's business.
                    let _ = converse(stream, &*answer).await;
                });
            }
        });
        Server { address, accepting }
    }
}

async fn converse(
    stream: TcpStream,
    answer: &(impl Fn(Request) -> Reply + ?Sized),
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let request = read(&mut stream).await?;
    let (status, content_type, header, body, sent) = match answer(request) {
        Reply::Whole(status, kind, header, body) => (status, kind, header, body.clone(), body),
        Reply::CutOff(body) => {
            let half = body[..body.len() / 2].to_owned();
            (200, "application/json", "", body, half)
        }
        Reply::Silence(time) => {
            tokio::time::sleep(time).await;
            return Ok(());
        }
    };
    let length = body.len();
    let header = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
    let head = format!(
        "HTTP/1.1 {status} Told\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\
         connection: close\r\n{header}\r\n"
    );
    stream.get_mut().write_all(head.as_bytes()).await?;
    stream.get_mut().write_all(sent.as_bytes()).await?;
    stream.get_mut().shutdown().await
}

async fn read(stream: &mut BufReader<TcpStream>) -> std::io::Result<Request> {
    let mut first = String::new();
    stream.read_line(&mut first).await?;
    let mut words = first.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? <= 2 {
            break;
        }
        let line = line.to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Request { method, target, head, body: String::from_utf8(body).unwrap() })
}
