//! Starting and stopping: two listeners, work in the background, an end that no client sees.

use std::net::SocketAddr;
use std::sync::Arc;

use store::Store;
use tokio::net::TcpListener;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::config::{ApiConfig, ms};
use crate::health::{self, MetricsText, Role};
use crate::listener::{Listener, Slots};
use crate::{metrics, router};

/// Why the API could not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// Settings that cannot be used, each in words.
    #[error("the API's settings cannot be used: {}", .0.join("; "))]
    Config(Vec<String>),
    /// An address that cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The client for HelseID could not be set up.
    #[error("the HTTP client cannot be set up")]
    HttpClient(#[source] reqwest::Error),
    /// Work that goes on until the end ended by itself.
    #[error("{task} ended by itself")]
    Ended {
        /// Which work.
        task: &'static str,
        /// Why, if it panicked.
        #[source]
        source: Option<JoinError>,
    },
}

/// The API with both its sockets open, not yet answering.
pub struct Server {
    app: Arc<App>,
    public: TcpListener,
    health: TcpListener,
    metrics_text: MetricsText,
}

/// Serves until `shutdown`, then drains: readiness fails first, the listener stays open for
/// `drain_wait_ms`, open requests get `drain_deadline_ms` to finish.
///
/// # Errors
/// Settings or addresses that cannot be used, and work that ended by itself.
pub async fn serve(
    config: ApiConfig,
    store: Store,
    metrics_text: impl Fn() -> String + Send + Sync + 'static,
    shutdown: CancellationToken,
) -> Result<(), ApiError> {
    Server::bind(config, store, metrics_text).await?.run(shutdown).await
}

impl Server {
    /// Checks the settings and opens both sockets; port 0 takes a free one.
    ///
    /// # Errors
    /// Settings or addresses that cannot be used.
    pub async fn bind(
        config: ApiConfig,
        store: Store,
        metrics_text: impl Fn() -> String + Send + Sync + 'static,
    ) -> Result<Server, ApiError> {
        let faults = config.faults();
        if !faults.is_empty() {
            return Err(ApiError::Config(faults));
        }
        metrics::describe();
        let public = listen(config.listen).await?;
        let health = listen(config.health_listen).await?;
        let app = Arc::new(App::new(config, store)?);
        Ok(Server { app, public, health, metrics_text: Arc::new(metrics_text) })
    }

    /// Where clients reach the API.
    ///
    /// # Errors
    /// What the system says about its own socket.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.public.local_addr()
    }

    /// Where health and metrics are.
    ///
    /// # Errors
    /// What the system says about its own socket.
    pub fn health_address(&self) -> std::io::Result<SocketAddr> {
        self.health.local_addr()
    }

    /// Serves until `shutdown`, and drains: see [`serve`].
    ///
    /// # Errors
    /// Work that ended by itself.
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), ApiError> {
        let Server { app, public, health: health_socket, metrics_text } = self;
        let (closing, stop) = (CancellationToken::new(), CancellationToken::new());
        // Looked for before anybody is let in, since a reader of the feed can be told nothing
        // without it. It does not wait for long: the database may be away.
        app.store.refresh_head().await;
        let limits = &app.config.limits;
        let slots = Slots::new(limits.connections_max, limits.connections_per_peer_max);
        let public = Listener::new(public, router::router(app.clone()), &app.config, slots);
        let role = Role::Api(app.clone());
        let health = health::listener(health_socket, role, metrics_text, &app.config);

        let mut serving = JoinSet::new();
        serving.spawn(public.run(closing.clone()));
        let mut background = JoinSet::new();
        background.spawn(health.run(stop.clone()));
        let (guarded, asked_to_stop) = (app.clone(), stop.clone());
        background.spawn(async move { guarded.guard.keep_keys_fresh(asked_to_stop).await });
        let (store, asked_to_stop) = (app.store.clone(), stop.clone());
        background.spawn(async move { store.follow_head(asked_to_stop.cancelled_owned()).await });

        let ended = tokio::select! {
            () = shutdown.cancelled() => Ok(()),
            ended = serving.join_next() => Err(ended_by_itself("the listener", ended)),
            ended = background.join_next() => Err(ended_by_itself("work in the background", ended)),
        };
        tracing::info!("draining");
        app.start_draining();
        tokio::time::sleep(ms(app.config.timeouts.drain_wait_ms)).await;
        closing.cancel();
        while serving.join_next().await.is_some() {}
        stop.cancel();
        while background.join_next().await.is_some() {}
        tracing::info!("stopped");
        ended
    }
}

fn ended_by_itself(task: &'static str, ended: Option<Result<(), JoinError>>) -> ApiError {
    ApiError::Ended { task, source: ended.and_then(Result::err) }
}

pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener, ApiError> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|source| ApiError::Listen { address, source })
}
