//! Who calls, and what they may see. A handler names its permission in its signature:
//! [`Permission<FullAccess>`] or [`Permission<RestrictedAccess>`].

mod credentials;
mod guard;
pub(crate) mod keys;
mod tokens;

use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use helseid::AccessToken;
use register::package::Package;

use crate::app::App;
use crate::places::Place;
use crate::problem::Problem;

pub(crate) use guard::{Guard, challenge};

/// A rights package as a type.
pub trait Access: Send + Sync + 'static {
    /// The package that the types of `register` know.
    const PACKAGE: Package;
    /// The package's name in paths, metrics and logs.
    const NAME: &'static str;
}

/// The package that sees everything but the strictly confidential.
pub struct FullAccess;

/// The package that sees what needs no further legal basis.
pub struct RestrictedAccess;

impl Access for FullAccess {
    const PACKAGE: Package = Package::FullAccess;
    const NAME: &'static str = "full-access";
}

impl Access for RestrictedAccess {
    const PACKAGE: Package = Package::RestrictedAccess;
    const NAME: &'static str = "restricted-access";
}

/// Proof that the caller may use a rights package. Only the guard makes one. It holds the client's
/// place among the requests in progress for as long as the handler runs.
pub struct Permission<A> {
    _place: Place<String>,
    _access: PhantomData<A>,
}

impl<A: Access> FromRequestParts<Arc<App>> for Permission<A> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let token = app.guard.authenticate(parts).await?;
        if let Some(caller) = parts.extensions.get::<Caller>() {
            caller.is(token.clone());
        }
        let place = app.guard.authorise(&token, A::PACKAGE)?;
        Ok(Permission { _place: place, _access: PhantomData })
    }
}

/// Who a request turned out to come from, for the request log.
#[derive(Clone, Default)]
pub(crate) struct Caller(Arc<OnceLock<Arc<AccessToken>>>);

impl Caller {
    fn is(&self, token: Arc<AccessToken>) {
        // A request is authenticated once, so there is nothing to lose in a second answer.
        self.0.get_or_init(|| token);
    }

    /// The verified token, when there was one.
    pub(crate) fn token(&self) -> Option<&AccessToken> {
        self.0.get().map(Arc::as_ref)
    }
}
