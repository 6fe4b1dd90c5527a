//! The two rights packages a client can hold.

/// What a client may see. The rules are in [`crate::rights`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Package {
    /// For those with a legal basis: everything but the addresses that nobody sees.
    FullAccess,
    /// For those without: no secrets.
    RestrictedAccess,
}

impl Package {
    /// Both packages.
    pub const ALL: [Self; 2] = [Self::FullAccess, Self::RestrictedAccess];

    /// The name in the contract's paths and scopes.
    pub fn name(self) -> &'static str {
        match self {
            Self::FullAccess => "full-access",
            Self::RestrictedAccess => "restricted-access",
        }
    }
}
