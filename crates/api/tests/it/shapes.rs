//! Requests in HTTP/1 as they should not be: two readings of where a request ends are one too many.

use crate::raw::*;
use crate::support::*;

/// What is sent, the statuses of the answers, and whether the connection ends with the last.
type Shape = (&'static str, String, &'static [u16], bool);

/// A request with these lines after the first, followed by one that must not be answered unless
/// it is a request of its own.
fn with(first: &str, fields: &str, body: &str) -> String {
    format!("{first}\r\nHost: x\r\n{fields}\r\n\r\n{body}{PING}")
}

fn post(fields: &str, body: &str) -> String {
    with("POST /ping HTTP/1.1", fields, body)
}

fn get(fields: &str) -> String {
    with("GET /ping HTTP/1.1", fields, "")
}

/// What hides a second request in the first, or would for a balancer that reads it otherwise.
fn smuggling() -> Vec<Shape> {
    let chunked = "Transfer-Encoding: chunked";
    vec![
        (
            "length, then chunks",
            post(&format!("Content-Length: 5\r\n{chunked}"), "0\r\n\r\n"),
            &[405],
            true,
        ),
        (
            "chunks, then length",
            post(&format!("{chunked}\r\nContent-Length: 5"), "0\r\n\r\n"),
            &[405],
            true,
        ),
        ("two lengths", post("Content-Length: 5\r\nContent-Length: 6", "12345"), &[400], true),
        (
            "the same length twice",
            post("Content-Length: 5\r\nContent-Length: 5", "12345"),
            &[405, 200],
            false,
        ),
        ("a list of lengths", post("Content-Length: 5, 5", "12345"), &[400], true),
        ("a signed length", post("Content-Length: +5", "12345"), &[400], true),
        ("a negative length", post("Content-Length: -5", "12345"), &[400], true),
        ("a length in hex", post("Content-Length: 0x5", "12345"), &[400], true),
        (
            "a length beyond 64 bits",
            post("Content-Length: 99999999999999999999", "1"),
            &[400],
            true,
        ),
        ("an unknown coding", post("Transfer-Encoding: xchunked", "0\r\n\r\n"), &[400], true),
        (
            "chunks inside another coding",
            post("Transfer-Encoding: chunked, identity", "0\r\n\r\n"),
            &[400],
            true,
        ),
        (
            "chunks behind a tab",
            post("Transfer-Encoding:\tchunked", "0\r\n\r\n"),
            &[405, 200],
            false,
        ),
        (
            "a space before the colon",
            post("Transfer-Encoding : chunked", "0\r\n\r\n"),
            &[400],
            true,
        ),
        ("a folded line", post("Transfer-Encoding:\r\n chunked", "0\r\n\r\n"), &[400], true),
        ("chunks in HTTP/1.0", with("POST /ping HTTP/1.0", chunked, "0\r\n\r\n"), &[400], true),
        ("a carriage return alone", get("X: a\rContent-Length: 5"), &[400], true),
        ("a zero byte", get("X: a\0b"), &[400], true),
        ("two hosts", get("Host: y"), &[400, 200], false),
        ("no host", format!("GET /ping HTTP/1.1\r\n\r\n{PING}"), &[400, 200], false),
        ("a field without a name", get(": a"), &[400], true),
        ("no colon", get("X-Nothing"), &[400], true),
    ]
}

/// What is unusual and has one reading.
fn unusual() -> Vec<Shape> {
    vec![
        (
            "line feeds alone",
            "GET /ping HTTP/1.1\nHost: x\n\n".to_owned() + PING,
            &[200, 200],
            false,
        ),
        ("empty lines first", format!("\r\n\r\n{PING}"), &[200], false),
        (
            "an absolute target",
            with("GET http://elsewhere.example/ping HTTP/1.1", "X: a", ""),
            &[200, 200],
            false,
        ),
        (
            "an absolute target nowhere",
            with("GET http://elsewhere.example/nowhere HTTP/1.1", "X: a", ""),
            &[404, 200],
            false,
        ),
        ("the target *", with("OPTIONS * HTTP/1.1", "X: a", ""), &[404, 200], false),
        ("a method in lower case", with("get /ping HTTP/1.1", "X: a", ""), &[405, 200], false),
        ("HTTP/1.0", with("GET /ping HTTP/1.0", "X: a", ""), &[200], true),
        (
            "HTTP/1.0, kept open",
            with("GET /ping HTTP/1.0", "Connection: keep-alive", ""),
            &[200, 200],
            false,
        ),
        ("no version", with("GET /ping", "X: a", ""), &[400], true),
        ("version 3", with("GET /ping HTTP/3.0", "X: a", ""), &[400], true),
        ("a space in the target", with("GET /pi ng HTTP/1.1", "X: a", ""), &[400], true),
        ("no HTTP at all", "\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n".to_owned(), &[400], true),
        (
            "an unread body",
            with("GET /ping HTTP/1.1", "Content-Length: 5", "12345"),
            &[200, 200],
            false,
        ),
        (
            "an upgrade",
            get(
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ",
            ),
            &[200, 200],
            false,
        ),
        ("another expectation", get("Expect: coffee"), &[200, 200], false),
    ]
}

#[tokio::test]
async fn a_request_has_one_reading() {
    let api = TestApi::start().await;
    for (what, sent, statuses, closes) in smuggling().into_iter().chain(unusual()) {
        let mut raw = Raw::connect(api.address).await;
        raw.send(&sent).await;
        let whole = |read: &[u8]| {
            !closes && read.windows(4).filter(|it| it == b"\r\n\r\n").count() >= statuses.len()
        };
        let closed = raw.read_until(whole).await;
        assert_eq!(raw.statuses(), statuses, "{what}: {}", raw.text());
        assert_eq!(closed, closes, "{what}: {}", raw.text());
    }
    assert_healthy(&api, "requests in odd shapes").await;
}

#[tokio::test]
async fn a_body_in_bad_chunks_is_told_so() {
    let api = TestApi::start().await;
    for (what, body) in [
        ("no number", "xyz\r\nnins=1\r\n0\r\n\r\n".to_owned()),
        ("a number beyond 64 bits", "FFFFFFFFFFFFFFFFF\r\nnins=1\r\n0\r\n\r\n".to_owned()),
        ("a negative number", "-6\r\nnins=1\r\n0\r\n\r\n".to_owned()),
        ("no end of line", "6\r\nnins=1XX0\r\n\r\n".to_owned()),
        ("an endless extension", format!("6;{}\r\nnins=1\r\n0\r\n\r\n", "a".repeat(20_000))),
        ("an endless trailer", format!("6\r\nnins=1\r\n0\r\nX: {}\r\n\r\n", "a".repeat(40_000))),
    ] {
        let mut raw = Raw::connect(api.address).await;
        raw.send(form_head(&api, "Transfer-Encoding: chunked")).await;
        raw.send(&body).await;
        assert!(raw.read_to_end().await, "{what}: still open");
        assert_eq!(raw.statuses(), [400], "{what}: {}", raw.text());
        assert!(raw.text().contains("/problems/body-malformed"), "{what}: {}", raw.text());
    }
    let mut good = Raw::connect(api.address).await;
    good.send(form_head(&api, "Transfer-Encoding: chunked\r\nConnection: close")).await;
    good.send("3\r\nnin\r\n3;x=y\r\ns=1\r\n0\r\nX-Trailer: a\r\n\r\n").await;
    assert!(good.read_to_end().await && good.statuses() == [200], "{}", good.text());
    assert_healthy(&api, "bad chunks").await;
}

#[tokio::test]
async fn a_head_that_is_too_large_says_which_part_of_it() {
    let api = TestApi::start().await;
    let field =
        |length| format!("GET /ping HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "a".repeat(length));
    let fields =
        |count| format!("GET /ping HTTP/1.1\r\nHost: x\r\n{}\r\n", "X: a\r\n".repeat(count));
    let address =
        |length| format!("GET /ping?x={} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(length));
    for (what, sent, status, problem) in [
        ("15 kB of fields", field(15_000), 200, ""),
        ("20 kB of fields", field(20_000), 431, "head-too-large"),
        ("40 kB of fields", field(40_000), 431, ""),
        ("1 MB of fields", field(1_000_000), 431, ""),
        ("60 fields", fields(60), 200, ""),
        ("70 fields", fields(70), 431, "head-too-large"),
        ("1000 fields", fields(1000), 431, ""),
        ("a target of 8 kB", address(8_000), 200, ""),
        ("a target of 9 kB", address(9_000), 414, "uri-too-long"),
        ("a target of 20 kB", address(20_000), 414, "uri-too-long"),
        ("a target of 70 kB", address(70_000), 431, ""),
    ] {
        let mut raw = Raw::connect(api.address).await;
        raw.send(&sent).await;
        raw.read_until(|read| read.windows(4).any(|it| it == b"\r\n\r\n")).await;
        assert_eq!(raw.statuses(), [status], "{what}: {}", raw.text());
        raw.read_until(|read| problem.is_empty() || read.ends_with(b"}")).await;
        let told = raw.text().contains(&format!("/problems/{problem}"));
        assert_eq!(told, !problem.is_empty(), "{what}: {}", raw.text());
    }
    assert_healthy(&api, "large heads").await;
}

#[tokio::test]
async fn a_client_that_waits_to_be_asked_for_its_body_is_asked() {
    let api = TestApi::start().await;
    let expects = "Content-Length: 6\r\nExpect: 100-continue\r\nConnection: close";
    let mut raw = Raw::connect(api.address).await;
    raw.send(form_head(&api, expects)).await;
    raw.read_until(|read| read.ends_with(b"\r\n\r\n")).await;
    assert_eq!(raw.statuses(), [100], "{}", raw.text());
    raw.send("nins=1").await;
    assert!(raw.read_to_end().await);
    assert_eq!(raw.statuses(), [100, 200], "{}", raw.text());

    let stranger = format!(
        "POST /api/v3/full-access/person/bulk-by-nin HTTP/1.1\r\nHost: x\r\n{expects}\r\n\r\n"
    );
    let mut raw = Raw::connect(api.address).await;
    raw.send(stranger).await;
    assert!(raw.read_to_end().await);
    assert_eq!(raw.statuses(), [401], "nobody who is refused is asked for a body");
}

#[tokio::test]
async fn requests_in_one_go_are_answered_in_order() {
    let api = TestApi::start().await;
    let missing = "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut raw = Raw::connect(api.address).await;
    raw.send(
        format!("{PING}{missing}{PING}HEAD /nowhere HTTP/1.1\r\nHost: x\r\n\r\n{missing}")
            .repeat(40),
    )
    .await;
    raw.send("GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(raw.read_to_end().await);
    let mut expected = [200, 404, 200, 404, 404].repeat(40);
    expected.push(200);
    assert_eq!(raw.statuses(), expected);

    // Nobody reads the answers: the server stops reading requests and does not hoard them.
    let mut deaf = Raw::connect(api.address).await;
    let catalogue = "GET /swagger/v3/swagger.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(200_000);
    assert!(!deaf.send(catalogue).await, "the server reads for ever what it cannot answer");
    assert_healthy(&api, "a client that never reads").await;
}

#[tokio::test]
async fn clients_that_break_off_leave_nothing_behind() {
    let api = TestApi::start_with(|config| config.limits.requests_max = 4).await;
    crate::persons::seed(&api.store, 1).await;
    for round in 0..60 {
        let head = form_head(&api, "Content-Length: 600");
        let whole = form_head(&api, "Content-Length: 6") + "nins=1";
        let cut = head.len() / 2 + round;
        for sent in [&head[..cut], &head, &(head.clone() + "nins=1"), &whole] {
            let mut raw = Raw::connect(api.address).await;
            raw.send(sent).await;
            if round % 2 == 0 {
                tokio::task::yield_now().await;
            }
            raw.break_off();
        }
    }
    // Every place has been given back: four at once are answered again.
    for _ in 0..50 {
        let calls: Vec<_> = (0..4)
            .map(|_| {
                api.request(reqwest::Method::GET, crate::issuer::FULL, "/api/v3/full-access/event")
                    .send()
            })
            .map(tokio::spawn)
            .collect();
        let mut statuses = Vec::new();
        for call in calls {
            statuses.push(call.await.expect("no panic").expect("an answer").status().as_u16());
        }
        if statuses == [200; 4] {
            return assert_healthy(&api, "clients that broke off").await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("places are still held");
}
