//! What a developer may print by accident.

use register::id::IdentityNumber;
use register::package::Package;
use register::person::Person;
use register::render::{Circumstances, ServedForm, render};

fn numbers(person: &Person) -> Vec<&IdentityNumber> {
    let own = person.norwegian_identification_number.iter().map(|item| &item.identification_number);
    let kin = person.family_relation.iter().map(|item| &item.related_person);
    let spouses = person.marital_status.iter().map(|item| &item.related_by_marital_status);
    let children =
        person.parental_responsibility.iter().map(|item| &item.subject_of_responsibility);
    let responsible = person.parental_responsibility.iter().map(|item| &item.responsible);
    let estates = person.residuary_estate_contact_information.iter();
    let heirs = estates.filter_map(|item| item.person.as_ref());
    let heirs = heirs.map(|heir| &heir.norwegian_identification_number);
    let false_identity = person.false_identity.iter();
    let truth = false_identity.map(|item| &item.correct_identity_from_identification_number);
    let of_parents = children.chain(responsible);
    let arrangements = person.guardianship_or_future_power_of_attorney.iter();
    let guardians = arrangements.filter_map(|item| item.guardian.as_ref());
    let guardians = guardians.map(|guardian| &guardian.identification_number);
    let foreign = person.foreign_person_identification_number.iter();
    let foreign = foreign.map(|item| &item.identification_number);
    let immigration = person.immigration_authorities_identification_number.iter();
    let of_others = foreign.chain(immigration.map(|item| &item.identification_number));
    let all = own.chain(kin).chain(spouses).chain(of_parents).chain(heirs).chain(truth);
    let all = all.chain(guardians).chain(of_others);
    all.flatten().collect()
}

#[test]
fn no_debug_output_holds_a_number() {
    let person = Person::sample();
    let numbers = numbers(&person);
    assert_eq!(numbers.len(), 18, "the samples hold a number in every place there is for one");
    let printed = format!("{person:?}\n{person:#?}");
    for number in numbers {
        assert!(!printed.contains(number.as_str()));
    }
    let longest_run = printed.split(|letter: char| !letter.is_ascii_digit()).map(str::len).max();
    assert!(longest_run < Some(11), "something of 11 digits was printed");
}

#[test]
fn no_debug_output_or_error_holds_the_served_form() {
    let form = render(&Person::sample(), Package::FullAccess, &Circumstances::default());
    let served = ServedForm::read(&form).expect("render writes what read reads");
    let error = ServedForm::read(&form[..form.len() - 1]).err();
    let printed = format!("{served:?} {error:?} {}", error.expect("a cut form is refused"));
    assert!(printed.len() < 200 && !printed.contains("given"), "{printed}");
}
