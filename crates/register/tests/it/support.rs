//! Rendering a person and reading the answer back, as a client would.

use register::id::PersonId;
use register::package::Package;
use register::part::{InformationPart, PartSet};
use register::person::Person;
use register::render::{Circumstances, ServedForm, render};
use serde_json::Value;
use uuid::Uuid;

/// An id to answer with.
pub const ID: PersonId = PersonId(Uuid::from_u128(0x1f0e_3dad_9990_4345_9743_9f2f_d5a8_8a11));

/// The parts that a lookup can answer with.
pub fn served() -> impl Iterator<Item = InformationPart> {
    InformationPart::ALL.iter().copied().filter(|part| part.is_served())
}

/// The name of a part's property in the answer.
pub fn property(part: InformationPart) -> String {
    let (first, rest) = part.name().split_at(1);
    first.to_lowercase() + rest
}

/// The text of the answer to a request for these parts.
pub fn answer_text(form: &[u8], parts: PartSet, history: bool) -> String {
    let mut out = Vec::new();
    let served = ServedForm::read(form).expect("render writes what read reads");
    served.write_json(&mut out, ID, 7, parts, history);
    String::from_utf8(out).expect("JSON is UTF-8")
}

/// The answer to a request for one part of a person: its value, or null when it is left out.
pub fn answer(
    person: &Person,
    package: Package,
    circumstances: Circumstances,
    part: InformationPart,
    history: bool,
) -> Value {
    let form = render(person, package, &circumstances);
    let text = answer_text(&form, PartSet::of(&[part]), history);
    let mut answer: Value = serde_json::from_str(&text).expect("the answer is JSON");
    answer.get_mut(property(part)).map(Value::take).unwrap_or_default()
}
