//! The one way the contract's objects and enumerations are written down.

/// Writes one object or enumeration of the contract.
///
/// `part` is an object with the six fields that every item of an information part has, `object` is
/// one without them, `values` is an enumeration whose variants are the contract's values. Every
/// field is optional and is left out of the JSON when it says nothing. So
///
/// ```text
/// shape! {
///     /// Recorded sex (FREG: Personkjoenn).
///     part PersonGender {
///         /// The recorded sex (FREG: Kjoenn).
///         gender: Gender,
///     }
/// }
/// ```
///
/// becomes, with the derives, `impl Silent` and `impl Metadata` left out here,
///
/// ```text
/// #[serde(rename_all = "camelCase")]
/// pub struct PersonGender {
///     /// True for what holds now … (FREG: ErGjeldende).
///     #[serde(skip_serializing_if = "is_silent")]
///     pub is_valid: Option<bool>,
///     // … registered_at, source, reason, valid_from, valid_to …
///     /// The recorded sex (FREG: Kjoenn).
///     #[serde(skip_serializing_if = "is_silent")]
///     pub gender: Option<Gender>,
/// }
/// ```
macro_rules! shape {
    ($(#[$doc:meta])* part $name:ident { $($fields:tt)* }) => {
        $crate::part::shape::shape! {
            $(#[$doc])* object $name {
                /// True for what holds now, false for history (FREG: ErGjeldende).
                is_valid: bool,
                /// When the source wrote the item down (FREG: Ajourholdstidspunkt).
                #[schema(value_type = Option<String>, format = DateTime)]
                registered_at: $crate::time::Instant,
                /// Who the source had it from, in the source's own words (FREG: Kilde).
                source: String,
                /// Why it was written down, in the source's own words (FREG: Aarsak).
                reason: String,
                /// From when it holds (FREG: Gyldighetstidspunkt).
                #[schema(value_type = Option<String>, format = DateTime)]
                valid_from: $crate::time::Instant,
                /// When it ceased to hold without anything in its place (FREG: Opphoerstidspunkt).
                #[schema(value_type = Option<String>, format = DateTime)]
                valid_to: $crate::time::Instant,
                $($fields)*
            }
        }
        impl $crate::part::shape::Metadata for $name {
            fn is_current(&self) -> bool { self.is_valid != Some(false) }
            fn age(&self) -> $crate::part::shape::Age { (self.valid_from, self.registered_at) }
            fn free_texts(&self) -> [Option<&str>; 2] {
                [self.source.as_deref(), self.reason.as_deref()]
            }
            fn close_free_texts(&mut self, source: bool, reason: bool) {
                self.source.take_if(|_| source);
                self.reason.take_if(|_| reason);
            }
        }
    };
    ($(#[$doc:meta])* object $name:ident {
        $($(#[$field_doc:meta])* $field:ident: $type:ty,)*
    }) => {
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
        $(#[$doc])*
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            $($(#[$field_doc])*
            #[serde(skip_serializing_if = "crate::part::shape::is_silent")]
            pub $field: Option<$type>,)*
        }
        impl $crate::part::shape::Silent for $name {
            fn says_nothing(&self) -> bool {
                true $(&& $crate::part::shape::is_silent(&self.$field))*
            }
        }
    };
    ($(#[$doc:meta])* values $name:ident { $($(#[$value_doc:meta])* $value:ident,)+ }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, utoipa::ToSchema)]
        $(#[$doc])*
        pub enum $name { $($(#[$value_doc])* $value,)+ }
        impl $name {
            /// Every value, in the contract's order.
            pub const ALL: &[Self] = &[$(Self::$value),+];
            /// The value as it stands in the contract.
            pub fn name(self) -> &'static str {
                match self { $(Self::$value => stringify!($value),)+ }
            }
            /// The value with this name, whatever the case of its letters.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name().eq_ignore_ascii_case(name))
            }
        }
        impl $crate::part::shape::Silent for $name {}
    };
}

pub(crate) use shape;

use crate::id::IdentityNumber;
use crate::time::{Day, Instant};

/// From when an item holds, and when it was written down.
pub(crate) type Age = (Option<Instant>, Option<Instant>);

/// What the rules read of the six fields that every `part` has. An item without them has no
/// history: it holds as long as it is there.
pub(crate) trait Metadata {
    /// Whether it holds now. Only what is said to be history is history.
    fn is_current(&self) -> bool {
        true
    }
    /// How old it is.
    fn age(&self) -> Age {
        (None, None)
    }
    /// What somebody wrote freely: source and reason.
    fn free_texts(&self) -> [Option<&str>; 2] {
        [None, None]
    }
    /// Takes out the source, the reason or both.
    fn close_free_texts(&mut self, _source: bool, _reason: bool) {}
}

/// A value that may say nothing, so that its field is left out: an empty text, an object whose
/// every field is left out. Zero and false say something.
pub(crate) trait Silent {
    /// Whether the field with this value is left out.
    fn says_nothing(&self) -> bool {
        false
    }
}

/// Whether a field is left out: it has no value, or one that says nothing.
pub(crate) fn is_silent<T: Silent>(field: &Option<T>) -> bool {
    field.as_ref().is_none_or(Silent::says_nothing)
}

impl Silent for bool {}
impl Silent for i64 {}
impl Silent for Instant {}
impl Silent for Day {}

impl Silent for String {
    fn says_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl<T> Silent for Vec<T> {
    fn says_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl Silent for IdentityNumber {
    fn says_nothing(&self) -> bool {
        self.as_str().is_empty()
    }
}
