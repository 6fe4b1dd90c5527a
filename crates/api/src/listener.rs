//! The accept loop. axum's own never gives up on a half-sent head, so connections are served
//! here, with a limit on everything a client could make us wait for.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::config::{ApiConfig, ms};
use crate::metrics;
use crate::path::fold;

/// Serves connections until `closing`, then lets them finish until the deadline.
pub(crate) struct Listener {
    socket: TcpListener,
    router: Router,
    builder: Arc<Builder<TokioExecutor>>,
    bounds: Bounds,
    slots: Arc<Semaphore>,
}

/// How long a connection may take for what.
#[derive(Clone, Copy)]
struct Bounds {
    first_request: Duration,
    age: Duration,
    finish: Duration,
}

impl Listener {
    /// Serves the router on a socket that is already bound.
    pub(crate) fn new(socket: TcpListener, router: Router, config: &ApiConfig) -> Listener {
        let bounds = Bounds {
            first_request: ms(config.timeouts.header_read_ms),
            age: ms(config.timeouts.connection_age_ms),
            finish: ms(config.timeouts.drain_deadline_ms),
        };
        Listener {
            socket,
            router,
            builder: Arc::new(http_limits(config)),
            bounds,
            slots: Arc::new(Semaphore::new(config.limits.connections_max)),
        }
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
            };
            let served = connection.serve(self.builder.clone(), stream, slot);
            tasks.spawn(cut.clone().run_until_cancelled_owned(served));
        }
        drop(self.socket);
        tasks.close();
        if tokio::time::timeout(self.bounds.finish, tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!(
                connections = tasks.len(),
                "connections cut at the drain deadline"
            );
            cut.cancel();
            tasks.wait().await;
        }
    }

    /// The next connection together with its place under the limit; none when closing.
    async fn accept(
        &self,
        closing: &CancellationToken,
    ) -> Option<(TcpStream, OwnedSemaphorePermit)> {
        loop {
            let next = async {
                let slot = self.slots.clone().acquire_owned().await.ok()?;
                Some((self.socket.accept().await, slot))
            };
            match closing.run_until_cancelled(next).await?? {
                (Ok((stream, _)), slot) => {
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

fn http_limits(config: &ApiConfig) -> Builder<TokioExecutor> {
    let (limits, header_read) = (&config.limits, ms(config.timeouts.header_read_ms));
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(header_read)
        .max_headers(limits.headers_max)
        .max_buf_size(limits.header_bytes_max);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.http2_streams_max)
        .max_header_list_size(u32::try_from(limits.header_bytes_max).unwrap_or(u32::MAX))
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
}

impl Connection {
    async fn serve(
        self,
        builder: Arc<Builder<TokioExecutor>>,
        stream: TcpStream,
        _slot: OwnedSemaphorePermit,
    ) {
        let _counted = metrics::Connection::opened();
        let asked = Arc::new(AtomicBool::new(false));
        let service = {
            let (router, asked) = (self.router, asked.clone());
            service_fn(move |request: Request<Incoming>| {
                asked.store(true, Ordering::Relaxed);
                answer(router.clone(), request)
            })
        };
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        // hyper's own timer starts when the protocol is known; a client that sends nothing, or
        // half of HTTP/2's preface, never gets that far.
        let mut first_request = pin!(tokio::time::sleep(self.bounds.first_request));
        let mut end = pin!(tokio::time::sleep(self.bounds.age));
        let (mut waiting, mut finishing) = (true, false);
        loop {
            tokio::select! {
                // A client that leaves or breaks off is no fault of ours.
                _ = connection.as_mut() => return,
                () = first_request.as_mut(), if waiting => {
                    waiting = false;
                    if !asked.load(Ordering::Relaxed) {
                        return;
                    }
                }
                () = self.closing.cancelled(), if !finishing => {
                    finishing = true;
                    connection.as_mut().graceful_shutdown();
                    end.as_mut().reset(Instant::now() + self.bounds.finish);
                }
                () = end.as_mut() => {
                    if finishing {
                        return;
                    }
                    finishing = true;
                    connection.as_mut().graceful_shutdown();
                    end.as_mut().reset(Instant::now() + self.bounds.finish);
                }
            }
        }
    }
}

async fn answer(router: Router, request: Request<Incoming>) -> Result<Response, Infallible> {
    router.oneshot(fold(request)).await
}
