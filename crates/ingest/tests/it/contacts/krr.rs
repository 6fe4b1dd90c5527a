//! A small KRR with a Maskinporten: a feed, persons, and faults on demand.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

use crate::support::http::{Reply, Request, Server};

/// What KRR holds, and what it was asked.
#[derive(Default)]
pub struct State {
    /// The feed: the id of each change, and what stands in the list for it.
    pub changes: Vec<(i64, Value)>,
    /// How many changes a page has.
    pub page: usize,
    /// What a lookup finds now, by number. Of others nothing is answered.
    pub persons: BTreeMap<String, Value>,
    /// Numbers that KRR takes for a fault of the call.
    pub bad: BTreeSet<String>,
    /// Answers given instead of the right one: to the next calls whose path ends so.
    pub faults: VecDeque<(&'static str, Reply)>,
    /// Every call so far, tokens apart.
    pub calls: Vec<Request>,
    /// How many tokens were given; only the newest is taken.
    pub tokens: usize,
    /// No token is taken.
    pub locked: bool,
}

/// A KRR that listens until it is dropped.
pub struct FakeKrr {
    /// `http://host:port`.
    pub address: String,
    state: Arc<Mutex<State>>,
    _server: Server,
}

impl FakeKrr {
    /// Starts with nobody in it.
    pub async fn start() -> FakeKrr {
        let state = Arc::new(Mutex::new(State { page: 1000, ..State::default() }));
        let shared = Arc::clone(&state);
        let server = Server::start(move |request| shared.lock().unwrap().answer(request)).await;
        FakeKrr { address: server.address.clone(), state, _server: server }
    }

    /// What it holds now.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// How many calls had a path that ends so.
    pub fn calls_to(&self, end: &str) -> usize {
        self.state().calls.iter().filter(|call| call.target.ends_with(end)).count()
    }

    /// Every number that was asked for, in order.
    pub fn asked_for(&self) -> Vec<String> {
        let state = self.state();
        let lookups = state.calls.iter().filter(|call| call.target.ends_with("/personer"));
        lookups.flat_map(|call| numbers(&call.body)).collect()
    }
}

/// A person with an address of electronic mail.
pub fn person(number: &str, mail: &str) -> Value {
    json!({"personidentifikator": number, "reservasjon": "NEI", "status": "AKTIV",
        "varslingsstatus": "KAN_VARSLES", "kontaktinformasjon": {"epostadresse": mail,
        "epostadresse_oppdatert": "2026-05-05T21:00:01+02"}})
}

/// A page of changes.
pub fn page(from: i64, to: i64, last: i64, list: &[&Value]) -> String {
    json!({"list": list, "fraEndringsId": from, "tilEndringsId": to, "sisteEndringsId": last})
        .to_string()
}

fn numbers(body: &str) -> Vec<String> {
    let body: Value = serde_json::from_str(body).unwrap();
    let numbers = body["personidentifikatorer"].as_array().unwrap();
    numbers.iter().map(|number| number.as_str().unwrap().to_owned()).collect()
}

impl State {
    fn answer(&mut self, request: Request) -> Reply {
        if request.target == "/token" {
            self.tokens += 1;
            let token = format!("token-{}", self.tokens);
            return Reply::json(json!({"access_token": token, "expires_in": 600}).to_string());
        }
        self.calls.push(request.clone());
        let fault = self.faults.iter().position(|(end, _)| request.target.ends_with(end));
        if let Some(fault) = fault {
            return self.faults.remove(fault).unwrap().1;
        }
        let newest = format!("authorization: bearer token-{}\r", self.tokens);
        if self.locked || !request.head.contains(&newest) {
            return Reply::status(401, "");
        }
        match request.target.as_str() {
            "/rest/v2/krr/hentEndringer" => self.changes(&request.body),
            "/rest/v2/personer" => self.lookup(&request.body),
            _ => Reply::status(404, ""),
        }
    }

    fn changes(&self, body: &str) -> Reply {
        let body: Value = serde_json::from_str(body).unwrap();
        let from = body["fraEndringsId"].as_i64().unwrap();
        let newer = self.changes.iter().filter(|(id, _)| *id > from);
        let on_page: Vec<&(i64, Value)> = newer.take(self.page).collect();
        let to = on_page.last().map_or(from, |(id, _)| *id);
        let last = self.changes.last().map_or(from, |(id, _)| *id);
        let list: Vec<&Value> = on_page.into_iter().map(|(_, person)| person).collect();
        Reply::json(page(from, to, last, &list))
    }

    fn lookup(&self, body: &str) -> Reply {
        let numbers = numbers(body);
        assert!((1..=1000).contains(&numbers.len()), "KRR takes up to a thousand numbers");
        if numbers.iter().any(|number| self.bad.contains(number)) {
            return Reply::status(400, "");
        }
        let found: Vec<&Value> =
            numbers.iter().rev().filter_map(|number| self.persons.get(number)).collect();
        Reply::json(json!({"personer": found}).to_string())
    }
}
