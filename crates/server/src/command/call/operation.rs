//! The operations of the API that `call` knows: one row each. A further one, a search for instance,
//! is a further row; the command line, its help, the completions and the request follow from it.

use register::part::InformationPart;

/// Where the value of an input travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path, for the row's `{}`.
    Path,
    /// In the query, under this name.
    Query(&'static str),
    /// In the body, a form, under this name.
    Form(&'static str),
}

/// How an input is written on the command line.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// One value, which must be there.
    One,
    /// At least one value.
    Many,
    /// `--name value`; left out of the request when it is not given.
    Option,
    /// `--name a,b` or `--name a --name b`, of these values; the default when it is not given.
    Choices {
        /// The values, as the contract spells them.
        of: fn() -> Vec<&'static str>,
        /// What is asked for otherwise, with commas between; empty: nothing.
        otherwise: &'static str,
    },
    /// `--name`: true or false.
    Flag,
}

/// What an operation is told.
pub struct Input {
    /// Its name on the command line.
    pub name: &'static str,
    /// Where it goes in the request.
    pub place: Place,
    /// How it is written.
    pub kind: Kind,
    /// For the help.
    pub help: &'static str,
}

/// What an answer holds; it decides how a person is shown it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One person.
    Person,
    /// An array of persons.
    Persons,
    /// One event.
    Event,
    /// A page of events.
    Events,
    /// Whatever it is: JSON or nothing.
    Other,
}

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listener {
    /// The public one, below the package's path, with a token and a proof.
    Package,
    /// The public one, to anybody.
    Public,
    /// The one for health and metrics.
    Health,
}

/// An operation of the API.
pub struct Operation {
    /// Its name on the command line.
    pub name: &'static str,
    /// For the help.
    pub about: &'static str,
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path, `{}` for the value that it holds.
    pub path: &'static str,
    /// Who answers.
    pub listener: Listener,
    /// What it is told.
    pub inputs: &'static [&'static Input],
    /// What it answers.
    pub shape: Shape,
}

/// `--parts all`: every part that is served.
pub const ALL_PARTS: &str = "all";

const PARTS: Input = Input {
    name: "parts",
    place: Place::Query("informationParts"),
    kind: Kind::Choices { of: part_names, otherwise: "Name,Birth,ResidentialAddress" },
    help: "Information parts, with commas between; `all` for every one that is served",
};
const HISTORY: Input = Input {
    name: "history",
    place: Place::Query("includeHistory"),
    kind: Kind::Flag,
    help: "Historic items too",
};
const NIN: Input = Input {
    name: "nin",
    place: Place::Form("nin"),
    kind: Kind::One,
    help: "Fødselsnummer, D-number, or another number of the person; `-` reads it from the input",
};
const NINS: Input = Input {
    name: "nins",
    place: Place::Form("nins"),
    kind: Kind::Many,
    help: "Numbers, 1 to 100; `-` reads them from the input, with white space between",
};
const ID: Input = Input {
    name: "id",
    place: Place::Path,
    kind: Kind::One,
    help: "The person's id, as events and answers have it",
};
const IDS: Input = Input {
    name: "ids",
    place: Place::Form("personIds"),
    kind: Kind::Many,
    help: "Ids of persons, 1 to 100; `-` reads them from the input",
};
const FROM: Input = Input {
    name: "from",
    place: Place::Query("sequenceNumber"),
    kind: Kind::Option,
    help: "The first number wanted, that one included; from the beginning when it is left out",
};
const TYPES: Input = Input {
    name: "types",
    place: Place::Query("eventTypes"),
    kind: Kind::Choices { of: event_names, otherwise: "" },
    help: "Only events of these types, with commas between",
};
const LIMIT: Input = Input {
    name: "limit",
    place: Place::Query("maxLimit"),
    kind: Kind::Option,
    help: "The most events in the answer; 1000 when it is left out",
};
const WAIT: Input = Input {
    name: "wait",
    place: Place::Query("waitSeconds"),
    kind: Kind::Option,
    help: "How long to wait for an event when there is none, in seconds, at most 60",
};
const TIME: Input = Input {
    name: "time",
    place: Place::Query("includeEventTime"),
    kind: Kind::Flag,
    help: "When each event was written down, too",
};

/// The table.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        name: "get-by-nin",
        about: "The person with a number; it travels in the body, never in the address",
        method: "POST",
        path: "person/get-by-nin",
        listener: Listener::Package,
        inputs: &[&NIN, &PARTS, &HISTORY],
        shape: Shape::Person,
    },
    Operation {
        name: "get-by-id",
        about: "The person with an id",
        method: "GET",
        path: "person/{}",
        listener: Listener::Package,
        inputs: &[&ID, &PARTS, &HISTORY],
        shape: Shape::Person,
    },
    Operation {
        name: "bulk-by-nin",
        about: "The persons with these numbers; unknown ones are absent from the answer",
        method: "POST",
        path: "person/bulk-by-nin",
        listener: Listener::Package,
        inputs: &[&NINS, &PARTS, &HISTORY],
        shape: Shape::Persons,
    },
    Operation {
        name: "bulk-by-id",
        about: "The persons with these ids; unknown ones are absent from the answer",
        method: "POST",
        path: "person/bulk-by-id",
        listener: Listener::Package,
        inputs: &[&IDS, &PARTS, &HISTORY],
        shape: Shape::Persons,
    },
    Operation {
        name: "events",
        about: "A page of events, at most 1000",
        method: "GET",
        path: "event",
        listener: Listener::Package,
        inputs: &[&FROM, &TYPES, &LIMIT, &WAIT, &TIME],
        shape: Shape::Events,
    },
    Operation {
        name: "latest-event",
        about: "The newest event",
        method: "GET",
        path: "event/latest",
        listener: Listener::Package,
        inputs: &[&TIME],
        shape: Shape::Event,
    },
    Operation {
        name: "ping",
        about: "Whether the API answers at all; without a token",
        method: "GET",
        path: "/ping",
        listener: Listener::Public,
        inputs: &[],
        shape: Shape::Other,
    },
    Operation {
        name: "health",
        about: "Whether this server should get requests, and why not; from its health listener",
        method: "GET",
        path: "/health/ready",
        listener: Listener::Health,
        inputs: &[],
        shape: Shape::Other,
    },
];

fn part_names() -> Vec<&'static str> {
    let all = InformationPart::ALL.iter().map(|part| part.name());
    all.chain([ALL_PARTS]).collect()
}

fn event_names() -> Vec<&'static str> {
    register::event::EventType::ALL.iter().map(|kind| kind.name()).collect()
}
