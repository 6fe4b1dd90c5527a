//! Who calls, in which version, and what they may see. A handler names its permission in its
//! signature: [`Permission<A>`], for each of the four ways in that [`Access`] has.

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
use register::version::Version;

use crate::app::App;
use crate::places::Place;
use crate::problem::{Code, Problem};
use crate::version;

pub(crate) use guard::{Guard, Scopes, challenge};

/// A rights package in a version of the contract, as a type: what a path stands for.
pub trait Access: Send + Sync + 'static {
    /// The package that the types of `register` know.
    const PACKAGE: Package;
    /// The version of the contract.
    const VERSION: Version;
    /// The package's name in this version's paths, and in metrics and logs.
    const NAME: &'static str;
}

/// The package that sees everything but the strictly confidential.
pub struct FullAccess;

/// The package that sees what needs no further legal basis.
pub struct RestrictedAccess;

/// Full access, as version 2 has it.
pub struct LegalBasis;

/// Restricted access, as version 2 has it.
pub struct NoLegalBasis;

impl Access for FullAccess {
    const PACKAGE: Package = Package::FullAccess;
    const VERSION: Version = Version::V3;
    const NAME: &'static str = "full-access";
}

impl Access for RestrictedAccess {
    const PACKAGE: Package = Package::RestrictedAccess;
    const VERSION: Version = Version::V3;
    const NAME: &'static str = "restricted-access";
}

impl Access for LegalBasis {
    const PACKAGE: Package = Package::FullAccess;
    const VERSION: Version = Version::V2;
    const NAME: &'static str = "legal-basis";
}

impl Access for NoLegalBasis {
    const PACKAGE: Package = Package::RestrictedAccess;
    const VERSION: Version = Version::V2;
    const NAME: &'static str = "no-legal-basis";
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
        if A::VERSION == Version::V2 && !app.config.version_2.enabled {
            return Err(Code::VersionSwitchedOff.into());
        }
        version::check_header(&parts.headers, A::VERSION)?;
        let token = app.guard.authenticate(parts, A::VERSION).await?;
        if let Some(caller) = parts.extensions.get::<Caller>() {
            caller.is(token.clone());
        }
        let place = app.guard.authorise(&token, A::PACKAGE, A::VERSION)?;
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
