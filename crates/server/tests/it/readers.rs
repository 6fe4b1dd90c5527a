//! Clients that read all the time, and whether what they have seen can be true: everybody as FREG had
//! them at some time, nobody before a time at which they were seen, and the feed in one order.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use ingest::freg_client::FregClient;
use register::id::PersonId;
use register::part::{InformationPart, PartSet};
use register::render::ServedForm;
use sandbox::client::ApiClient;
use serde_json::Value;
use testkit::dice::Dice;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::checker::{feed, forms, freg_client, living};
use crate::killed::dice;
use crate::register::RunningSandbox;

/// The clients, by package, in the order of [`crate::checker::PACKAGES`].
const CLIENTS: [(&str, &str); 2] = [
    ("sandbox-full-access", "/api/v3/full-access"),
    ("sandbox-restricted-access", "/api/v3/restricted-access"),
];

/// What tells one form of a person from another.
type Form = [u8; 32];

/// Every form that FREG ever had behind each number, in order, for both packages.
pub struct History {
    client: FregClient,
    next: i64,
    forms: HashMap<String, Vec<[Form; 2]>>,
    /// Whom anything has happened to lately.
    hot: Arc<Mutex<Vec<String>>>,
}

impl History {
    /// Everybody as they are.
    pub async fn begin(sandbox: &RunningSandbox) -> History {
        let client = freg_client(sandbox);
        let next = sandbox.last_sequence().await + 1;
        let answers = client.by_number(&living(sandbox).await).await.unwrap();
        let mut history = History { client, next, forms: HashMap::new(), hot: Arc::default() };
        for answer in answers {
            history.note(answer.outcome.expect("FREG knows its own").get());
        }
        history.hot.lock().unwrap().clear();
        history
    }

    /// Takes in what has happened since. Returns the numbers that it happened to.
    pub async fn follow(&mut self) -> HashSet<String> {
        let events = feed(&self.client, self.next).await;
        let mut happened = HashSet::new();
        for event in events {
            self.next = event.sequence + 1;
            happened.insert(event.number.as_str().to_owned());
            let Some(id) = event.person_document else { continue };
            let answers = self.client.by_document(&[id]).await.unwrap();
            for answer in answers {
                happened.extend(self.note(answer.outcome.expect("FREG keeps it").get()));
            }
        }
        happened
    }

    /// The numbers of the event at a sequence, and of its person.
    pub async fn numbers_at(&self, sequence: i64) -> HashSet<String> {
        let events = feed(&self.client, sequence).await;
        let event = events.into_iter().find(|event| event.sequence == sequence).expect("an event");
        let answers = self.client.by_number(&[event.number]).await.unwrap();
        let documents = answers.into_iter().map(|answer| answer.outcome.unwrap());
        documents.flat_map(|json| forms(json.get()).1).collect()
    }

    /// Whether this is how full access began to see somebody who is seen otherwise by now.
    pub fn is_over(&self, seen: &Seen) -> bool {
        let mut forms = self.forms[&seen.number].iter().map(|form| form[0]);
        seen.package == 0
            && forms.clone().next() == Some(seen.form)
            && forms.next_back() != Some(seen.form)
    }

    /// Behind how many numbers there were several.
    pub fn changed(&self) -> usize {
        self.forms.values().filter(|forms| forms.len() > 1).count()
    }

    fn note(&mut self, json: &str) -> HashSet<String> {
        let (forms, numbers) = forms(json);
        let forms = forms.map(|form| {
            let mut out = Vec::new();
            let served = ServedForm::read(&form).unwrap();
            served.write_json(&mut out, PersonId(Uuid::nil()), 0, PartSet::ALL, true);
            form_of(&out)
        });
        for number in &numbers {
            let known = self.forms.entry(number.clone()).or_default();
            if known.last() != Some(&forms) {
                known.push(forms);
            }
        }
        self.hot.lock().unwrap().extend(numbers.iter().cloned());
        numbers.into_iter().collect()
    }
}

/// The person without its id and its number in the log, which end the answer.
fn form_of(answer: &[u8]) -> Form {
    let text = std::str::from_utf8(answer).expect("JSON is text");
    let end = text.rfind("\"id\":\"").expect("every person has an id");
    digest(&SHA256, &answer[..end]).as_ref().try_into().unwrap()
}

/// An answer to a lookup.
#[derive(Clone)]
pub struct Seen {
    package: usize,
    pub number: String,
    pub id: String,
    sequence: i64,
    form: Form,
}

/// What a client has seen, in order.
#[derive(Default)]
pub struct Log {
    pub lookups: Vec<Seen>,
    /// Numbers of events.
    pub events: Vec<i64>,
    /// What no client should see.
    pub faults: Vec<String>,
}

/// Clients that read until they are asked to stop.
pub struct Readers {
    stop: CancellationToken,
    running: Vec<JoinHandle<Log>>,
}

impl Readers {
    /// Two clients of each package that look persons up, and one that reads the feed.
    pub async fn start(sandbox: &RunningSandbox, api: &str, history: &History) -> Readers {
        let stop = CancellationToken::new();
        let mut running = Vec::new();
        let numbers: Arc<Vec<String>> = Arc::new(history.forms.keys().cloned().collect());
        let seed = dice().seed;
        for reader in 0..4 {
            let package = reader % 2;
            let client = connect(sandbox, api, package).await;
            let (numbers, hot, stop) = (numbers.clone(), history.hot.clone(), stop.clone());
            let dice = Dice::new(seed.wrapping_add(reader as u64));
            running.push(tokio::spawn(async move {
                let mut log = Log::default();
                look_up(&client, package, &numbers, &hot, dice, &stop, &mut log).await;
                log
            }));
        }
        let client = connect(sandbox, api, 0).await;
        let asked = stop.clone();
        running.push(tokio::spawn(async move { read_feed(&client, &asked).await }));
        Readers { stop, running }
    }

    /// What each of them has seen.
    pub async fn stop(self) -> Vec<Log> {
        self.stop.cancel();
        let mut logs = Vec::new();
        for reader in self.running {
            logs.push(reader.await.unwrap());
        }
        logs
    }
}

async fn connect(sandbox: &RunningSandbox, api: &str, package: usize) -> ApiClient {
    ApiClient::connect(&sandbox.url, CLIENTS[package].0, api).await.unwrap()
}

/// Anybody, and as often one of those whom something has happened to.
async fn look_up(
    client: &ApiClient,
    package: usize,
    numbers: &[String],
    hot: &Mutex<Vec<String>>,
    mut dice: Dice,
    stop: &CancellationToken,
    log: &mut Log,
) {
    let mut known: HashSet<String> = numbers.iter().cloned().collect();
    while !stop.is_cancelled() {
        let lately = {
            let hot = hot.lock().unwrap();
            (!hot.is_empty() && dice.below(2) == 0).then(|| hot[dice.below(hot.len())].clone())
        };
        let number = lately.unwrap_or_else(|| numbers[dice.below(numbers.len())].clone());
        match person(client, package, &number).await {
            Ok(Some(seen)) => {
                known.insert(number);
                log.lookups.push(seen);
            }
            // Somebody new has not come yet.
            Ok(None) if !known.contains(&number) => {}
            Ok(None) => log.faults.push("somebody who was there is not found".to_owned()),
            Err(fault) => log.faults.push(fault),
        }
    }
}

/// The person with a number and all parts; nothing when there is none.
pub async fn person(
    client: &ApiClient,
    package: usize,
    number: &str,
) -> Result<Option<Seen>, String> {
    let parts: Vec<&str> = PartSet::ALL.iter().map(InformationPart::name).collect();
    let path = format!(
        "{}/person/get-by-nin?informationParts={}&includeHistory=true",
        CLIENTS[package].1,
        parts.join(",")
    );
    let answer = client.post_form(&path, &[("nin", number)]).await;
    let answer = answer.map_err(|error| error.to_string())?;
    match answer.status {
        200 => {}
        404 => return Ok(None),
        status => return Err(format!("a lookup was answered {status}")),
    }
    let json: Value = answer.json().map_err(|error| error.to_string())?;
    Ok(Some(Seen {
        package,
        number: number.to_owned(),
        id: json["id"].as_str().ok_or("a person without an id")?.to_owned(),
        sequence: json["sequenceNumber"].as_i64().ok_or("a person without a number")?,
        form: form_of(&answer.body),
    }))
}

/// Reads the feed from its beginning, page after page.
async fn read_feed(client: &ApiClient, stop: &CancellationToken) -> Log {
    let mut log = Log::default();
    let mut next = 1;
    loop {
        // What is in the feed by now is read before it ends.
        let last_round = stop.is_cancelled();
        let path = format!("{}/event?sequenceNumber={next}", CLIENTS[0].1);
        let page = match client.get(&path).await {
            Ok(answer) if answer.status == 200 => answer.json().unwrap(),
            Ok(answer) => {
                log.faults.push(format!("the feed was answered {}", answer.status));
                continue;
            }
            Err(error) => {
                log.faults.push(error.to_string());
                continue;
            }
        };
        let events = page["results"].as_array().expect("a page");
        for event in events {
            let number = event["sequenceNumber"].as_str().and_then(|text| text.parse::<i64>().ok());
            next = number.expect("a number") + 1;
            log.events.push(next - 1);
        }
        if events.is_empty() {
            if last_round {
                return log;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// What cannot be true of what a client has seen, each thing once.
pub fn judge(log: &Log, history: &History) -> HashSet<String> {
    let mut found: HashSet<String> = log.faults.iter().cloned().collect();
    let mut at: HashMap<&str, usize> = HashMap::new();
    let mut newest: HashMap<&str, i64> = HashMap::new();
    for Seen { package, number, id, sequence, form } in &log.lookups {
        let forms = &history.forms[number];
        let from = at.entry(number).or_default();
        let is_it = |known: &[Form; 2]| known[*package] == *form;
        match forms[*from..].iter().position(is_it) {
            Some(steps) => *from += steps,
            None if forms.iter().any(is_it) => {
                found.insert(format!("{id} has gone back in time"));
            }
            None => {
                found.insert(format!("{id} is served as FREG never had it"));
            }
        }
        let newest = newest.entry(id).or_insert(*sequence);
        if sequence < newest {
            found.insert(format!("the number of the last event of {id} has gone back"));
        }
        *newest = *sequence;
    }
    if !log.events.windows(2).all(|pair| pair[0] < pair[1]) {
        found.insert("the feed does not rise".to_owned());
    }
    found
}
