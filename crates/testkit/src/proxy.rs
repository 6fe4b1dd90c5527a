//! A proxy that behaves until it is told not to: silent, cut, or deaf from a certain message on.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What the proxy does to the bytes that pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// Everything passes.
    Fair,
    /// Nothing passes either way, and no connection ends: a host that has lost its power.
    Silence,
    /// The client's message with this text reaches the server; nothing comes back.
    SilenceAfter(&'static [u8]),
    /// The connection is cut instead of passing on the client's message with this text.
    CutAt(&'static [u8]),
}

/// A TCP proxy on a free port of this machine. Connections end with their ends.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    weather: Arc<Mutex<Weather>>,
}

impl Proxy {
    /// Passes connections on to `server` (`host:port`).
    ///
    /// # Panics
    /// When no port is free.
    pub fn start(server: impl Into<String>) -> Proxy {
        let server = server.into();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("the listener has an address");
        let weather = Arc::new(Mutex::new(Weather::Fair));
        let shared = Arc::clone(&weather);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if let Ok(upstream) = TcpStream::connect(&server) {
                    join(client, upstream, &shared);
                }
            }
        });
        Proxy { address, weather }
    }

    /// Where clients connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes the weather, for open connections too.
    pub fn set(&self, weather: Weather) {
        *self.weather.lock().expect("no holder panics") = weather;
    }
}

fn join(client: TcpStream, server: TcpStream, weather: &Arc<Mutex<Weather>>) {
    let (Ok(client_too), Ok(server_too)) = (client.try_clone(), server.try_clone()) else {
        return;
    };
    let (to_server, to_client) = (Arc::clone(weather), Arc::clone(weather));
    thread::spawn(move || pass(client, server, |bytes| judge_message(&to_server, bytes)));
    thread::spawn(move || pass(server_too, client_too, |_| judge_answer(&to_client)));
}

/// What becomes of a piece of the stream.
enum Fate {
    Pass,
    Swallow,
    Cut,
}

fn pass(mut from: TcpStream, mut to: TcpStream, fate: impl Fn(&[u8]) -> Fate) {
    let mut piece = [0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut piece) {
        let sent = match fate(&piece[..length]) {
            Fate::Pass => to.write_all(&piece[..length]).is_ok(),
            Fate::Swallow => true,
            Fate::Cut => false,
        };
        if !sent {
            break;
        }
    }
    // Either end may be gone already; that is what is wanted here.
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

fn judge_message(weather: &Mutex<Weather>, bytes: &[u8]) -> Fate {
    let mut weather = weather.lock().expect("no holder panics");
    let has = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    match *weather {
        Weather::Silence => Fate::Swallow,
        Weather::SilenceAfter(text) if has(text) => {
            *weather = Weather::Silence;
            Fate::Pass
        }
        Weather::CutAt(text) if has(text) => Fate::Cut,
        _ => Fate::Pass,
    }
}

fn judge_answer(weather: &Mutex<Weather>) -> Fate {
    match *weather.lock().expect("no holder panics") {
        Weather::Silence => Fate::Swallow,
        _ => Fate::Pass,
    }
}
