//! The two versions of the public contract that are served, and what the older one lacks.
//!
//! Version 2's objects forbid fields that they do not know: clients generated from it fail on one.
//! So what came with version 3 is taken out of an answer in version 2. The tables here say what;
//! answers and interface descriptions are both made from them.

use serde_json::Value;

use crate::part::InformationPart;

/// A version of the public contract, told apart by the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// The one before: bearer tokens, `legal-basis` and `no-legal-basis`.
    V2,
    /// The current one: DPoP, `full-access` and `restricted-access`.
    V3,
}

impl Version {
    /// Both versions.
    pub const ALL: [Self; 2] = [Self::V2, Self::V3];

    /// The number, as it stands in the header `api-version`.
    pub fn name(self) -> &'static str {
        match self {
            Self::V2 => "2",
            Self::V3 => "3",
        }
    }
}

/// The fields of one object that came with version 3.
pub struct Newer {
    /// The object's name in the contract.
    pub schema: &'static str,
    /// The part whose items hold the object.
    pub part: InformationPart,
    /// The field of an item in which the object stands; none when it is the item itself.
    pub within: Option<&'static str>,
    /// The fields.
    pub fields: &'static [&'static str],
}

/// All that came with version 3 in persons' answers.
pub const NEWER_THAN_2: &[Newer] = &[
    Newer {
        schema: "CommonContactRegisterInformation",
        part: InformationPart::CommonContactRegisterInformation,
        within: None,
        fields: &["certificateExpireDate", "reservationTime", "reservationUpdated"],
    },
    Newer {
        schema: "ContactInformationResource",
        part: InformationPart::CommonContactRegisterInformation,
        within: Some("contactInformation"),
        fields: &[
            "emailDuplicated",
            "emailLastValidated",
            "phoneNumberDuplicated",
            "phoneNumberLastValidated",
        ],
    },
    Newer {
        schema: "DigitalPostResource",
        part: InformationPart::CommonContactRegisterInformation,
        within: Some("digitalPost"),
        fields: &["digitalPostVendorName"],
    },
];

/// A part's items as version 2 knows them; none when its items are the same in both versions.
/// Takes and gives what a fragment of the served form holds: items with commas between.
pub(crate) fn items_in_v2(part: InformationPart, items: &[u8]) -> Option<Vec<u8>> {
    let newer: Vec<&Newer> = NEWER_THAN_2.iter().filter(|row| row.part == part).collect();
    if newer.is_empty() {
        return None;
    }
    let array = [b"[", items, b"]"].concat();
    let mut items: Vec<Value> =
        serde_json::from_slice(&array).expect("a fragment holds what `render` wrote");
    for item in &mut items {
        newer.iter().for_each(|row| row.take_out_of(item));
    }
    // An object of which nothing is left says nothing, and is left out like any other.
    items.retain(|item| !is_empty(item));
    let texts: Vec<String> = items.iter().map(Value::to_string).collect();
    Some(texts.join(",").into_bytes())
}

impl Newer {
    fn take_out_of(&self, item: &mut Value) {
        let object = match self.within {
            None => Some(&mut *item),
            Some(field) => item.get_mut(field),
        };
        if let Some(object) = object.and_then(Value::as_object_mut) {
            object.retain(|field, _| !self.fields.contains(&field.as_str()));
        }
        if let (Some(field), Some(item)) = (self.within, item.as_object_mut())
            && item.get(field).is_some_and(is_empty)
        {
            item.remove(field);
        }
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(serde_json::Map::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTACT: InformationPart = InformationPart::CommonContactRegisterInformation;

    fn in_v2(items: &str) -> String {
        String::from_utf8(items_in_v2(CONTACT, items.as_bytes()).expect("it differs"))
            .expect("text")
    }

    #[test]
    fn what_came_later_is_taken_out_and_all_else_stays() {
        let items = r#"{"contactInformation":{"email":"å\"@x","emailDuplicated":"Yes"},
            "digitalPost":{"digitalPostVendorName":"Æ"},"language":"nn","reservationTime":"t"}"#;
        assert_eq!(in_v2(items), r#"{"contactInformation":{"email":"å\"@x"},"language":"nn"}"#);
    }

    #[test]
    fn an_item_of_which_nothing_is_left_is_left_out() {
        assert_eq!(in_v2(r#"{"reservationTime":"2020"}"#), "");
        assert_eq!(in_v2(""), "");
    }

    #[test]
    fn other_parts_are_not_even_looked_at() {
        assert_eq!(items_in_v2(InformationPart::Name, b"no JSON"), None);
    }
}
