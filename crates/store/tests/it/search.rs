//! Searches against a real database: who is found, in which order, and who is not.

mod cases;
mod deferred;
mod people;

use register::package::Package;
use register::search::{Form, FormKind, read};
use store::Search;

use crate::support::*;
use people::{NAMES, People};

/// Which form a case fills in, and for whom.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// The best matches, for full access.
    Best,
    /// The same for restricted access.
    BestRestricted,
    /// The same with tolerant spelling.
    Tolerant,
    /// A list of ids, for full access.
    List,
    /// The same for restricted access.
    ListRestricted,
    /// A list with those who have nothing but a felles hjelpenummer.
    ListWithAlternate,
}

impl Ask {
    fn kind(self) -> FormKind {
        match self {
            Ask::Best | Ask::BestRestricted | Ask::Tolerant => FormKind::Persons,
            _ => FormKind::Matches,
        }
    }

    fn package(self) -> Package {
        match self {
            Ask::BestRestricted | Ask::ListRestricted => Package::RestrictedAccess,
            _ => Package::FullAccess,
        }
    }
}

fn form<'a>(fields: &'a str) -> Form<'a> {
    let mut form = Form::default();
    for field in fields.split('&').filter(|field| !field.is_empty()) {
        let (name, value) = field.split_once('=').expect("name=value");
        let slot = match name {
            "FullName" => &mut form.full_name,
            "GivenName" => &mut form.given_name,
            "MiddleName" => &mut form.middle_name,
            "FamilyName" => &mut form.family_name,
            "StreetAddress" => &mut form.street_address,
            "PostalCode" => &mut form.postal_code,
            "CityName" => &mut form.city_name,
            "MunicipalityNumber" => &mut form.municipality_number,
            "BasicStatisticalUnit" => &mut form.basic_statistical_unit,
            "BirthDate" => &mut form.birth_date,
            "BirthDateFrom" => &mut form.birth_date_from,
            "BirthDateTo" => &mut form.birth_date_to,
            "DeathDateFrom" => &mut form.death_date_from,
            "DeathDateTo" => &mut form.death_date_to,
            "Gender" => &mut form.gender,
            "PersonStatuses" => {
                form.person_statuses.push(value);
                continue;
            }
            other => panic!("no field {other}"),
        };
        *slot = Some(value);
    }
    form
}

/// Every case, with all that goes wrong told at once.
#[tokio::test]
async fn every_case_finds_whom_it_should() {
    let fixture = Fixture::new().await;
    let people = People::write(&fixture.store).await;
    check_cases(&fixture, &people).await;
}

async fn check_cases(fixture: &Fixture, people: &People) {
    let mut wrong = Vec::new();
    for (ask, fields, expected) in cases::CASES {
        let criteria = match read(&form(fields), ask.kind()) {
            Ok(criteria) => criteria,
            Err(faults) => {
                let told = faults.iter().map(|fault| fault.field).collect::<Vec<_>>().join(" ");
                if format!("!{told}") != *expected {
                    wrong.push(format!("{fields}: refused for {told}, expected {expected}"));
                }
                continue;
            }
        };
        let search = Search {
            criteria,
            package: ask.package(),
            include_alternate: *ask == Ask::ListWithAlternate,
            tolerant: *ask == Ask::Tolerant,
        };
        let found = if ask.kind() == FormKind::Persons {
            fixture.store.search_best(&search).await
        } else {
            fixture.store.search_page(&search, 0, 100).await
        };
        let found = people.named(&found.expect("an answer"));
        if found != *expected {
            wrong.push(format!("{fields}: found [{found}], expected [{expected}]"));
        }
        let count = fixture.store.search_count(&search).await.expect("an answer");
        let expected_count = expected.split_whitespace().count() as i64;
        if count != expected_count {
            wrong.push(format!("{fields}: counted {count}, expected {expected_count}"));
        }
    }
    assert!(cases::CASES.len() >= 120, "{}", cases::CASES.len());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn list(fields: &str) -> Search {
    Search {
        criteria: read(&form(fields), FormKind::Matches).expect("a usable form"),
        package: Package::FullAccess,
        include_alternate: false,
        tolerant: false,
    }
}

#[tokio::test]
async fn pages_of_everybody_have_everybody_once() {
    let fixture = Fixture::new().await;
    let people = People::write(&fixture.store).await;
    for (with_alternate, names) in
        [(true, NAMES.join(" ")), (false, NAMES.join(" ").replace("alternate ", ""))]
    {
        let everybody =
            async |offset, limit| fixture.store.everybody(with_alternate, offset, limit).await;
        let count = fixture.store.count_of_everybody(with_alternate).await.expect("a count");
        assert_eq!(count, names.split(' ').count() as i64);
        let mut all = Vec::new();
        for offset in (0..count + 5).step_by(4) {
            let page = everybody(offset, 4).await.expect("a page");
            // Dense: no page but the last has room left.
            assert_eq!(page.len() as i64, (count - offset).clamp(0, 4));
            all.extend(page);
        }
        assert_eq!(people.named(&all), names);
        assert!(everybody(i64::from(i32::MAX), 10_000).await.expect("none").is_empty());
    }
}

#[tokio::test]
async fn pages_with_criteria_are_parts_of_one_list() {
    let fixture = Fixture::new().await;
    People::write(&fixture.store).await;
    for fields in
        ["MunicipalityNumber=0301", "Gender=Female", "FamilyName=han", "BirthDateFrom=1950"]
    {
        let search = list(fields);
        let whole = fixture.store.search_page(&search, 0, 100).await.expect("a list");
        let mut parts = Vec::new();
        for offset in 0..whole.len() as i64 {
            parts.extend(fixture.store.search_page(&search, offset, 1).await.expect("a page"));
        }
        assert!(whole.len() > 1, "{fields}");
        assert_eq!(parts, whole, "{fields}");
        assert_eq!(fixture.store.search_count(&search).await.expect("a count"), whole.len() as i64);
    }
}

/// Whoever changes is found by what holds now, and no key of what held before stays behind.
#[tokio::test]
async fn a_change_takes_the_old_keys_away() {
    let fixture = Fixture::new().await;
    let people = People::write(&fixture.store).await;
    people.rename(&fixture.store, "kari", "Ragnhild", "Øverland").await;
    for (fields, expected) in [
        ("GivenName=Ragnhild", "kari"),
        ("FamilyName=Oeverland", "kari"),
        ("FamilyName=Nordmann", "ola"),
    ] {
        let found = fixture.store.search_page(&list(fields), 0, 100).await.expect("a list");
        assert_eq!(people.named(&found), expected, "{fields}");
    }
    let left = "select count(*)::text from search_key k
        where not exists (select from search_person s where s.ordinal = k.ordinal
            and (s.names like '%:' || k.key || ' %' or k.key !~ '^[a-zа-я]'))";
    assert_eq!(fixture.database.fetch_text(left).await, ["0"]);
    people.becomes_stub(&fixture.store, "kari").await;
    let found =
        fixture.store.search_page(&list("GivenName=Ragnhild"), 0, 100).await.expect("a list");
    assert!(found.is_empty());
    let discontinued = list("PersonStatuses=Discontinued");
    let found = fixture.store.search_page(&discontinued, 0, 100).await.expect("a list");
    assert_eq!(people.named(&found), "kari stub");
    assert_eq!(fixture.store.search_count(&discontinued).await.expect("a count"), 2);
    assert_eq!(fixture.database.fetch_text(WRONG_TALLIES).await, ["0"]);
}

/// Tallies that are not what counting tells, and what is not tallied.
const WRONG_TALLIES: &str = "with counted as (
        select key, case when key in ('*', '~') then day / 10000 else 0 end as day, facts,
            count(*) as persons
        from search_key where left(key, 1) in ('*', '~', '@') group by 1, 2, 3
        union all
        select '', ordinal >> 13, (facets << 3)::smallint, count(*) from search_person
        group by 2, 3
    ), told as (
        select key, day, facts, persons::bigint from search_tally where persons <> 0
    )
    select count(*)::text from (
        (table counted except table told) union all (table told except table counted)) as wrong";

/// Far more persons than one block of ordinals has, of whom the statement about gender reads only
/// the blocks that it needs.
#[tokio::test]
async fn a_page_deep_in_a_list_is_the_right_one() {
    let fixture = Fixture::new().await;
    fixture
        .database
        .execute(
            "insert into search_person
                select n, gen_random_uuid(), case when n % 1000 = 7 then 2 else 1 end,
                    19000000, 0, '', ''
                from generate_series(1, 30000) n;
            insert into search_tally
                select '', ordinal >> 13, facets << 3, count(*) from search_person group by 2, 3",
        )
        .await;
    let ids = "select id::text from search_person where facets = 1 order by ordinal";
    let women = fixture.database.fetch_text(ids).await;
    let ids = "select id::text from search_person where facets = 2 order by ordinal";
    let men = fixture.database.fetch_text(ids).await;
    assert_eq!((women.len(), men.len()), (29_970, 30));
    for (gender, all) in [("Gender=Female", &women), ("Gender=Male", &men)] {
        let search = list(gender);
        let count = all.len();
        for offset in [0, 1, 8_170, 8_191, 20_000, count - 1, count, count + 9] {
            let page = fixture.store.search_page(&search, offset as i64, 9_000).await;
            let page: Vec<String> =
                page.expect("a page").iter().map(|id| id.0.to_string()).collect();
            let expected = all.iter().skip(offset).take(9_000);
            assert!(page.iter().eq(expected), "{gender} from {offset}: {}", page.len());
        }
        assert_eq!(fixture.store.search_count(&search).await.expect("a count"), count as i64);
    }
}
