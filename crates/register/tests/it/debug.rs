//! What a developer may print by accident.

use register::id::IdentityNumber;
use register::package::Package;
use register::person::Person;
use register::render::{Circumstances, ServedForm, render};

fn numbers(person: &Person) -> Vec<&IdentityNumber> {
    let own = person.norwegian_identification_number.iter().map(|item| &item.identification_number);
    let kin = person.family_relation.iter().map(|item| &item.related_person);
    let spouses = person.marital_status.iter().map(|item| &item.related_by_marital_status);
    own.chain(kin).chain(spouses).flatten().collect()
}

#[test]
fn no_debug_output_holds_a_number() {
    let person = Person::sample();
    let numbers = numbers(&person);
    assert_eq!(numbers.len(), 6, "the samples hold a number in every place there is for one");
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
