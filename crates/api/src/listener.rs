//! The accept loop. axum's own never gives up on a half-sent head, so connections are served
//! here, with a limit on everything a client could make us wait for.

mod slots;
mod watch;

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::config::{ApiConfig, ms};
use crate::metrics;
use crate::path::fold;
use slots::Slot;
pub(crate) use slots::Slots;
use watch::{InProgress, Watch, Watched};

/// Serves connections until `closing`, then lets them finish until the deadline.
pub(crate) struct Listener {
    socket: TcpListener,
    router: Router,
    builder: Arc<Builder<TokioExecutor>>,
    bounds: Bounds,
    slots: Arc<Slots>,
}

/// How long a connection may take for what.
#[derive(Clone, Copy)]
struct Bounds {
    head: Duration,
    age: Duration,
    finish: Duration,
}

impl Listener {
    /// Serves the router on a socket that is already bound, with this much room.
    pub(crate) fn new(
        socket: TcpListener,
        router: Router,
        config: &ApiConfig,
        slots: Arc<Slots>,
    ) -> Listener {
        let bounds = Bounds {
            head: ms(config.timeouts.header_read_ms),
            age: ms(config.timeouts.connection_age_ms),
            finish: ms(config.timeouts.drain_deadline_ms),
        };
        Listener { socket, router, builder: Arc::new(http_limits(config)), bounds, slots }
    }

    /// Accepts until `closing` is cancelled. Returns when every connection is finished, at the
    /// latest when the deadline has passed; what is left then is cut.
    pub(crate) async fn run(self, closing: CancellationToken) {
        let tasks = TaskTracker::new();
        let cut = CancellationToken::new();
        while let Some((stream, slot)) = self.accept(&closing).await {
            let connection = Connection {
                router: self.router.clone(),
                bounds: self.bounds,
                closing: closing.clone(),
                slots: self.slots.clone(),
            };
            let served = connection.serve(self.builder.clone(), stream, slot);
            tasks.spawn(cut.clone().run_until_cancelled_owned(served));
        }
        drop(self.socket);
        tasks.close();
        if tokio::time::timeout(self.bounds.finish, tasks.wait()).await.is_err() {
            tracing::warn!(connections = tasks.len(), "connections cut at the drain deadline");
            cut.cancel();
            tasks.wait().await;
        }
    }

    /// The next connection together with its place under the limit; none when closing.
    async fn accept(&self, closing: &CancellationToken) -> Option<(TcpStream, Slot)> {
        loop {
            let next = async {
                let one = self.slots.next().await?;
                Some((self.socket.accept().await, one))
            };
            match closing.run_until_cancelled(next).await?? {
                (Ok((stream, peer)), one) => {
                    let Some(slot) = self.slots.of_peer(one, peer.ip()) else {
                        metrics::connection_refused();
                        continue;
                    };
                    // Answers are small and written whole: waiting for more only adds latency.
                    if stream.set_nodelay(true).is_ok() {
                        return Some((stream, slot));
                    }
                }
                (Err(error), _) => {
                    // Out of file descriptors, or a client that left: neither ends the loop.
                    tracing::warn!(error = error.to_string(), "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }
}

/// Bounds on what is read at all. A head between these and the settings, which are half as much,
/// is answered with a problem that says what is wrong with it.
fn http_limits(config: &ApiConfig) -> Builder<TokioExecutor> {
    let (limits, keep_alive) = (&config.limits, ms(config.timeouts.keep_alive_ms));
    let head_bytes = limits.header_bytes_max.saturating_mul(2);
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        // hyper's timer also runs between two requests; what is less than that is the watch's.
        .header_read_timeout(keep_alive)
        .max_headers(limits.headers_max.saturating_mul(2))
        .max_buf_size(head_bytes);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.http2_streams_max)
        .max_header_list_size(u32::try_from(head_bytes).unwrap_or(u32::MAX))
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(10))
        // Streams opened and reset at once cost us work and the client nothing.
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(100);
    builder
}

/// One connection.
struct Connection {
    router: Router,
    bounds: Bounds,
    closing: CancellationToken,
    slots: Arc<Slots>,
}

impl Connection {
    async fn serve(self, builder: Arc<Builder<TokioExecutor>>, stream: TcpStream, _slot: Slot) {
        let _counted = metrics::Connection::opened();
        let watch = Watch::new();
        let service = {
            let (router, watch) = (self.router, watch.clone());
            service_fn(move |request: Request<Incoming>| {
                let in_progress = watch.request_began(request.version());
                answer(router.clone(), request, in_progress)
            })
        };
        let io = TokioIo::new(Watched { stream, watch: watch.clone() });
        let mut connection = pin!(builder.serve_connection(io, service));
        let mut look = tokio::time::interval(self.bounds.head / 4);
        let mut end = pin!(tokio::time::sleep(self.bounds.age));
        let mut finishing = false;
        loop {
            let asked_to_end = tokio::select! {
                // A client that leaves or breaks off is no fault of ours.
                _ = connection.as_mut() => return,
                _ = look.tick() => {
                    if watch.head_is_late(self.bounds.head) {
                        return;
                    }
                    !finishing && self.slots.are_scarce() && watch.is_idle(self.bounds.head)
                }
                () = self.closing.cancelled(), if !finishing => true,
                () = end.as_mut() => {
                    if finishing {
                        return;
                    }
                    true
                }
            };
            if asked_to_end {
                finishing = true;
                connection.as_mut().graceful_shutdown();
                end.as_mut().reset(Instant::now() + self.bounds.finish);
            }
        }
    }
}

async fn answer(
    router: Router,
    request: Request<Incoming>,
    in_progress: InProgress,
) -> Result<Response, Infallible> {
    let response = router.oneshot(fold(request)).await;
    drop(in_progress);
    response
}
