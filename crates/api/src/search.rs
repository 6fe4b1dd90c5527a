//! Searches: persons by what they are called, where they live and when they were born.
#![expect(unused_qualifications, reason = "the code that utoipa writes for `params(…)`")]

mod form;

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{Json, Response};
use register::id::PersonId;
use register::person::PersonDocument;
use register::search::FormKind;
use serde::Serialize;
use store::Search;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::auth::{Access, Permission};
use crate::body::Form;
use crate::lookup::{PartsQuery, answer};
use crate::parameters::Fields;
use crate::problem::{Faults, Problem};
use form::{MatchForm, PagedMatchForm, PersonForm, read};

static TOTAL: HeaderName = HeaderName::from_static("total-match-count");

/// The most ids in a page, and how many there are when the client does not say.
const PAGE_MAX: i64 = 10_000;
const PAGE_DEFAULT: i64 = 1_000;

/// What every search says in its query.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct AinQuery {
    /// Whether to find those, too, who have no other number than a felles hjelpenummer.
    #[param(value_type = Option<bool>, default = false)]
    include_ain_results: bool,
}

impl AinQuery {
    fn read(query: &Fields, faults: &mut Faults) -> AinQuery {
        AinQuery { include_ain_results: query.boolean("includeAinResults", faults) }
    }
}

/// What a search for persons can ask for besides.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct MoreQuery {
    /// Whether a word of the name may be misspelt: a word of four letters or more also finds
    /// words in which one letter is missing, too much, another, or has changed places with its
    /// neighbour.
    #[param(value_type = Option<bool>, default = false)]
    tolerant_spelling: bool,
    /// Whether to say in the header `Total-Match-Count` how many match, also beyond the hundred in
    /// the answer.
    #[param(value_type = Option<bool>, default = false)]
    include_total_count: bool,
}

impl MoreQuery {
    fn read(query: &Fields, faults: &mut Faults) -> MoreQuery {
        MoreQuery {
            tolerant_spelling: query.boolean("tolerantSpelling", faults),
            include_total_count: query.boolean("includeTotalCount", faults),
        }
    }
}

/// The persons that were found.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the answer, which is put together from stored text")]
pub(crate) struct PersonSearchResult {
    /// The persons, the best match first, at most 100.
    #[schema(nullable, required = false)]
    results: Vec<PersonDocument>,
    /// The place of the first person in this answer: always 0.
    #[schema(deprecated, required = false)]
    start_index: i32,
    /// The place of the last person in this answer, counted from 0; -1 when there is none.
    #[schema(deprecated, required = false)]
    end_index: i32,
}

/// A page of ids.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StringSearchResult {
    /// The ids of the persons. Fewer than were asked for means that the list has come to its end.
    #[schema(nullable, required = false, value_type = Vec<String>)]
    results: Vec<PersonId>,
    /// The place of the first id of this page in the whole list, counted from 0.
    #[schema(deprecated, required = false)]
    start_index: i32,
    /// The place of the last id of this page; one less than `startIndex` when there is none.
    #[schema(deprecated, required = false)]
    end_index: i32,
}

/// How many persons match.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchMatchCountResult {
    /// The number of persons.
    #[schema(required = false)]
    match_count: i32,
}

/// A number of persons as the contract has it; there are not 2^31 people to count.
fn small(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn query_of<A: Access>(query: Option<String>) -> Fields {
    Fields::parse(query.unwrap_or_default().as_bytes()).known_in(A::VERSION)
}

/// Search for persons
///
/// Returns the chosen parts of up to 100 persons who match everything that is asked. A name is
/// required, and besides it one of date of birth, municipality, postal code and street. Further
/// matches are cut off; ask more precisely, or for a list of ids.
///
/// A person is found by what this rights package is shown of them now: former names and addresses
/// find nobody, nor does an address that is masked. A word finds the words that begin with it, in
/// the part of the name it is asked for in, and `FullName` in any part and order. Upper and lower
/// case and accents make no difference; å is aa, ø and ö are oe, æ and ä are ae; hyphens and
/// apostrophes part words. Addresses are residential, present and shared residence in Norway, and
/// one and the same address must match everything that is asked of it. With a house number the
/// street's whole name is needed.
///
/// Best matches come first: those with every word just as it was asked for, then those of whom a
/// word only begins so, then other spellings, if they were asked for; within each in the order in
/// which they came into the register.
#[utoipa::path(
    post,
    path = "/search/person",
    operation_id = "search_persons",
    params(PartsQuery, AinQuery, MoreQuery),
    request_body(
        content = inline(PersonForm),
        content_type = "application/x-www-form-urlencoded",
        description = "What to search for",
    ),
    responses((
        status = 200,
        description = "The persons found",
        body = PersonSearchResult,
        headers(("Total-Match-Count" = i32, description = "How many match, if it was asked for")),
    )),
)]
pub(crate) async fn search_persons<A: Access>(
    _: Permission<A>,
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    Form(form): Form,
) -> Result<Response, Problem> {
    let mut faults = Faults::default();
    let fields = query_of::<A>(query.clone());
    let asked = PartsQuery::read::<A>(query, &mut faults);
    let ain = AinQuery::read(&fields, &mut faults);
    let more = MoreQuery::read(&fields, &mut faults);
    let criteria = read(&form.known_in(A::VERSION), FormKind::Persons, &mut faults);
    faults.check()?;
    let search = Search {
        criteria,
        package: A::PACKAGE,
        include_alternate: ain.include_ain_results,
        tolerant: more.tolerant_spelling,
    };
    let ids = app.store.search_best(&search).await?;
    let found = app.store.persons_by_ids(&ids, A::PACKAGE).await?;
    let mut found: HashMap<_, _> = found.into_iter().map(|row| (row.id, row)).collect();
    let mut response = answer::page(&asked, ids.iter().filter_map(|id| found.remove(id)))?;
    if more.include_total_count {
        let total = app.store.search_count(&search).await?;
        response.headers_mut().insert(TOTAL.clone(), HeaderValue::from(total));
    }
    Ok(response)
}

/// Get the ids of those who match, page by page
///
/// Returns ids in the order in which the persons came into the register, up to 10 000 at a time.
/// Nothing is required. Without any criterion it is the whole register: the way to build a first
/// copy. Its places never change, so nobody comes twice or is left out while persons are added,
/// and every page costs the same. With `includeAinResults` it is another list with places of its
/// own: begin it from the start. With criteria, a person who comes to match, or no longer does,
/// moves those behind them by one place: who reads page after page may miss one or see one twice,
/// and the event feed tells of them. An answer with fewer ids than the page holds is the last.
#[utoipa::path(
    post,
    path = "/search/paged-match-list",
    operation_id = "get_paged_match_list",
    params(AinQuery),
    request_body(
        content = inline(PagedMatchForm),
        content_type = "application/x-www-form-urlencoded",
        description = "What to search for, and which page of it",
    ),
    responses((status = 200, description = "A page of ids", body = StringSearchResult)),
)]
pub(crate) async fn get_paged_match_list<A: Access>(
    _: Permission<A>,
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    Form(form): Form,
) -> Result<Json<StringSearchResult>, Problem> {
    let mut faults = Faults::default();
    let form = form.known_in(A::VERSION);
    let offset = form.number("IndexOffset", 0..=i64::from(i32::MAX), 0, &mut faults);
    let limit = form.number("PageSize", 1..=PAGE_MAX, PAGE_DEFAULT, &mut faults);
    let search = matches_of::<A>(query, &form, faults)?;
    let results = page(&app, &search, offset, limit).await?;
    let end = offset + results.len() as i64 - 1;
    Ok(Json(StringSearchResult { results, start_index: small(offset), end_index: small(end) }))
}

/// Get the ids of those who match
///
/// Returns ids as `paged-match-list` does, without pages: at most the first 10 000.
#[utoipa::path(
    post,
    path = "/search/match-list",
    operation_id = "get_match_list",
    params(AinQuery),
    request_body(
        content = inline(MatchForm),
        content_type = "application/x-www-form-urlencoded",
        description = "What to search for",
    ),
    responses((status = 200, description = "The ids", body = Vec<String>)),
)]
pub(crate) async fn get_match_list<A: Access>(
    _: Permission<A>,
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    Form(form): Form,
) -> Result<Json<Vec<PersonId>>, Problem> {
    let search = matches_of::<A>(query, &form.known_in(A::VERSION), Faults::default())?;
    Ok(Json(page(&app, &search, 0, PAGE_MAX).await?))
}

/// Count those who match
///
/// Returns how many ids `paged-match-list` would give with the same criteria.
#[utoipa::path(
    post,
    path = "/search/match-count",
    operation_id = "get_match_count",
    params(AinQuery),
    request_body(
        content = inline(MatchForm),
        content_type = "application/x-www-form-urlencoded",
        description = "What to search for",
    ),
    responses((status = 200, description = "The number", body = SearchMatchCountResult)),
)]
pub(crate) async fn get_match_count<A: Access>(
    _: Permission<A>,
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    Form(form): Form,
) -> Result<Json<SearchMatchCountResult>, Problem> {
    let search = matches_of::<A>(query, &form.known_in(A::VERSION), Faults::default())?;
    let match_count = if search.criteria.is_empty() {
        app.store.count_of_everybody(search.include_alternate).await?
    } else {
        app.store.search_count(&search).await?
    };
    let match_count = small(match_count);
    Ok(Json(SearchMatchCountResult { match_count }))
}

fn matches_of<A: Access>(
    query: Option<String>,
    form: &Fields,
    mut faults: Faults,
) -> Result<Search, Problem> {
    let ain = AinQuery::read(&query_of::<A>(query), &mut faults);
    let criteria = read(form, FormKind::Matches, &mut faults);
    faults.check()?;
    Ok(Search {
        criteria,
        package: A::PACKAGE,
        include_alternate: ain.include_ain_results,
        tolerant: false,
    })
}

/// Everybody has a place that never changes; with criteria the places are counted.
async fn page(
    app: &App,
    search: &Search,
    offset: i64,
    limit: i64,
) -> Result<Vec<PersonId>, Problem> {
    Ok(if search.criteria.is_empty() {
        app.store.everybody(search.include_alternate, offset, limit).await?
    } else {
        app.store.search_page(search, offset, limit).await?
    })
}
