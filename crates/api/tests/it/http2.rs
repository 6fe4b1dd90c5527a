//! HTTP/2 from clients that want harm: frames written by hand, since no library sends such.

use crate::raw::*;
use crate::support::*;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING_FRAME: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

const REFUSED_STREAM: u32 = 7;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a small frame").to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// A header field that is spelled out, with the name too, and kept by the reader if `kept`.
fn field(name: &str, value: &str, kept: bool) -> Vec<u8> {
    let mut bytes = vec![if kept { 0x40 } else { 0 }];
    for text in [name, value] {
        // Lengths from 127 on continue in further bytes, seven bits in each.
        let mut rest = text.len();
        if rest < 127 {
            bytes.push(rest as u8);
        } else {
            bytes.push(127);
            rest -= 127;
            while rest >= 128 {
                bytes.push((rest % 128 + 128) as u8);
                rest /= 128;
            }
            bytes.push(rest as u8);
        }
        bytes.extend(text.bytes());
    }
    bytes
}

/// The head of a call that is answered 200.
fn ping() -> Vec<u8> {
    // GET and http stand in the static table.
    let mut head = vec![0x82, 0x86];
    head.extend(field(":path", "/ping", false));
    head.extend(field(":authority", "x", false));
    head
}

fn streams() -> impl Iterator<Item = u32> {
    (1..).step_by(2)
}

async fn connect(api: &TestApi, settings: &[u8]) -> Raw {
    let mut raw = Raw::connect(api.address).await;
    raw.send(
        [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), frame(SETTINGS, 0, 0, settings)].concat(),
    )
    .await;
    raw
}

/// Kind, flags, stream and payload of every whole frame read.
fn frames(read: &[u8]) -> Vec<(u8, u8, u32, Vec<u8>)> {
    let mut rest = read;
    let mut found = Vec::new();
    while let Some((head, after)) = rest.split_at_checked(9) {
        let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
        let Some((payload, after)) = after.split_at_checked(length) else { break };
        let stream = u32::from_be_bytes([head[5] & 0x7f, head[6], head[7], head[8]]);
        found.push((head[3], head[4], stream, payload.to_vec()));
        rest = after;
    }
    found
}

fn kinds(read: &[u8], kind: u8) -> usize {
    frames(read).iter().filter(|frame| frame.0 == kind).count()
}

/// The error codes of the frames that end a stream (`RST_STREAM`) or the connection (`GOAWAY`).
fn error_codes(read: &[u8], kind: u8) -> Vec<u32> {
    let at = if kind == GOAWAY { 4 } else { 0 };
    let frames = frames(read).into_iter().filter(|frame| frame.0 == kind);
    frames
        .filter_map(|(.., payload)| {
            Some(u32::from_be_bytes(payload.get(at..at + 4)?.try_into().ok()?))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_by_hand_are_understood() {
    let api = TestApi::start().await;
    let mut raw = connect(&api, &[]).await;
    raw.send(frame(HEADERS, END_STREAM | END_HEADERS, 1, &ping())).await;
    raw.read_until(|read| kinds(read, HEADERS) == 1).await;
    let answer = frames(&raw.read).into_iter().find(|frame| frame.0 == HEADERS);
    // 0x88 is `:status: 200` of the static table.
    assert_eq!(answer.expect("an answer").3[0], 0x88);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_that_are_reset_at_once_cost_little() {
    let api = TestApi::start().await;
    let mut raw = connect(&api, &[]).await;
    for stream in streams().take(20_000) {
        let open = frame(HEADERS, END_STREAM | END_HEADERS, stream, &ping());
        let reset = frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes());
        if !raw.send([open, reset].concat()).await {
            break;
        }
    }
    assert_healthy(&api, "20 000 streams that were reset at once").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_of_resets_ends_the_connection() {
    let api = TestApi::start().await;
    let mut raw = connect(&api, &[]).await;
    let mut burst = Vec::new();
    for stream in streams().take(2_000) {
        burst.extend(frame(HEADERS, END_STREAM | END_HEADERS, stream, &ping()));
        burst.extend(frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes()));
    }
    raw.send(burst).await;
    assert!(raw.read_to_end().await, "still open");
    // ENHANCE_YOUR_CALM, unless the socket was gone before it could be read.
    assert!(error_codes(&raw.read, GOAWAY).iter().all(|code| *code == 11));
    assert_healthy(&api, "a burst of resets").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_streams_than_agreed_are_refused() {
    let api = TestApi::start_with(|config| {
        crate::overload::patient(config);
        config.limits.http2_streams_max = 10;
    })
    .await;
    crate::persons::seed(&api.store, 1).await;
    let mut raw = connect(&api, &[]).await;
    raw.read_until(|read| kinds(read, SETTINGS) >= 1).await;
    raw.send(frame(SETTINGS, 1, 0, &[])).await;
    for stream in streams().take(30) {
        // Without an end: the client still has something to send.
        raw.send(frame(HEADERS, END_HEADERS, stream, &opened_form(&api))).await;
    }
    raw.read_until(|read| kinds(read, RST_STREAM) >= 20).await;
    let refused = error_codes(&raw.read, RST_STREAM);
    assert_eq!(refused, [REFUSED_STREAM; 20]);
    assert_healthy(&api, "more streams than agreed").await;
}

/// The head of a good call whose form is still to come.
fn opened_form(api: &TestApi) -> Vec<u8> {
    let head = form_head(api, "X: a");
    let mut lines = head.lines();
    let target = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a target");
    // POST and http stand in the static table.
    let mut bytes = vec![0x83, 0x86];
    bytes.extend(field(":path", target, false));
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        let name = name.to_ascii_lowercase();
        bytes.extend(field(if name == "host" { ":authority" } else { &name }, value, false));
    }
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_goes_on_for_ever_ends_the_connection() {
    let api = TestApi::start().await;
    let mut raw = connect(&api, &[]).await;
    raw.send(frame(HEADERS, END_STREAM, 1, &ping())).await;
    let mut sent = 0;
    let part = field("x-more", &"a".repeat(4_000), false);
    while sent < 5_000 && raw.send(frame(CONTINUATION, 0, 1, &part)).await {
        sent += 1;
    }
    assert!(raw.read_to_end().await, "still open");
    assert!(sent < 5_000, "20 MB of a head were read");
    assert_healthy(&api, "a head that goes on for ever").await;

    let mut raw = connect(&api, &[]).await;
    raw.send(frame(HEADERS, END_STREAM, 1, &ping())).await;
    for _ in 0..100_000 {
        if !raw.send(frame(CONTINUATION, 0, 1, &[])).await {
            break;
        }
    }
    assert!(raw.read_to_end().await, "empty parts go on for ever");
    assert_healthy(&api, "a head of empty parts").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_small_head_that_unfolds_to_a_large_one_is_refused() {
    let api = TestApi::start().await;
    let mut raw = connect(&api, &[]).await;
    let mut head = ping();
    head.extend(field("x-bomb", &"a".repeat(3_500), true));
    // 0xbe is the newest field that was kept: one byte for 3.5 kB.
    head.extend(std::iter::repeat_n(0xbe, 5_000));
    raw.send(frame(HEADERS, END_STREAM | END_HEADERS, 1, &head)).await;
    raw.read_until(|read| kinds(read, HEADERS) + kinds(read, RST_STREAM) + kinds(read, GOAWAY) > 0)
        .await;
    let answer = frames(&raw.read).into_iter().find(|frame| frame.0 == HEADERS);
    if let Some((.., head)) = answer {
        // Its status is not 200, which would be the one byte 0x88.
        assert_ne!(head[0], 0x88, "17 MB of a head were accepted");
    }
    assert_healthy(&api, "a head that unfolds").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_huge_table_of_header_fields_is_not_kept() {
    let api = TestApi::start().await;
    // SETTINGS_HEADER_TABLE_SIZE of 4 GB: an offer to the server, which it need not take.
    let mut raw = connect(&api, &[0, 1, 0xff, 0xff, 0xff, 0xff]).await;
    for stream in streams().take(200) {
        raw.send(frame(HEADERS, END_STREAM | END_HEADERS, stream, &ping())).await;
        raw.read_until(|read| kinds(read, HEADERS) > stream as usize / 2).await;
    }
    assert_eq!(kinds(&raw.read, HEADERS), 200);
    // The server offered 4096 bytes for its own table; a client that takes 1 MB is cut off.
    let mut head = vec![0x3f, 0xe1, 0xff, 0x3f];
    head.extend(ping());
    raw.send(frame(HEADERS, END_STREAM | END_HEADERS, 401, &head)).await;
    assert!(raw.read_to_end().await, "still open");
    assert_eq!(kinds(&raw.read, GOAWAY), 1);
    assert_healthy(&api, "a huge table of header fields").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_of_small_frames_disturb_nobody() {
    let api = TestApi::start().await;
    let floods: [(&str, Vec<u8>); 6] = [
        ("pings", frame(PING_FRAME, 0, 0, &[0; 8])),
        ("settings", frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0xff, 0xff])),
        ("windows", frame(WINDOW_UPDATE, 0, 0, &1_u32.to_be_bytes())),
        ("resets of nothing", frame(RST_STREAM, 0, 1, &8_u32.to_be_bytes())),
        ("empty data", frame(DATA, 0, 1, &[])),
        ("unknown frames", frame(0x7f, 0, 0, &[0; 8])),
    ];
    for (what, one) in floods {
        let mut raw = connect(&api, &[]).await;
        raw.send(frame(HEADERS, END_HEADERS, 1, &ping())).await;
        let many = one.repeat(5_000);
        // Nothing is read meanwhile: what the server must answer, it may not hoard.
        for _ in 0..10 {
            if !raw.send(&many).await {
                break;
            }
        }
        assert_healthy(&api, &format!("a flood of {what}")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_that_break_the_protocol_end_the_connection() {
    let api = TestApi::start().await;
    let too_long = [vec![0xff, 0xff, 0xff, DATA, 0, 0, 0, 0, 1], vec![0; 1_000]].concat();
    for (what, sent) in [
        ("a frame of 16 MB", too_long),
        ("an even stream", frame(HEADERS, END_STREAM | END_HEADERS, 2, &ping())),
        ("data without a stream", frame(DATA, 0, 0, b"x")),
        ("a part of no head", frame(CONTINUATION, END_HEADERS, 1, &ping())),
        ("a window of nothing", frame(WINDOW_UPDATE, 0, 0, &0_u32.to_be_bytes())),
        ("half a setting", frame(SETTINGS, 0, 0, &[0, 1, 0])),
        (
            "a table index that is none",
            frame(HEADERS, END_STREAM | END_HEADERS, 1, &[0xff, 0xff, 0x7f]),
        ),
    ] {
        let mut raw = connect(&api, &[]).await;
        raw.send(&sent).await;
        assert!(raw.read_to_end().await, "{what}: still open");
        assert_eq!(kinds(&raw.read, HEADERS), 0, "{what}");
    }
    assert_healthy(&api, "broken frames").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_nobody_takes_holds_no_place() {
    let api = TestApi::start_with(|config| config.limits.requests_max = 2).await;
    crate::persons::seed(&api.store, 1).await;
    // SETTINGS_INITIAL_WINDOW_SIZE 0: no byte of a body may be sent.
    let mut raw = connect(&api, &[0, 4, 0, 0, 0, 0]).await;
    for stream in streams().take(50) {
        let mut head = opened_form(&api);
        head.extend(field("content-length", "6", false));
        raw.send(frame(HEADERS, END_HEADERS, stream, &head)).await;
        raw.send(frame(DATA, END_STREAM, stream, b"nins=1")).await;
    }
    raw.read_until(|read| kinds(read, HEADERS) == 50).await;
    assert_eq!(kinds(&raw.read, HEADERS), 50, "each has an answer's head");
    let call = api.get(crate::issuer::FULL, "/api/v3/full-access/event").await;
    assert_eq!(call.status, 200);
    assert_healthy(&api, "answers that nobody takes").await;
}
