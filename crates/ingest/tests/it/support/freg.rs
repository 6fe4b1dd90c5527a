//! A small FREG: a feed, documents, an extract, and faults on demand.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

use super::http::{Reply, Request, Server};

/// One event as the feed tells it.
#[derive(Clone, Debug)]
pub struct Event {
    /// `sekvensnummer`.
    pub sequence: i64,
    /// `folkeregisteridentifikator`.
    pub number: String,
    /// `hendelsetype`.
    pub event_type: &'static str,
    /// `persondokument`.
    pub document: Option<String>,
}

/// What FREG holds, and what it was asked.
#[derive(Default)]
pub struct State {
    /// The feed.
    pub events: Vec<Event>,
    /// Sequences that the feed leaves out, for as many readings as it says.
    pub hidden: BTreeMap<i64, usize>,
    /// Person documents by document id.
    pub documents: BTreeMap<String, String>,
    /// Person documents by number: what a lookup by number finds now.
    pub persons: BTreeMap<String, String>,
    /// The batches of the extract.
    pub batches: Vec<Vec<String>>,
    /// How often a batch is asked for before the extract is ready.
    pub not_ready: usize,
    /// Batches from this one on are gone until a new extract is ordered.
    pub gone_from: Option<usize>,
    /// Answers given instead of the right one: to the next calls whose path ends so.
    pub faults: VecDeque<(&'static str, Reply)>,
    /// Every call of FREG so far, tokens apart.
    pub calls: Vec<Request>,
    /// How many tokens were given.
    pub tokens: usize,
    /// How many extracts were ordered.
    pub orders: usize,
}

/// A FREG that listens until it is dropped.
pub struct FakeFreg {
    /// `http://host:port`.
    pub address: String,
    state: Arc<Mutex<State>>,
    _server: Server,
}

impl FakeFreg {
    /// Starts with what `state` holds.
    pub async fn start(state: State) -> FakeFreg {
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        let server = Server::start(move |request| shared.lock().unwrap().answer(request)).await;
        FakeFreg { address: server.address.clone(), state, _server: server }
    }

    /// What it holds now.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// How many calls had a path that ends so.
    pub fn calls_to(&self, path_end: &str) -> usize {
        self.state().calls.iter().filter(|call| path(call).ends_with(path_end)).count()
    }
}

/// A document that lists these numbers, the first one in use.
pub fn document(numbers: &[&str]) -> String {
    let listed = numbers.iter().enumerate().map(|(index, number)| {
        let status = if index == 0 { "iBruk" } else { "opphoert" };
        json!({"status": status, "foedselsEllerDNummer": number, "erGjeldende": index == 0,
            "identifikatortype": "foedselsnummer"})
    });
    json!({"identifikasjonsnummer": listed.collect::<Vec<_>>(),
        "navn": [{"fornavn": "Ærlig", "etternavn": "Østgård", "erGjeldende": true}]})
    .to_string()
}

fn path(request: &Request) -> &str {
    request.target.split('?').next().unwrap_or_default()
}

fn query(request: &Request, name: &str) -> i64 {
    let (_, value) = request.target.split_once(&format!("{name}=")).unwrap();
    value.split('&').next().unwrap().parse().unwrap()
}

impl State {
    fn answer(&mut self, request: Request) -> Reply {
        if path(&request) == "/token" {
            self.tokens += 1;
            let token = format!("token-{}", self.tokens);
            let granted = json!({"access_token": token, "expires_in": 600, "token_type": "Bearer"});
            return Reply::json(granted.to_string());
        }
        self.calls.push(request.clone());
        let fault = self.faults.iter().position(|(end, _)| path(&request).ends_with(end));
        if let Some(fault) = fault {
            return self.faults.remove(fault).unwrap().1;
        }
        let Some(resource) = path(&request).strip_prefix("/freg/api/v1/") else {
            return Reply::status(404, "{}");
        };
        match resource {
            "hendelser/feed" => self.feed(query(&request, "seq")),
            "hendelser/siste/sekvensnummer" => {
                Reply::json(self.events.last().map_or(0, |event| event.sequence).to_string())
            }
            "personer/bulkoppslag/arkiv" => {
                lookups(&request.body, "dokumentidentifikator", &self.documents)
            }
            "personer/bulkoppslag" => lookups(&request.body, "foedselsEllerDNummer", &self.persons),
            "uttrekk/komplett" => self.order(),
            other => self.batch(other),
        }
    }

    fn feed(&mut self, from: i64) -> Reply {
        let from_there = self.events.iter().filter(|event| event.sequence >= from);
        let page: Vec<Value> = from_there
            .take(1000)
            .filter(|event| !hides(&mut self.hidden, event.sequence))
            .map(|event| {
                json!({"sekvensnummer": event.sequence, "hendelse": {
                    "folkeregisteridentifikator": event.number, "hendelsetype": event.event_type,
                    "persondokument": event.document,
                    "ajourholdstidspunkt": "2026-01-02T03:04:05.678+01:00"}})
            })
            .collect();
        Reply::json(Value::from(page).to_string())
    }

    fn order(&mut self) -> Reply {
        self.orders += 1;
        if self.orders > 1 {
            self.gone_from = None;
        }
        Reply::json(json!({"jobbId": format!("job-{}", self.orders)}).to_string())
    }

    fn batch(&mut self, resource: &str) -> Reply {
        let words: Vec<&str> = resource.split('/').collect();
        let ["uttrekk", job, "batch", batch] = words[..] else {
            return Reply::status(404, "{}");
        };
        let batch: usize = batch.parse().unwrap();
        if job != format!("job-{}", self.orders) || self.gone_from.is_some_and(|at| batch >= at) {
            return Reply::status(410, "{}");
        }
        if self.not_ready > 0 {
            self.not_ready -= 1;
            return Reply::status(404, r#"{"kode":"FREG-404","melding":"ikke klar"}"#);
        }
        match self.batches.get(batch) {
            Some(ids) => Reply::json(json!({"dokumentidentifikator": ids}).to_string()),
            None => Reply::json("{}"),
        }
    }
}

fn hides(hidden: &mut BTreeMap<i64, usize>, sequence: i64) -> bool {
    match hidden.get_mut(&sequence) {
        Some(readings) if *readings > 0 => {
            *readings -= 1;
            true
        }
        _ => false,
    }
}

/// Answers in the reverse of the order asked for, and each key once.
fn lookups(body: &str, key: &str, known: &BTreeMap<String, String>) -> Reply {
    let asked: Value = serde_json::from_str(body).unwrap();
    let mut keys: Vec<&str> =
        asked[key].as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect();
    assert!(keys.len() <= 1000, "FREG takes a thousand keys at most");
    if keys.contains(&"bad") {
        return Reply::status(400, r#"{"kode":"FREG-002","melding":"ugyldig nøkkel"}"#);
    }
    keys.reverse();
    keys.dedup();
    let answers = keys.into_iter().map(|asked| match known.get(asked) {
        Some(document) => {
            let person: Value = serde_json::from_str(document).unwrap();
            json!({key: asked, "folkeregisterperson": person})
        }
        None => json!({key: asked, "feilmelding": {"feilmelding": "fant ikke personen"}}),
    });
    Reply::json(json!({"oppslag": answers.collect::<Vec<_>>()}).to_string())
}
