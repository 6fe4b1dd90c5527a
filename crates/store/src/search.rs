//! Searches: criteria lead to ids.
//!
//! What is asked decides between a few statements, each with one plan:
//!
//! | asked | read |
//! |---|---|
//! | nothing | a range of ordinals |
//! | a count of a gender, status, municipality or days | tallies |
//! | a list by gender and status | the blocks of ordinals that tallies say the page lies in |
//! | a list by most of the days there are | the index of everybody |
//! | anything else | the keys of the rarest criterion ([`Way`]), in one of four ways |
//!
//! Keys tell most of those who do not match, from the index alone; only the rows of the others are
//! looked at. So a search costs at most a look at as many keys as its best criterion has.

mod statements;

use register::id::PersonId;
use register::package::Package;
use register::search::{
    Criteria, Days, Facets, NameWord, Reading, Tally, Way, bit_of_package, facts_of, gender_number,
    is_near, status_number,
};
use uuid::Uuid;

use crate::error::StoreError;
use crate::store::Store;

/// The most persons that a search for the best matches gives.
pub const TOP: usize = 100;

/// Who searches, and for whom.
#[derive(Clone, Debug)]
pub struct Search {
    /// What is searched for.
    pub criteria: Criteria,
    /// A person is found by what this package is shown.
    pub package: Package,
    /// Whether those are found too who have nothing but a felles hjelpenummer.
    pub include_alternate: bool,
    /// Whether a word of the name may be misspelt by one letter.
    pub tolerant: bool,
}

/// What the facts of a key must be, and those of a person.
pub(crate) struct Facts {
    /// These bits must be as in `value`.
    mask: i16,
    value: i16,
    status_shift: i32,
    /// A bit for each status that is wanted; all bits, which the statements know, for any.
    statuses: i32,
}

impl Facts {
    fn of(search: &Search) -> Facts {
        let Search { criteria, package, include_alternate, .. } = search;
        let alternate = if *include_alternate { 0 } else { Facets::ALTERNATE };
        let (genders, gender) = match criteria.gender {
            Some(gender) => (Facets::GENDERS, gender_number(gender)),
            None => (0, 0),
        };
        let facts = |bits| facts_of(Facets::from_number(bits));
        let statuses = criteria.statuses.iter().map(|status| 1 << status_number(*status));
        Facts {
            mask: facts(alternate | genders),
            value: facts(gender),
            // As far as the facets are shifted, and theirs besides.
            status_shift: Facets::status_shift(*package) + facts(1).trailing_zeros() as i32,
            statuses: statuses.reduce(|all: i32, status| all | status).unwrap_or(i32::MAX),
        }
    }
}

/// A search by keys as the statements take it: the keys to read, and what a row must have.
pub(crate) struct Question {
    facts: Facts,
    reading: Reading,
    lows: Vec<String>,
    highs: Vec<String>,
    kinds: Vec<i16>,
    groups: Vec<i32>,
    /// The only group there is; none lets the rarest be found.
    group: Option<i32>,
    days: Days,
    /// 0 is any.
    area: i16,
    initials: i32,
    complete: bool,
    birth: Days,
    death: Days,
    /// Patterns of words that must begin so, and expressions of those that may be misspelt.
    must: Vec<String>,
    may: Vec<String>,
    full: bool,
    places: Option<Vec<String>>,
    city: String,
}

/// Which of those who match are given, and in which order.
#[derive(Default)]
pub(crate) struct Page {
    /// Patterns of the words of the best matches, and of the next best. None keep the order of
    /// the ordinals.
    exact: Vec<String>,
    prefix: Vec<String>,
    offset: i64,
    limit: i64,
}

impl Page {
    /// Whether it is one of a list and not of the best matches.
    fn is_in_order(&self) -> bool {
        self.prefix.is_empty()
    }
}

/// Any day, known or not.
const ANY: Days = Days { first: 0, last: i32::MAX };

impl Question {
    /// None when everybody must be looked at.
    fn new(search: &Search, others: &[Vec<String>]) -> Option<Question> {
        let way = Way::cheapest(&search.criteria, others, search.package)?;
        Some(Question::by(way, search, others))
    }

    fn by(way: Way, search: &Search, others: &[Vec<String>]) -> Question {
        let Search { criteria, package, .. } = search;
        let spelt = |place: usize| others.get(place).filter(|others| !others.is_empty());
        let names = || criteria.names.iter().enumerate();
        let strict = names().filter(|(place, _)| spelt(*place).is_none());
        let tolerant = names().filter_map(|(place, name)| Some((name, spelt(place)?)));
        let mut question = Question {
            facts: Facts::of(search),
            reading: way.reading,
            lows: Vec::new(),
            highs: Vec::new(),
            kinds: Vec::new(),
            groups: Vec::new(),
            group: (way.groups.len() == 1).then_some(0),
            days: way.days,
            area: way.area.unwrap_or(0),
            initials: way.initials,
            complete: way.complete,
            birth: criteria.birth.unwrap_or(ANY),
            death: criteria.death.unwrap_or(ANY),
            must: strict.map(|(_, name)| name.prefix_pattern()).collect(),
            may: tolerant.map(|(name, others)| name.tolerant_expression(others)).collect(),
            full: *package == Package::FullAccess,
            places: (!criteria.place.is_empty()).then(|| criteria.place.patterns()),
            city: criteria.place.city_pattern(),
        };
        for (place, group) in (0..).zip(way.groups) {
            for (low, high) in group.ranges {
                question.lows.push(low);
                question.highs.push(high);
                question.kinds.push(group.kinds);
                question.groups.push(place);
            }
        }
        question
    }

    /// The one key, and its kinds.
    fn key(&self) -> (&str, i16) {
        let key = self.lows.first().map_or("", String::as_str);
        (key, self.kinds.first().copied().unwrap_or(0))
    }
}

fn ids(found: Vec<Uuid>) -> Vec<PersonId> {
    found.into_iter().map(PersonId).collect()
}

impl Store {
    /// The best matches, at most [`TOP`]: first those who have every word of the name just as it
    /// was said, then those of whom a word only begins so, then those spelt otherwise; within each
    /// in the order in which they came into the register. [`StoreError::SearchDeferred`] before the
    /// first load has come to its end.
    pub async fn search_best(&self, search: &Search) -> Result<Vec<PersonId>, StoreError> {
        self.require_search().await?;
        let others = self.other_spellings(search).await?;
        let way = Way::cheapest(&search.criteria, &others, search.package);
        if let Some(way) = way.as_ref().filter(|way| way.in_tiers) {
            return self.search_tiers(search, &others, way.tiers()).await;
        }
        let of = |pattern: fn(&NameWord) -> String| search.criteria.names.iter().map(pattern);
        let page = Page {
            exact: of(NameWord::exact_pattern).collect(),
            prefix: of(NameWord::prefix_pattern).collect(),
            offset: 0,
            limit: TOP as i64,
        };
        // The row tells how good a match is.
        let question = way.map(|way| Way { complete: false, ..way });
        let question = question.map(|way| Question::by(way, search, &others));
        self.search_found(search, question.as_ref(), &page).await
    }

    /// The best matches of a word that very many have: the keys alone tell how good they are.
    async fn search_tiers(
        &self,
        search: &Search,
        others: &[Vec<String>],
        tiers: Vec<Way>,
    ) -> Result<Vec<PersonId>, StoreError> {
        let mut best: Vec<PersonId> = Vec::new();
        for way in tiers {
            let question = Question::by(way, search, others);
            // Those of the tiers before may come again.
            let page = Page { limit: (TOP + best.len()) as i64, ..Page::default() };
            for id in self.search_found(search, Some(&question), &page).await? {
                if !best.contains(&id) {
                    best.push(id);
                }
            }
            if best.len() >= TOP {
                break;
            }
        }
        best.truncate(TOP);
        Ok(best)
    }

    /// A page of those who match, in the order in which they came into the register: at most
    /// `limit` after the first `offset`. Fails as [`Store::search_best`] does.
    pub async fn search_page(
        &self,
        search: &Search,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<PersonId>, StoreError> {
        self.require_search().await?;
        let others = self.other_spellings(search).await?;
        let question = Question::new(search, &others);
        let page = Page { offset, limit, ..Page::default() };
        self.search_found(search, question.as_ref(), &page).await
    }

    async fn search_found(
        &self,
        search: &Search,
        question: Option<&Question>,
        page: &Page,
    ) -> Result<Vec<PersonId>, StoreError> {
        let Criteria { birth, death, .. } = search.criteria;
        let found = self
            .read(async |connection| match question {
                Some(question) => statements::page(connection, question, page).await,
                None if birth.or(death).is_none() => {
                    statements::page_by_facts(connection, &Facts::of(search), page).await
                }
                None => {
                    let days = (birth.unwrap_or(ANY), death.unwrap_or(ANY));
                    statements::page_by_days(connection, &Facts::of(search), days, page).await
                }
            })
            .await?;
        Ok(ids(found))
    }

    /// How many match. Fails as [`Store::search_best`] does.
    pub async fn search_count(&self, search: &Search) -> Result<i64, StoreError> {
        self.require_search().await?;
        let facts = Facts::of(search);
        if let Some(tally) = Tally::of(&search.criteria) {
            let municipality = search.criteria.place.municipality.is_some();
            let kinds = if municipality { bit_of_package(search.package) } else { 0 };
            return self
                .read(async |connection| {
                    statements::count_by_tally(connection, &facts, &tally, kinds).await
                })
                .await;
        }
        let others = self.other_spellings(search).await?;
        let Criteria { birth, death, .. } = search.criteria;
        let days = (birth.unwrap_or(ANY), death.unwrap_or(ANY));
        let question = Question::new(search, &others);
        self.read(async |connection| match &question {
            Some(question) => statements::count(connection, question).await,
            None => statements::count_by_days(connection, &facts, days).await,
        })
        .await
    }

    /// A page of everybody, with those who have nothing but a felles hjelpenummer or without: those
    /// who came into that list as number `offset` + 1 and after, at most `limit`. Nobody comes twice
    /// or is left out while the register grows, and the last page costs what the first one does.
    /// Fails as [`Store::search_best`] does: in the middle of a first load the list would seem to end.
    pub async fn everybody(
        &self,
        include_alternate: bool,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<PersonId>, StoreError> {
        self.require_search().await?;
        let page = async |connection: &mut _| {
            statements::everybody(connection, include_alternate, offset, limit).await
        };
        Ok(ids(self.read(page).await?))
    }

    /// How many the list of everybody has. Fails as the list does.
    pub async fn count_of_everybody(&self, include_alternate: bool) -> Result<i64, StoreError> {
        self.require_search().await?;
        self.read(async |connection| {
            statements::count_of_everybody(connection, include_alternate).await
        })
        .await
    }

    /// Asks only until it is known that everybody is searchable.
    async fn require_search(&self) -> Result<(), StoreError> {
        if self.is_search_built() {
            return Ok(());
        }
        if self.reads_replicas() || self.read(statements::is_search_deferred).await? {
            return Err(StoreError::SearchDeferred);
        }
        Ok(())
    }

    /// The words of the register that are one slip apart from each word of the name.
    async fn other_spellings(&self, search: &Search) -> Result<Vec<Vec<String>>, StoreError> {
        if !search.tolerant {
            return Ok(Vec::new());
        }
        let names = &search.criteria.names;
        let (mut forms, mut places): (Vec<String>, Vec<i32>) = Default::default();
        for (place, of_name) in (0..).zip(search.criteria.shortened_names()) {
            places.extend(of_name.iter().map(|_| place));
            forms.extend(of_name);
        }
        let mut others = vec![Vec::new(); names.len()];
        if forms.is_empty() {
            return Ok(others);
        }
        let found = self
            .read(async |connection| statements::spellings(connection, &forms, &places).await)
            .await?;
        for (place, word) in found {
            let place = usize::try_from(place).unwrap_or(usize::MAX);
            if let (Some(name), Some(others)) = (names.get(place), others.get_mut(place))
                && is_near(&name.word, &word)
                && !word.starts_with(&name.word)
            {
                others.push(word);
            }
        }
        Ok(others)
    }
}
