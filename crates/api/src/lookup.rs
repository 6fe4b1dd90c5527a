//! Lookups: a person by id or by identity number, one or up to a hundred.
#![expect(unused_qualifications, reason = "the code that utoipa writes for `params(…)`")]

pub(crate) mod answer;

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use register::id::PersonId;
use register::part::{InformationPart, PartSet};
use register::person::PersonDocument;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::auth::{Access, Permission};
use crate::body::Form;
use crate::parameters::{Fields, is_identity_number, parse_person_id};
use crate::problem::{self, Code, Faults, Problem, ProblemDetails};
use answer::{Asked, many, one};

/// The longest id in a path, in characters.
const ID_MAX: usize = 64;

/// What every lookup says in its query.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct PartsQuery {
    /// The parts of the person to return, at least one. The key is repeated, or one key holds
    /// several names with commas between; upper and lower case make no difference. A part that
    /// the rights package withholds is left out of the answer and named in the header
    /// `Withheld-Information-Parts`.
    #[param(value_type = Vec<InformationPart>, style = Form, explode, min_items = 1)]
    information_parts: PartSet,
    /// Whether to return what no longer holds, too. Without it a part without a current item is
    /// left out.
    #[param(value_type = Option<bool>, default = false)]
    include_history: bool,
}

impl PartsQuery {
    pub(crate) fn read<A: Access>(query: Option<String>, faults: &mut Faults) -> Asked {
        let fields = Fields::parse(query.unwrap_or_default().as_bytes());
        let PartsQuery { information_parts, include_history } = PartsQuery {
            information_parts: fields.information_parts(faults),
            include_history: fields.boolean("includeHistory", faults),
        };
        Asked::new::<A>(information_parts, include_history)
    }
}

/// The form of a lookup by identity number.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; the fields are read one by one")]
pub(crate) struct NinForm {
    /// The identity number: fødselsnummer, D-number, felles hjelpenummer (11 digits each) or DUF
    /// number (12 digits). A number that is no longer in use leads to its person.
    #[schema(min_length = 1, max_length = 12)]
    nin: String,
}

/// The form of a lookup of many ids.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the form; the fields are read one by one")]
pub(crate) struct PersonIdsForm {
    /// The persons' ids, 1 to 100. The key is repeated, or one key holds several with commas
    /// between.
    #[schema(min_items = 1, max_items = 100)]
    person_ids: Vec<String>,
}

/// The form of a lookup of many identity numbers.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; the fields are read one by one")]
pub(crate) struct NinsForm {
    /// The identity numbers, 1 to 100, of the same kinds as in a lookup of one. The key is
    /// repeated, or one key holds several with commas between.
    #[schema(min_items = 1, max_items = 100)]
    nins: Vec<String>,
}

/// Get a person by id
///
/// Returns the chosen parts of one person. The id is the register's own name for the person; it
/// never changes. It is not an identity number, and identity numbers are refused here: addresses
/// end up in logs.
#[utoipa::path(
    get,
    path = "/person/{id}",
    operation_id = "get_person",
    params(
        ("id" = String, Path, description = "The person's id", min_length = 1, max_length = 64),
        PartsQuery,
    ),
    responses(
        (status = 200, description = "The person", body = PersonDocument),
        (
            status = 404,
            description = "No person has this id or number",
            body = ProblemDetails,
            content_type = problem::MEDIA_TYPE,
        ),
    ),
)]
pub(crate) async fn get_person<A: Access>(
    _: Permission<A>,
    State(app): State<Arc<App>>,
    id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let mut faults = Faults::default();
    let asked = PartsQuery::read::<A>(query, &mut faults);
    let Path(id) = id.map_err(|_| Code::PersonNotFound)?;
    if id.chars().count() > ID_MAX {
        faults.add("id", format!("must be at most {ID_MAX} characters"));
    }
    faults.check()?;
    let id = parse_person_id(&id).ok_or(Code::PersonNotFound)?;
    let found = app.store.person_by_id(PersonId(id), A::PACKAGE).await?;
    one(&asked, &found.ok_or(Code::PersonNotFound)?)
}

/// Get a person by identity number
///
/// Returns the chosen parts of the person that the number leads to. The number travels in the
/// body, never in the address. An old number leads to its person: ask for
/// `NorwegianIdentificationNumber` to see which one is in use now. Neither date nor check digits
/// are judged; the register's numbers are what the register says they are.
#[utoipa::path(
    post,
    path = "/person/get-by-nin",
    operation_id = "get_person_by_nin",
    params(PartsQuery),
    request_body(
        content = inline(NinForm),
        content_type = "application/x-www-form-urlencoded",
        description = "The identity number",
    ),
    responses(
        (status = 200, description = "The person", body = PersonDocument),
        (
            status = 404,
            description = "No person has this id or number",
            body = ProblemDetails,
            content_type = problem::MEDIA_TYPE,
        ),
    ),
)]
pub(crate) async fn get_person_by_nin<A: Access>(
    _: Permission<A>,
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    Form(form): Form,
) -> Result<Response, Problem> {
    let mut faults = Faults::default();
    let asked = PartsQuery::read::<A>(query, &mut faults);
    let number = form.identity_number("nin", &mut faults);
    faults.check()?;
    let found = app.store.person_by_number(number, A::PACKAGE).await?;
    one(&asked, &found.ok_or(Code::PersonNotFound)?)
}

/// Get up to 100 persons by id
///
/// The persons come in the order in which they were asked for, each once. An id that names nobody
/// is simply absent, so compare the answer's `id` with what was asked.
#[utoipa::path(
    post,
    path = "/person/bulk-by-id",
    operation_id = "get_persons",
    params(PartsQuery),
    request_body(
        content = inline(PersonIdsForm),
        content_type = "application/x-www-form-urlencoded",
        description = "The ids",
    ),
    responses((status = 200, description = "The persons found", body = Vec<PersonDocument>)),
)]
pub(crate) async fn get_persons<A: Access>(
    _: Permission<A>,
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    Form(form): Form,
) -> Result<Response, Problem> {
    let mut faults = Faults::default();
    let asked = PartsQuery::read::<A>(query, &mut faults);
    let ids = form.bulk("personIds", &mut faults);
    faults.check()?;
    let ids: Vec<_> = ids.into_iter().filter_map(parse_person_id).map(PersonId).collect();
    let found = app.store.persons_by_ids(&ids, A::PACKAGE).await?;
    let mut found: HashMap<_, _> = found.into_iter().map(|row| (row.id, row)).collect();
    // Taken out as it is answered: an id that was asked for twice is answered once.
    many(&asked, ids.iter().filter_map(|id| found.remove(id)))
}

/// Get up to 100 persons by identity number
///
/// The persons come in the order in which they were asked for, each once: a number that is asked
/// for twice is answered once, and so are two numbers of the same person, at the place of the
/// first. A number that leads to nobody, or is no number, is simply absent; ask for
/// `NorwegianIdentificationNumber` to see which person is which.
#[utoipa::path(
    post,
    path = "/person/bulk-by-nin",
    operation_id = "get_persons_by_nin",
    params(PartsQuery),
    request_body(
        content = inline(NinsForm),
        content_type = "application/x-www-form-urlencoded",
        description = "The identity numbers",
    ),
    responses((status = 200, description = "The persons found", body = Vec<PersonDocument>)),
)]
pub(crate) async fn get_persons_by_nin<A: Access>(
    _: Permission<A>,
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    Form(form): Form,
) -> Result<Response, Problem> {
    let mut faults = Faults::default();
    let asked = PartsQuery::read::<A>(query, &mut faults);
    let numbers = form.bulk("nins", &mut faults);
    faults.check()?;
    let numbers = numbers.into_iter().filter(|number| is_identity_number(number));
    let numbers: Vec<_> = numbers.map(str::to_owned).collect();
    let found = app.store.persons_by_numbers(&numbers, A::PACKAGE).await?;
    let mut by_id = HashMap::with_capacity(found.len());
    let mut ids = HashMap::with_capacity(found.len());
    for (number, row) in found {
        ids.insert(number, row.id);
        by_id.insert(row.id, row);
    }
    let in_order = numbers.iter().filter_map(|number| by_id.remove(ids.get(number)?));
    many(&asked, in_order)
}
