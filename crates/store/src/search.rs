//! Searches: criteria lead to ids.
//!
//! Each statement reads the keys of the rarest criterion (`register::search::Way`), looks once at
//! the row of each person found, and gives their ids. What it costs is bounded by the number of
//! those keys: a search without a rare criterion looks at as many rows as there are in its best
//! one, in their order on the disk, and sorts nothing but their ordinals.

mod statements;

use register::id::PersonId;
use register::package::Package;
use register::search::{
    Criteria, Days, Facets, NameWord, Way, bit_of_package, gender_number, is_near, status_number,
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

/// A search as the statements take it: the keys to read, and what a row must have.
pub(crate) struct Question {
    lows: Vec<String>,
    highs: Vec<String>,
    kinds: Vec<i16>,
    groups: Vec<i32>,
    /// The only group there is; none lets the rarest be found.
    group: Option<i32>,
    by_words: bool,
    complete: bool,
    days: Days,
    area: Option<i16>,
    include_alternate: bool,
    gender: Option<i16>,
    /// A bit for each status that is wanted.
    statuses: Option<i32>,
    status_shift: i32,
    birth: Days,
    death: Days,
    /// Patterns of words that must begin so, and expressions of those that may be misspelt.
    must: Vec<String>,
    may: Vec<String>,
    exact: Vec<String>,
    prefix: Vec<String>,
    full: bool,
    places: Option<Vec<String>>,
    city: String,
}

/// Any day, known or not.
const ANY: Days = Days { first: 0, last: i32::MAX };

impl Question {
    /// None when no criterion has keys: everybody must be looked at.
    fn new(search: &Search, others: &[Vec<String>]) -> (Question, bool) {
        let Search { criteria, package, include_alternate, .. } = search;
        let way = Way::cheapest(criteria, others, *package);
        let found = way.is_some();
        let spelt = |place: usize| others.get(place).filter(|others| !others.is_empty());
        let of = |pattern: fn(&NameWord) -> String| criteria.names.iter().map(pattern).collect();
        let names = || criteria.names.iter().enumerate();
        let strict = names().filter(|(place, _)| spelt(*place).is_none());
        let tolerant = names().filter_map(|(place, name)| Some((name, spelt(place)?)));
        let statuses = criteria.statuses.iter().map(|status| 1 << status_number(*status));
        let mut question = Question {
            lows: Vec::new(),
            highs: Vec::new(),
            kinds: Vec::new(),
            groups: Vec::new(),
            group: None,
            by_words: false,
            complete: false,
            days: ANY,
            area: None,
            include_alternate: *include_alternate,
            gender: criteria.gender.map(gender_number),
            statuses: statuses.reduce(|all: i32, status| all | status),
            status_shift: Facets::status_shift(*package),
            birth: criteria.birth.unwrap_or(ANY),
            death: criteria.death.unwrap_or(ANY),
            must: strict.map(|(_, name)| name.prefix_pattern()).collect(),
            may: tolerant.map(|(name, others)| name.tolerant_expression(others)).collect(),
            exact: of(NameWord::exact_pattern),
            prefix: of(NameWord::prefix_pattern),
            full: *package == Package::FullAccess,
            places: (!criteria.place.is_empty()).then(|| criteria.place.patterns()),
            city: criteria.place.city_pattern(),
        };
        if let Some(way) = way {
            question.take(way);
        }
        (question, found)
    }

    /// The bit of the package in the kinds of a place's key.
    fn package_bit(&self) -> i16 {
        bit_of_package(if self.full { Package::FullAccess } else { Package::RestrictedAccess })
    }

    fn take(&mut self, way: Way) {
        self.group = (way.groups.len() == 1).then_some(0);
        // Without days the keys lie side by side, and the dictionary would only part them.
        self.by_words = way.names && way.days != ANY;
        self.complete = way.complete;
        self.days = way.days;
        self.area = way.area;
        for (place, group) in (0..).zip(way.groups) {
            for (low, high) in group.ranges {
                self.lows.push(low);
                self.highs.push(high);
                self.kinds.push(group.kinds);
                self.groups.push(place);
            }
        }
    }
}

fn ids(found: Vec<Uuid>) -> Vec<PersonId> {
    found.into_iter().map(PersonId).collect()
}

impl Store {
    /// The best matches, at most [`TOP`]: first those who have every word of the name just as it
    /// was said, then those of whom a word only begins so, then those spelt otherwise; within each
    /// in the order in which they came into the register.
    pub async fn search_best(&self, search: &Search) -> Result<Vec<PersonId>, StoreError> {
        let others = self.other_spellings(search).await?;
        let (question, by_keys) = Question::new(search, &others);
        if !by_keys {
            return self.search_page(search, 0, TOP as i64).await;
        }
        let found = self
            .read(async |connection| statements::best(connection, &question, TOP as i64).await)
            .await?;
        Ok(ids(found))
    }

    /// A page of those who match, in the order in which they came into the register: at most
    /// `limit` after the first `offset`.
    pub async fn search_page(
        &self,
        search: &Search,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<PersonId>, StoreError> {
        let others = self.other_spellings(search).await?;
        let place = search.criteria.only_place();
        let (question, by_keys) = Question::new(search, &others);
        let found = self
            .read(async |connection| match &place {
                Some(key) => {
                    statements::page_of_place(connection, key, &question, offset, limit).await
                }
                None if by_keys => statements::page(connection, &question, offset, limit).await,
                None => statements::page_of_all(connection, &question, offset, limit).await,
            })
            .await?;
        Ok(ids(found))
    }

    /// How many match.
    pub async fn search_count(&self, search: &Search) -> Result<i64, StoreError> {
        let others = self.other_spellings(search).await?;
        let place = search.criteria.only_place();
        let (question, by_keys) = Question::new(search, &others);
        self.read(async |connection| match &place {
            Some(key) => statements::count_of_place(connection, key, &question).await,
            None if by_keys => statements::count(connection, &question).await,
            None => statements::count_of_all(connection, &question).await,
        })
        .await
    }

    /// A page of everybody, with those who have nothing but a felles hjelpenummer or without: those
    /// who came into that list as number `offset` + 1 and after, at most `limit`. Nobody comes twice
    /// or is left out while the register grows, and the last page costs what the first one does.
    pub async fn everybody(
        &self,
        include_alternate: bool,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<PersonId>, StoreError> {
        let page = async |connection: &mut _| {
            statements::everybody(connection, include_alternate, offset, limit).await
        };
        Ok(ids(self.read(page).await?))
    }

    /// How many the list of everybody has.
    pub async fn count_of_everybody(&self, include_alternate: bool) -> Result<i64, StoreError> {
        self.read(async |connection| {
            statements::count_of_everybody(connection, include_alternate).await
        })
        .await
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
