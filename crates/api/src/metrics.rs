//! What the API counts. Names, labels and units; never an id, a number or a client.

use std::time::Duration;

use ::metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};

use crate::problem::Code;

const REQUEST_SECONDS: &str = "register_api_request_seconds";
const PERSONS_TOTAL: &str = "register_api_persons_returned_total";
const PROBLEMS_TOTAL: &str = "register_api_problems_total";
const AUTH_FAULTS_TOTAL: &str = "register_api_auth_faults_total";
const REMEMBERED_PROOFS: &str = "register_api_remembered_proofs";
const SHED_TOTAL: &str = "register_api_requests_shed_total";
const CONNECTIONS_REFUSED_TOTAL: &str = "register_api_connections_refused_total";
const CONNECTIONS: &str = "register_api_connections";
const REQUESTS_IN_PROGRESS: &str = "register_api_requests_in_progress";
const REQUESTS_WAITING: &str = "register_api_requests_waiting";
const KEY_FETCHES_TOTAL: &str = "register_api_key_fetches_total";
const KEYS_AGE_SECONDS: &str = "register_api_keys_age_seconds";

/// Says what every metric means. Called once at start.
pub fn describe() {
    describe_histogram!(REQUEST_SECONDS, "Time to answer, by method, route and status");
    describe_counter!(PERSONS_TOTAL, "Persons returned, by rights package");
    describe_counter!(PROBLEMS_TOTAL, "Problems answered, by code");
    describe_counter!(AUTH_FAULTS_TOTAL, "Tokens and proofs refused, by the check that failed");
    describe_gauge!(REMEMBERED_PROOFS, "Proof ids held, against a second use");
    describe_counter!(SHED_TOTAL, "Requests refused because too many were in progress");
    describe_counter!(CONNECTIONS_REFUSED_TOTAL, "Connections of an address that had too many");
    describe_gauge!(CONNECTIONS, "Open connections");
    describe_gauge!(REQUESTS_IN_PROGRESS, "Requests being worked on");
    describe_gauge!(REQUESTS_WAITING, "Requests that wait for the next event");
    describe_counter!(KEY_FETCHES_TOTAL, "Fetches of HelseID's keys, by outcome");
    describe_gauge!(KEYS_AGE_SECONDS, "Age of the keys held, at the last fetch that failed");
}

pub(crate) fn request(method: &'static str, route: &str, status: u16, elapsed: Duration) {
    histogram!(
        REQUEST_SECONDS,
        "method" => method,
        "route" => route.to_owned(),
        "status" => status.to_string()
    )
    .record(elapsed.as_secs_f64());
}

pub(crate) fn persons(package: &'static str, count: u64) {
    counter!(PERSONS_TOTAL, "package" => package).increment(count);
}

pub(crate) fn problem(code: Code) {
    counter!(PROBLEMS_TOTAL, "code" => code.entry().name).increment(1);
}

pub(crate) fn auth_fault(fault: &'static str) {
    counter!(AUTH_FAULTS_TOTAL, "fault" => fault).increment(1);
}

/// Sets the gauge of remembered proofs. Beside it stands the setting `remembered_proofs_max`.
pub(crate) fn remembered_proofs(count: usize) {
    gauge!(REMEMBERED_PROOFS).set(count as f64);
}

pub(crate) fn shed() {
    counter!(SHED_TOTAL).increment(1);
}

pub(crate) fn connection_refused() {
    counter!(CONNECTIONS_REFUSED_TOTAL).increment(1);
}

pub(crate) fn key_fetch(outcome: &'static str) {
    counter!(KEY_FETCHES_TOTAL, "outcome" => outcome).increment(1);
}

pub(crate) fn keys_age(age: Duration) {
    gauge!(KEYS_AGE_SECONDS).set(age.as_secs_f64());
}

/// An open connection, counted as long as it lives.
pub(crate) struct Connection(());

impl Connection {
    pub(crate) fn opened() -> Connection {
        gauge!(CONNECTIONS).increment(1.0);
        Connection(())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        gauge!(CONNECTIONS).decrement(1.0);
    }
}

/// A request in progress, counted as long as it lives.
pub(crate) struct InProgress(());

impl InProgress {
    pub(crate) fn begun() -> InProgress {
        gauge!(REQUESTS_IN_PROGRESS).increment(1.0);
        InProgress(())
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        gauge!(REQUESTS_IN_PROGRESS).decrement(1.0);
    }
}

/// A request that waits for the next event, counted as long as it does.
pub(crate) struct Waiting(());

impl Waiting {
    pub(crate) fn begun() -> Waiting {
        gauge!(REQUESTS_WAITING).increment(1.0);
        Waiting(())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        gauge!(REQUESTS_WAITING).decrement(1.0);
    }
}
