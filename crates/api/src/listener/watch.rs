//! Tells a head that comes too slowly from a connection that is only idle.
//!
//! hyper has one timer for both. Closing idle connections after a few seconds breaks clients that
//! call every few seconds: their next request meets a connection that is just being closed.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::http::Version;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Instant;

/// What is known of a connection's heads.
pub(super) struct Watch {
    /// Since when a head has been coming: from the start of the connection, and later from the
    /// first byte after an answer.
    head_since: Mutex<Option<Instant>>,
    /// When the last answer was there.
    answered: Mutex<Instant>,
    in_progress: AtomicUsize,
    /// In HTTP/2 bytes come without a request, too, and streams have limits of their own.
    http2: AtomicBool,
}

impl Watch {
    pub(super) fn new() -> Arc<Watch> {
        Arc::new(Watch {
            head_since: Mutex::new(Some(Instant::now())),
            answered: Mutex::new(Instant::now()),
            in_progress: AtomicUsize::new(0),
            http2: AtomicBool::new(false),
        })
    }

    /// Whether a head has been coming for longer than this.
    pub(super) fn head_is_late(&self, limit: Duration) -> bool {
        lock(&self.head_since).is_some_and(|since| since.elapsed() >= limit)
    }

    /// Whether no request has been in progress for this long.
    pub(super) fn is_idle(&self, limit: Duration) -> bool {
        self.in_progress.load(Ordering::Relaxed) == 0 && lock(&self.answered).elapsed() >= limit
    }

    /// A head has come whole; the request is in progress until the answer is there.
    pub(super) fn request_began(self: &Arc<Self>, version: Version) -> InProgress {
        self.in_progress.fetch_add(1, Ordering::Relaxed);
        self.http2.fetch_or(version == Version::HTTP_2, Ordering::Relaxed);
        *lock(&self.head_since) = None;
        InProgress(self.clone())
    }

    fn bytes_came(&self) {
        if self.in_progress.load(Ordering::Relaxed) == 0 && !self.http2.load(Ordering::Relaxed) {
            lock(&self.head_since).get_or_insert_with(Instant::now);
        }
    }
}

fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A request in progress, until dropped.
pub(super) struct InProgress(Arc<Watch>);

impl Drop for InProgress {
    fn drop(&mut self) {
        *lock(&self.0.answered) = Instant::now();
        self.0.in_progress.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A stream that tells when bytes have come.
pub(super) struct Watched {
    pub(super) stream: TcpStream,
    pub(super) watch: Arc<Watch>,
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let held = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > held {
            self.watch.bytes_came();
        }
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
