//! The one call that needs no token.

/// Ask whether the service is there
///
/// Answers 200 without a body. It needs no token and says nothing about the register's health.
#[utoipa::path(
    get,
    path = "/ping",
    operation_id = "ping",
    tag = "ping",
    responses((status = 200, description = "The service is there")),
)]
pub(crate) async fn ping() {}
