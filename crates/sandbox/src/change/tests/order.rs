//! The orders of events, and what a change leaves behind in the register.

use super::*;
use crate::population::grade;
use crate::world::TooOld;

#[test]
fn events_follow_each_other_without_a_hole_after_the_first() {
    let (world, maker) = register();
    let first = world.last_sequence();
    assert!((11_000_000..12_000_000).contains(&first));
    for kind in ["move", "birth", "merge", "split", "d-number-to-foedselsnummer", "name"] {
        assert!(maker.make(named(kind), None, now()).is_ok(), "{kind}");
    }
    let events = world.events(first, 1000).expect("kept");
    let sequences: Vec<i64> = events.iter().map(|event| event.sequence).collect();
    assert_eq!(sequences, (first..=world.last_sequence()).collect::<Vec<_>>());
    assert_eq!(world.events(first + 2, 3).expect("kept")[0].sequence, first + 2);
    assert_eq!(world.events(world.last_sequence() + 1, 1000), Ok(Vec::new()));
    assert_eq!(world.events(first - 1, 1000), Err(TooOld));
}

#[test]
fn the_same_seed_and_times_give_the_same_changes() {
    let run = || {
        let (world, maker) = register();
        let first = world.last_sequence();
        let happened = (0..60).filter(|_| maker.make_any(now()).is_ok()).count();
        (happened, world.events(first, 1000).expect("kept"))
    };
    let (first, second) = (run(), run());
    assert_eq!(first, second);
    assert!(first.0 > 50 && first.1.len() > first.0);
}

#[test]
fn a_birth_makes_a_person_and_tells_the_parents() {
    let story = Story::of("birth");
    let child = story.now_is(&story.number);
    let parents = child.familierelasjon.len();
    let mut kinds = vec!["personErOpprettet"];
    for _ in 0..parents {
        kinds.extend(["endringIFamilierelasjon", "endringIForeldreansvar"]);
    }
    assert_eq!(story.kinds(), kinds);
    assert_eq!(story.touched, parents + 1);
    assert_eq!(child.foedsel[0].foedselsdato.as_deref(), Some("2026-03-04"));
    assert!(child.navn[0].fornavn.contains('*'));
    for relation in &child.familierelasjon {
        let number = relation.relatert_person.as_deref().expect("a registered parent");
        let parent = story.now_is(number);
        assert!(parent.familierelasjon.iter().any(|back| {
            back.relatert_person.as_deref() == Some(&story.number)
                && back.relatert_persons_rolle == "barn"
                && Some(&relation.relatert_persons_rolle) == back.min_rolle_for_person.as_ref()
        }));
        assert_eq!(
            parent.foreldreansvar.last().map(|item| item.ansvar.clone()),
            child.foreldreansvar.last().map(|item| item.ansvar.clone()),
        );
    }
    assert_eq!(story.world.entities(), 6_001);
    assert_eq!(story.world.documents(6_000..6_001).len(), 1);
}

#[test]
fn a_death_leaves_a_widow() {
    let (world, maker) = register();
    let married = (0..6_000)
        .map(|index| world.population.person(index))
        .find(|person| {
            let spouse = current(&person.sivilstand).filter(|item| item.sivilstand == "gift");
            let spouse =
                spouse.and_then(|item| world.find(item.relatert_ved_sivilstand.as_deref()?));
            person.status_word() == "bosatt"
                && spouse.is_some_and(|spouse| spouse.person.status_word() == "bosatt")
        })
        .expect("a married couple");
    let story = Story::next(world, maker, "death", Some(married.number()));
    assert_eq!(story.kinds(), ["personErDoed", "endringISivilstand", "endringIFamilierelasjon"]);
    let dead = story.now_is(&story.number);
    assert_eq!(dead.status_word(), "doed");
    assert_eq!(dead.doedsfall.and_then(|death| death.doedsdato).as_deref(), Some("2026-03-03"));
    let spouse = story.now_is(&story.numbers[1]);
    let status = current(&spouse.sivilstand).expect("has one");
    assert_eq!(status.sivilstand, "enkeEllerEnkemann");
    assert_eq!(status.relatert_ved_sivilstand.as_deref(), Some(married.number()));
    let bound = |person: &Folkeregisterperson| {
        let mut relations = person.familierelasjon.iter();
        relations.any(|item| {
            item.relatert_persons_rolle == "ektefelleEllerPartner" && item.meta.er_gjeldende
        })
    };
    assert!(bound(&married) && !bound(&spouse));
}

#[test]
fn a_move_makes_the_old_address_historic_for_the_whole_household() {
    let story = Story::of("move");
    assert!(story.kinds().iter().all(|kind| *kind == "endringIBostedsadresse"));
    assert_eq!(story.events[0].number, story.number);
    for number in &story.numbers {
        let (before, after) = (story.before(number), story.now_is(number));
        assert_eq!(after.bostedsadresse.len(), before.bostedsadresse.len() + 1);
        assert_eq!(after.bostedsadresse[1].vegadresse, before.bostedsadresse[0].vegadresse);
        assert!(!after.bostedsadresse[1].meta.er_gjeldende);
        assert_eq!(after.bostedsadresse[0].flyttedato.as_deref(), Some("2026-03-04"));
    }
}

#[test]
fn a_marriage_gives_one_event_for_each_of_the_two() {
    let story = Story::of("marriage");
    assert_eq!(story.kinds(), ["endringISivilstand", "endringISivilstand"]);
    for (mine, theirs) in [(0, 1), (1, 0)] {
        let person = story.now_is(&story.numbers[mine]);
        let status = current(&person.sivilstand).expect("has one");
        assert_eq!(status.sivilstand, "gift");
        assert_eq!(
            status.relatert_ved_sivilstand.as_ref().map(|n| n.as_ref()),
            Some(story.numbers[theirs].as_str())
        );
        assert_eq!(person.sivilstand.iter().filter(|item| item.meta.er_gjeldende).count(), 1);
    }
}

#[test]
fn a_new_name_keeps_the_old_one_as_history() {
    let story = Story::of("name");
    assert_eq!(story.kinds(), ["endringINavn"]);
    let (before, after) = (story.before(&story.number), story.now_is(&story.number));
    assert_eq!(after.navn.len(), before.navn.len() + 1);
    assert!(after.navn[0].meta.er_gjeldende && !after.navn[1].meta.er_gjeldende);
}

#[test]
fn confidential_protection_grades_every_address_and_ends_again() {
    let story = Story::of("protection");
    assert_eq!(story.kinds(), ["endringIAdressebeskyttelse"]);
    let person = story.now_is(&story.number);
    assert_eq!(person.adressebeskyttelse[0].graderingsnivaa, grade::CONFIDENTIAL);
    assert!(!person.bostedsadresse.is_empty());
    assert!(person.bostedsadresse.iter().all(|item| item.adressegradering == grade::CONFIDENTIAL));
    let number = story.number.clone();
    let again = story.maker.make(named("strict-protection"), Some(&number), now());
    assert!(matches!(again, Err(PlanError::Unsuitable(_))));
    let story = Story::next(story.world, story.maker, "protection-off", Some(&number));
    let person = story.now_is(&number);
    assert!(person.bostedsadresse.iter().all(|item| item.adressegradering == grade::OPEN));
    assert_eq!(person.adressebeskyttelse[0].graderingsnivaa, grade::OPEN);
}

#[test]
fn strict_protection_takes_the_address_and_may_leave_old_ones_open() {
    let (world, maker) = register();
    let (mut leaking, mut bare) = (0, 0);
    for _ in 0..30 {
        let done = maker.make(named("strict-protection"), None, now()).expect("somebody fits");
        let person = &world.find(&done.number).expect("known").person;
        assert!(current(&person.bostedsadresse).is_none());
        assert!(person.bostedsadresse.iter().all(|item| item.adressegradering == grade::OPEN));
        assert_eq!(person.postadresse.len(), 1);
        if person.bostedsadresse.is_empty() { bare += 1 } else { leaking += 1 }
    }
    assert!(leaking > 0 && bare > 0, "{leaking} {bare}");
}

#[test]
fn a_d_number_becomes_a_national_number_in_two_steps() {
    let story = Story::of("d-number-to-foedselsnummer");
    assert_eq!(story.kinds(), ["endringIIdentifikasjonsnummer", "personErBosatt"]);
    let [old, new] = [0, 1].map(|at| story.events[at].number.clone());
    assert_ne!(old, new);
    assert_eq!(story.number, new);
    assert_eq!(story.touched, 1);
    let half_way = story.document_of(0);
    assert!(half_way.lists(&old) && !half_way.uses(&old) && !half_way.lists(&new));
    let settled = story.document_of(1);
    assert!(settled.uses(&new) && settled.lists(&old) && !settled.uses(&old));
    assert_eq!(settled.status_word(), "bosatt");
    assert!(current(&settled.bostedsadresse).is_some());
    for number in [&old, &new] {
        assert_eq!(story.now_is(number), settled);
    }
    let again = story.maker.make(named("d-number-to-foedselsnummer"), Some(&new), now());
    assert!(matches!(again, Err(PlanError::Unsuitable(_))));
}

#[test]
fn a_merge_names_the_survivor_first_and_a_split_undoes_it() {
    let story = Story::of("merge");
    let kinds = ["personErViderefoertSomGjeldendeVedSammenslaaing", "personErOpphoertSomDublett"];
    assert_eq!(story.kinds(), kinds);
    let [survivor, dead] = [0, 1].map(|at| story.events[at].number.clone());
    assert_eq!(story.events[1].person_document, None);
    assert_eq!(story.events[0].at, story.events[1].at);
    let merged = story.now_is(&dead);
    assert_eq!(merged, story.now_is(&survivor));
    assert!(merged.uses(&survivor) && merged.lists(&dead) && !merged.uses(&dead));
    let (before, dead_before) = (story.before(&survivor), story.before(&dead));
    assert_eq!(story.world.documents(0..6_000).len(), 5_999);

    let story = Story::next(story.world, story.maker, "split", Some(&survivor));
    assert_eq!(story.kinds(), ["personErEndretVedSplitting", "personErGjenopprettetVedSplitting"]);
    assert_eq!(story.numbers, [survivor.clone(), dead.clone()]);
    assert_eq!(story.now_is(&survivor), before);
    let restored = story.now_is(&dead);
    assert!(restored.uses(&dead));
    assert_eq!(restored.navn, dead_before.navn);
    assert_eq!(story.world.documents(0..6_000).len(), 6_000);
}

#[test]
fn a_correction_leaves_no_trace() {
    let story = Story::of("correction");
    let (before, after) = (story.before(&story.number), story.now_is(&story.number));
    let items = |person: &Folkeregisterperson| {
        [person.bostedsadresse.len(), person.navn.len(), person.sivilstand.len()]
    };
    let lost: usize = items(&before).iter().zip(items(&after)).map(|(b, a)| b - a).sum();
    assert_eq!(lost, 1);
    assert_eq!(story.events.len(), 1);
}

#[test]
fn an_emigrant_has_no_home_here() {
    let story = Story::of("emigration");
    assert_eq!(
        story.kinds(),
        ["personErUtflyttet", "endringIUtflytting", "endringIKontaktinformasjon"]
    );
    let person = story.now_is(&story.number);
    assert_eq!(person.status_word(), "utflyttet");
    assert!(current(&person.bostedsadresse).is_none());
    let last = person.bostedsadresse.iter().find(|item| item.meta.opphoerstidspunkt.is_some());
    assert!(last.is_some(), "an address that ended without another says when");
    assert_eq!(person.utflytting[0].utflyttingsdato.as_deref(), Some("2026-03-04"));
}

#[test]
fn a_refresh_tells_nothing_but_the_data_are_new() {
    let story = Story::of("refresh");
    assert_eq!(story.kinds(), ["personErOppdatert"]);
    let event = &story.events[0];
    assert_eq!((&event.person_document, &event.event_document), (&None, &None));
    assert_ne!(story.now_is(&story.number), story.before(&story.number));
}

#[test]
fn every_version_stays_in_the_archive_until_its_event_is_forgotten() {
    let world = Arc::new(World::with_retention(Population::new(11, 6_000), 6));
    let maker = maker_of(world.clone());
    let number = (0..6_000)
        .map(|index| world.population.person(index))
        .find(|person| person.status_word() == "bosatt" && person.navn.len() == 1)
        .map(|person| person.number().to_owned())
        .expect("a resident");
    let mut documents = Vec::new();
    for _ in 0..8 {
        let done = maker.make(named("name"), Some(&number), now()).expect("has a name");
        documents.push(done.events[0].person_document.expect("has a document"));
    }
    let kept: Vec<bool> = documents.iter().map(|id| world.archived(*id).is_some()).collect();
    assert_eq!(kept, [false, false, true, true, true, true, true, true]);
    for (position, document) in documents.iter().enumerate().skip(2) {
        let version = world.archived(*document).expect("kept");
        assert_eq!(version.person.navn.len(), position + 2);
    }
    assert_eq!(world.events(world.last_sequence() - 6, 10), Err(TooOld));
    assert!(world.events(world.last_sequence() - 5, 10).is_ok_and(|events| events.len() == 6));
    let base = world.population.index_of(&number).map(|index| world.population.document_id(index));
    assert!(
        base.and_then(|id| world.archived(id)).is_some_and(|first| first.person.navn.len() == 1)
    );
}

#[test]
fn who_does_not_exist_or_does_not_fit_is_said() {
    let (world, maker) = register();
    let unknown = maker.make(named("move"), Some("00000000000"), now());
    assert_eq!(unknown, Err(PlanError::UnknownNumber));
    let dead = (0..6_000)
        .map(|index| world.population.person(index))
        .find(|person| person.status_word() == "doed")
        .expect("somebody has died");
    let moved = maker.make(named("move"), Some(dead.number()), now());
    assert!(matches!(moved, Err(PlanError::Unsuitable(_))));
    assert_eq!(
        maker.make(named("split"), None, now()),
        Err(PlanError::NobodyFits("somebody whom another was merged into"))
    );
}

#[test]
fn the_duplicate_can_come_first_and_the_survivor_lists_it_all_the_same() {
    let story = Story::of("merge-duplicate-first");
    let kinds = ["personErOpphoertSomDublett", "personErViderefoertSomGjeldendeVedSammenslaaing"];
    assert_eq!(story.kinds(), kinds);
    assert_eq!(story.events[0].sequence + 1, story.events[1].sequence);
    assert_eq!(story.events[0].at, story.events[1].at);
    assert_eq!(story.events[0].person_document, None);
    let [dead, survivor] = [0, 1].map(|at| story.events[at].number.clone());
    assert_eq!(story.number, survivor);
    let merged = story.now_is(&dead);
    assert!(merged.uses(&survivor) && merged.lists(&dead) && !merged.uses(&dead));
}

#[test]
fn a_person_between_two_numbers_has_none_in_use() {
    let story = Story::of("d-number-ceases");
    let old = story.number.clone();
    assert_eq!(story.kinds(), ["endringIIdentifikasjonsnummer"]);
    let half_way = story.now_is(&old);
    assert!(half_way.lists(&old) && !half_way.uses(&old));
    let story = Story::next(story.world, story.maker, "new-number-settles", Some(&old));
    assert_eq!(story.kinds(), ["personErBosatt"]);
    let settled = story.now_is(&old);
    assert_ne!(story.number, old);
    assert!(settled.uses(&story.number) && settled.lists(&old) && !settled.uses(&old));
    assert_eq!(settled, story.now_is(&story.number));
}

#[test]
fn a_corrected_birth_date_or_sex_gives_a_new_number_and_the_old_ones_lead_there_too() {
    let story = Story::of("new-number-birth-date");
    assert_eq!(story.kinds(), ["endringIFoedsel", "endringIIdentifikasjonsnummer"]);
    let second = story.number.clone();
    let person = story.now_is(&second);
    let first = person.identifikasjonsnummer[1].foedsels_eller_d_nummer.to_string();
    let born = person.foedsel[0].foedselsdato.as_deref().expect("a day");
    assert_eq!(second[..2], born[8..]);
    assert!(person.uses(&second) && !person.uses(&first) && second != first);
    let story = Story::next(story.world, story.maker, "new-number-sex", Some(&second));
    assert_eq!(story.kinds(), ["endringIKjoenn", "endringIIdentifikasjonsnummer"]);
    let person = story.now_is(&story.number);
    assert!(person.identifikasjonsnummer.len() >= 3);
    for number in [&first, &second] {
        assert_eq!(story.now_is(number), person);
    }
    let sexes = [0, 1].map(|at| person.kjoenn[at].kjoenn.clone());
    assert_ne!(sexes[0], sexes[1]);
}

#[test]
fn a_reactivation_may_only_correct_the_day_of_death() {
    let (world, maker) = register();
    let story = Story::next(world, maker, "death", None);
    let before = story.now_is(&story.number).doedsfall.expect("dead");
    let number = story.number.clone();
    let (world, maker) = (story.world, story.maker);
    let story = Story::next(world, maker, "reactivation-death-date", Some(&number));
    assert_eq!(story.kinds(), ["personErReaktivert", "endringIDoedsfall"]);
    let person = story.now_is(&number);
    assert_eq!(person.status_word(), "doed");
    assert_ne!(person.doedsfall.expect("still dead").doedsdato, before.doedsdato);
    let story = Story::next(story.world, story.maker, "death-annulment", Some(&number));
    let person = story.now_is(&number);
    assert!(person.doedsfall.is_none() && person.status_word() == "bosatt");
    assert!(person.status.iter().all(|item| item.status != "doed"), "no trace of the death");
}

#[test]
fn data_change_and_no_event_tells() {
    let (world, maker) = register();
    let last = world.last_sequence();
    let done = maker.make(named("silent"), None, now()).expect("somebody fits");
    assert!(done.events.is_empty() && world.last_sequence() == last);
    let index = world.population.index_of(&done.number).expect("of the population");
    assert_ne!(world.find(&done.number).expect("known").person, world.population.person(index));
    assert_ne!(world.documents(index..index + 1), [world.population.document_id(index)]);
}

#[test]
fn a_late_move_goes_into_a_number_that_no_longer_exists() {
    let story = Story::of("move-to-old-municipality");
    let person = story.now_is(&story.number);
    let home = current(&person.bostedsadresse).expect("a home");
    let road = home.vegadresse.as_ref().expect("a road");
    assert_eq!(home.flyttedato.as_deref(), Some("2026-03-04"));
    let today = &story.before(&story.number);
    assert_ne!(today.bostedsadresse[0], *home);
    let old = ["30", "38", "54", "0"].iter().any(|county| road.kommunenummer.starts_with(county));
    assert!(old, "{}", road.kommunenummer);
}

#[test]
fn twelve_events_for_one_person_stand_side_by_side() {
    let story = Story::of("twelve-events");
    assert_eq!(story.events.len(), 12);
    assert_eq!((story.numbers.len(), story.touched), (1, 1));
    let mut documents: Vec<_> = story.events.iter().map(|event| event.person_document).collect();
    documents.dedup();
    assert_eq!(documents.len(), 12, "each has its own");
    assert_eq!(story.document_of(11), story.now_is(&story.number));
}

#[test]
fn the_feed_can_have_holes_and_times_that_run_backwards() {
    let (world, maker) = register();
    let last = world.last_sequence();
    world.skip_sequences(3);
    assert_eq!(world.last_sequence(), last, "nothing has happened yet");
    world.stamp_late(1);
    let first = maker.make(named("name"), None, now()).expect("somebody");
    let second = maker.make(named("name"), None, now()).expect("somebody");
    assert_eq!(first.events[0].sequence, last + 4);
    assert!(first.events[0].at < second.events[0].at);
    let page = world.events(last + 1, 10).expect("kept");
    let sequences: Vec<i64> = page.iter().map(|event| event.sequence).collect();
    assert_eq!(sequences, [last + 4, last + 5]);
}
