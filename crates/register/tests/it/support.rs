//! Rendering a person and reading the answer back, as a client would.

use register::id::PersonId;
use register::package::Package;
use register::part::{AddressConfidentiality, InformationPart, PartSet};
use register::person::Person;
use register::render::{Circumstances, ServedForm, render};
use serde_json::Value;
use uuid::Uuid;

/// An id to answer with.
pub const ID: PersonId = PersonId(Uuid::from_u128(0x1f0e_3dad_9990_4345_9743_9f2f_d5a8_8a11));

/// Every part there is.
pub fn served() -> impl Iterator<Item = InformationPart> {
    InformationPart::ALL.iter().copied()
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

/// Gives every address of a person the same grade.
pub fn grade_all(person: &mut Person, grade: Option<AddressConfidentiality>) {
    let Person { residential_address, shared_residence, present_address, .. } = person;
    let Person { postal_address, foreign_postal_address, preferred_contact_address, .. } = person;
    let dwellings = residential_address.iter_mut().map(|item| &mut item.address_confidentiality);
    let shared = shared_residence.iter_mut().map(|item| &mut item.address_confidentiality);
    let present = present_address.iter_mut().map(|item| &mut item.address_confidentiality);
    let postal = postal_address.iter_mut().map(|item| &mut item.address_confidentiality);
    let foreign = foreign_postal_address.iter_mut().map(|item| &mut item.address_confidentiality);
    let chosen = preferred_contact_address.iter_mut().map(|item| &mut item.address_confidentiality);
    let all = dwellings.chain(shared).chain(present).chain(postal).chain(foreign).chain(chosen);
    all.for_each(|own| *own = grade);
}
