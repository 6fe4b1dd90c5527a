//! Who is the same, missing, extra or to be looked into.

use store::MappedNumber;
use uuid::Uuid;

use super::*;

const ANNE: &str = "01819912345";
const BO: &str = "02819912345";
const NEW: &str = "03819912345";
/// FREG's sequence before the question.
const AS_OF: i64 = 100;

fn paper(in_use: &[&str], ceased: &[&str]) -> Box<RawValue> {
    let listed = |number: &&str, status: &str| {
        format!(r#"{{"status":"{status}","erGjeldende":true,"foedselsEllerDNummer":"{number}"}}"#)
    };
    let numbers = in_use.iter().map(|number| listed(number, "iBruk"));
    let numbers = numbers.chain(ceased.iter().map(|number| listed(number, "opphoert")));
    let numbers: Vec<String> = numbers.collect();
    let json = format!(r#"{{"identifikasjonsnummer":[{}]}}"#, numbers.join(","));
    RawValue::from_string(json).unwrap()
}

/// A person whom the register has as of a sequence, from the document of the number alone.
fn person(ordinal: i64, number: &str, as_of: i64) -> PersonState {
    let number = IdentityNumber::new(number);
    let document = prepare(paper(&[number.as_str()], &[]).get()).unwrap();
    let id = PersonId(Uuid::from_u128(ordinal.cast_unsigned().into()));
    PersonState {
        ordinal,
        content_hash: Some(document.hash),
        numbers: vec![MappedNumber { number: number.clone(), as_of }],
        ..PersonState::new(id, number, as_of)
    }
}

/// One merged into another: no number leads to it.
fn stub(ordinal: i64, number: &str, as_of: i64) -> PersonState {
    let numbers = Vec::new();
    PersonState { stub: true, content_hash: None, numbers, ..person(ordinal, number, as_of) }
}

fn question(states: &[PersonState], answers: Vec<(&str, Option<Box<RawValue>>)>) -> Question {
    let answers = answers.into_iter().map(|(key, json)| BulkAnswer {
        key: key.to_owned(),
        outcome: json.ok_or_else(|| "fant ikke personen".to_owned()),
    });
    let answers = Answers::read(answers.collect());
    let working = Working::new(states.to_vec(), Vec::new());
    Question { as_of: AS_OF, answers, working, parked: HashSet::new() }
}

/// What is said of the first of these persons when its number is looked up.
fn asked(states: &[PersonState], answers: Vec<(&str, Option<Box<RawValue>>)>) -> (Verdict, bool) {
    let PersonState { id, ordinal, primary_number: number, stub, .. } = states[0].clone();
    let judged = question(states, answers).judge_asked(&Candidate { id, ordinal, number, stub });
    assert_eq!(judged.person, Some(id));
    (judged.verdict, judged.repairs)
}

#[test]
fn the_same_text_is_the_same_and_another_is_looked_into() {
    let anne = [person(1, ANNE, 90)];
    assert_eq!(asked(&anne, vec![(ANNE, Some(paper(&[ANNE], &[])))]).0, Verdict::Same);
    let other = vec![(ANNE, Some(paper(&[ANNE], &[BO])))];
    assert_eq!(asked(&anne, other), (Verdict::Look, true));
}

#[test]
fn what_is_newer_or_waits_or_is_not_answered_is_left_for_the_next_time() {
    let other = || vec![(ANNE, Some(paper(&[ANNE], &[BO])))];
    let parked = PersonState { parked: true, ..person(1, ANNE, 90) };
    let rubbish = RawValue::from_string(r#"["ingen person"]"#.to_owned()).unwrap();
    for (state, answers) in [
        (person(1, ANNE, AS_OF + 1), other()),
        (person(1, ANNE, AS_OF + 1), vec![(ANNE, None)]),
        (parked, other()),
        (person(1, ANNE, 90), vec![]),
        (person(1, ANNE, 90), vec![(ANNE, Some(rubbish))]),
    ] {
        assert_eq!(asked(&[state], answers), (Verdict::Undecided, false));
    }
    // As new as the question is not newer.
    assert_eq!(asked(&[person(1, ANNE, AS_OF)], other()), (Verdict::Look, true));
}

#[test]
fn whom_freg_does_not_have_is_extra_unless_merged_away() {
    assert_eq!(asked(&[person(1, ANNE, 90)], vec![(ANNE, None)]), (Verdict::Extra, false));
    assert_eq!(asked(&[stub(1, ANNE, 90)], vec![(ANNE, None)]), (Verdict::Same, false));
}

#[test]
fn whom_freg_has_merged_away_is_extra_and_the_survivors_paper_puts_it_right() {
    let survivor = || paper(&[BO], &[ANNE]);
    for key in [ANNE, BO] {
        let both = [person(1, ANNE, 90), person(2, BO, 80)];
        assert_eq!(asked(&both, vec![(key, Some(survivor()))]), (Verdict::Extra, true));
    }
    // Documents of the same age do not merge.
    let both = [person(1, ANNE, AS_OF), person(2, BO, 80)];
    assert_eq!(asked(&both, vec![(ANNE, Some(survivor()))]), (Verdict::Extra, false));
    let done = [stub(1, ANNE, 90), person(2, BO, 80)];
    assert_eq!(asked(&done, vec![(ANNE, Some(survivor()))]), (Verdict::Same, false));
}

#[test]
fn a_duplicate_that_freg_has_again_is_missing() {
    let both = [stub(1, ANNE, 90), person(2, BO, 80)];
    let restored = vec![(ANNE, Some(paper(&[ANNE], &[])))];
    assert_eq!(asked(&both, restored), (Verdict::Missing, true));
}

#[test]
fn another_number_is_looked_into_and_put_right_when_it_can_be() {
    let renumbered = || vec![(ANNE, Some(paper(&[NEW], &[ANNE])))];
    assert_eq!(asked(&[person(1, ANNE, 90)], renumbered()), (Verdict::Look, true));
    // Applied now it would make a second person.
    assert_eq!(asked(&[person(1, ANNE, AS_OF)], renumbered()), (Verdict::Look, false));
    let somebody_else = vec![(ANNE, Some(paper(&[NEW], &[])))];
    assert_eq!(asked(&[person(1, ANNE, 90)], somebody_else), (Verdict::Extra, true));
}

/// What is said of the person whose document an extract holds.
fn listed(states: &[PersonState], json: Box<RawValue>) -> (Verdict, Option<i64>, bool) {
    let question = question(states, vec![("d", Some(json))]);
    let judged = question.judge_listed(0);
    let ordinal = judged.person.and_then(|id| question.working.get(id)).map(|state| state.ordinal);
    (judged.verdict, ordinal, judged.repairs)
}

#[test]
fn an_extract_tells_of_those_whom_the_register_has_not() {
    let anne = [person(1, ANNE, 90)];
    assert_eq!(listed(&anne, paper(&[ANNE], &[])), (Verdict::Same, Some(1), true));
    assert_eq!(listed(&anne, paper(&[NEW], &[ANNE])), (Verdict::Look, Some(1), true));
    assert_eq!(listed(&[], paper(&[NEW], &[])), (Verdict::Missing, None, true));
    assert_eq!(listed(&[stub(1, ANNE, 90)], paper(&[ANNE], &[])).0, Verdict::Missing);
    let newer = [person(1, ANNE, AS_OF + 1)];
    assert_eq!(listed(&newer, paper(&[ANNE], &[BO])), (Verdict::Undecided, Some(1), false));
}

#[test]
fn who_has_a_number_for_which_something_waits_is_left() {
    let states = [person(1, ANNE, 90)];
    let mut question = question(&states, vec![(ANNE, Some(paper(&[ANNE], &[BO])))]);
    question.parked.insert(IdentityNumber::new(BO));
    assert_eq!(question.judge_listed(0).verdict, Verdict::Undecided);
    let PersonState { id, ordinal, primary_number: number, stub, .. } = states[0].clone();
    let asked = Candidate { id, ordinal, number, stub };
    assert_eq!(question.judge_asked(&asked).verdict, Verdict::Undecided);
}

#[test]
fn an_old_document_of_a_number_that_is_nobodys_since_tells_nothing() {
    let mut question = question(&[], vec![("d", Some(paper(&[ANNE], &[])))]);
    let gone = MappedNumber { number: IdentityNumber::new(ANNE), as_of: AS_OF + 1 };
    question.working = Working::new(Vec::new(), vec![gone]);
    assert_eq!(question.judge_listed(0).verdict, Verdict::Undecided);
}
