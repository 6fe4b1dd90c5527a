//! What the checks talk to: the API under both packages, and the sandbox behind it.

use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use sandbox::client::{Answer, ApiClient};
use serde_json::Value;

use crate::command::sandbox::change;

/// How long a change in FREG may take to be seen before a check gives up. Not a goal: the time it
/// took is in the report.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often the event feed is asked while a check waits.
const POLL: Duration = Duration::from_millis(50);

/// The parts that the checks of FREG's own documents and changes look at.
pub const PARTS: &str = "informationParts=Name,NorwegianIdentificationNumber,Birth,Gender,Status,\
                         AddressProtection,ResidentialAddress,FamilyRelation,MaritalStatus,Death";

/// Everything round the register.
pub struct World {
    /// A client with full access.
    pub full: ApiClient,
    /// A client with restricted access.
    pub restricted: ApiClient,
    /// For calls without a token.
    pub http: reqwest::Client,
    /// The API's public base URL.
    pub api_url: String,
    sandbox_url: String,
}

/// A rights package, as it is spelled in paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// `full-access`
    Full,
    /// `restricted-access`
    Restricted,
}

/// An event of the public feed.
#[derive(Clone)]
pub struct Event {
    /// Its number.
    pub sequence: i64,
    /// The person.
    pub person: String,
    /// What happened.
    pub event_type: String,
    /// The number that it concerns.
    pub number: String,
}

impl World {
    /// Gets tokens for both packages.
    pub async fn connect(api_url: &str, sandbox_url: &str) -> anyhow::Result<Self> {
        let http = reqwest::Client::new();
        let clients: Vec<Value> = get(&http, &format!("{sandbox_url}/sandbox/clients")).await?;
        let client_with = |wanted: &str| {
            let has = |client: &&Value| {
                let scopes = client["scopes"].as_array();
                scopes.is_some_and(|scopes| {
                    scopes
                        .iter()
                        .any(|scope| scope.as_str().is_some_and(|scope| scope.ends_with(wanted)))
                })
            };
            let others = |client: &&Value| client["scopes"].as_array().map_or(0, Vec::len);
            let found = clients.iter().filter(has).min_by_key(others);
            found
                .and_then(|client| client["client_id"].as_str())
                .with_context(|| format!("the sandbox has no client for {wanted}"))
        };
        let connect = |id| ApiClient::connect(sandbox_url, id, api_url);
        Ok(Self {
            full: connect(client_with("/full-access")?).await?,
            restricted: connect(client_with("/restricted-access")?).await?,
            http,
            api_url: api_url.to_owned(),
            sandbox_url: sandbox_url.to_owned(),
        })
    }

    fn client(&self, access: Access) -> (&ApiClient, &'static str) {
        match access {
            Access::Full => (&self.full, "/api/v3/full-access"),
            Access::Restricted => (&self.restricted, "/api/v3/restricted-access"),
        }
    }

    /// A `GET` below the package's path.
    pub async fn get(&self, access: Access, path: &str) -> anyhow::Result<Answer> {
        let (client, base) = self.client(access);
        Ok(client.get(&format!("{base}/{path}")).await?)
    }

    /// A `POST` of a form below the package's path.
    pub async fn post(
        &self,
        access: Access,
        path: &str,
        form: &[(&str, &str)],
    ) -> anyhow::Result<Answer> {
        let (client, base) = self.client(access);
        Ok(client.post_form(&format!("{base}/{path}"), form).await?)
    }

    /// All parts of the person with this number.
    pub async fn person(&self, access: Access, number: &str) -> anyhow::Result<Value> {
        self.person_with(access, number, PARTS).await
    }

    /// The person with this number, as the query asks.
    pub async fn person_with(
        &self,
        access: Access,
        number: &str,
        query: &str,
    ) -> anyhow::Result<Value> {
        let path = format!("person/get-by-nin?{query}");
        let answer = self.post(access, &path, &[("nin", number)]).await?;
        expect(answer, 200)
    }

    /// Some persons of the population: index and number.
    pub async fn population(&self, offset: u64, limit: u64) -> anyhow::Result<Vec<(u64, String)>> {
        let url = format!("{}/sandbox/persons?offset={offset}&limit={limit}", self.sandbox_url);
        let listed: Value = get(&self.http, &url).await?;
        let persons = listed["persons"].as_array().context("the sandbox lists no persons")?;
        let read = |person: &Value| {
            let index = person["index"].as_u64().context("a person without an index")?;
            let number = person["number"].as_str().context("a person without a number")?;
            Ok((index, number.to_owned()))
        };
        persons.iter().map(read).collect()
    }

    /// How many persons the population has.
    pub async fn population_size(&self) -> anyhow::Result<u64> {
        let url = format!("{}/sandbox/persons?limit=1", self.sandbox_url);
        let listed: Value = get(&self.http, &url).await?;
        listed["total"].as_u64().context("the sandbox does not say how many there are")
    }

    /// Numbers of the first persons of the population.
    pub async fn numbers(&self, limit: u64) -> anyhow::Result<Vec<String>> {
        Ok(self.population(0, limit).await?.into_iter().map(|(_, number)| number).collect())
    }

    /// The last record of everybody with a felles hjelpenummer.
    pub async fn alternates(&self) -> anyhow::Result<Vec<Value>> {
        let url = format!("{}/sandbox/ain/persons", self.sandbox_url);
        let listed: Value = get(&self.http, &url).await?;
        listed["persons"].as_array().cloned().context("the sandbox lists nobody")
    }

    /// FREG's own document of a person of the population.
    pub async fn source(&self, index: u64) -> anyhow::Result<Value> {
        get(&self.http, &format!("{}/sandbox/persons/{index}", self.sandbox_url)).await
    }

    /// Makes a change happen in FREG.
    pub async fn change(&self, kind: &str, number: Option<&str>) -> anyhow::Result<Value> {
        change(&self.http, &self.sandbox_url, kind, number).await
    }

    /// The number of the newest event.
    pub async fn latest(&self, access: Access) -> anyhow::Result<i64> {
        let event = expect(self.get(access, "event/latest").await?, 200)?;
        Ok(read_event(&event)?.sequence)
    }

    /// A page of events from and including a number.
    pub async fn events(&self, access: Access, from: i64) -> anyhow::Result<Vec<Event>> {
        self.event_page(access, &format!("event?sequenceNumber={from}")).await
    }

    /// The page of events that this address gives.
    pub async fn event_page(&self, access: Access, path: &str) -> anyhow::Result<Vec<Event>> {
        let page = expect(self.get(access, path).await?, 200)?;
        page["results"]
            .as_array()
            .context("a page without results")?
            .iter()
            .map(read_event)
            .collect()
    }

    /// Waits until an event from a number on is as wanted.
    pub async fn await_event(
        &self,
        access: Access,
        from: i64,
        wanted: impl Fn(&Event) -> bool,
    ) -> anyhow::Result<Event> {
        let started = Instant::now();
        let mut next = from;
        while started.elapsed() < PATIENCE {
            let events = self.events(access, next).await?;
            if let Some(event) = events.iter().find(|event| wanted(event)) {
                return Ok(event.clone());
            }
            match events.last() {
                Some(last) => next = last.sequence + 1,
                None => tokio::time::sleep(POLL).await,
            }
        }
        bail!("no such event within {} s", PATIENCE.as_secs())
    }
}

fn read_event(event: &Value) -> anyhow::Result<Event> {
    let text = |name: &str| {
        let value = event[name].as_str().map(str::to_owned);
        value.with_context(|| format!("an event without {name}"))
    };
    Ok(Event {
        sequence: text("sequenceNumber")?.parse()?,
        person: text("personId")?,
        event_type: text("eventType")?,
        number: text("nin")?,
    })
}

async fn get<T: serde::de::DeserializeOwned>(
    http: &reqwest::Client,
    url: &str,
) -> anyhow::Result<T> {
    let answer = http.get(url).send().await.with_context(|| format!("no answer from {url}"))?;
    ensure!(answer.status().is_success(), "{url} answered {}", answer.status());
    Ok(answer.json().await?)
}

/// The body of an answer with the status that is expected. The body is not shown: it may hold
/// persons.
pub fn expect(answer: Answer, status: u16) -> anyhow::Result<Value> {
    if answer.status != status {
        let problem = answer.json().ok().and_then(|body| body["title"].as_str().map(str::to_owned));
        bail!("status {} where {status} is due: {}", answer.status, problem.unwrap_or_default());
    }
    Ok(answer.json()?)
}
