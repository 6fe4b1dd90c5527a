//! Each kind of change: its documents, its events, and what the register answers afterwards.

mod kinds;
mod mass;
mod order;
mod scenario;

use std::sync::Arc;

use super::*;
use crate::calendar::Day;
use crate::freg::wire::current;
use crate::population::Population;
use crate::world::World;

fn now() -> Moment {
    Moment::at(Day::of(2026, 3, 4), 36_000, 120_000_000)
}

fn register_of(persons: u64) -> (Arc<World>, Maker) {
    let world = Arc::new(World::new(Population::new(11, persons)));
    (world.clone(), maker_of(world))
}

fn maker_of(world: Arc<World>) -> Maker {
    let krr = Arc::new(crate::krr::Krr::new(world.clone(), now()));
    Maker::new(world, krr)
}

fn register() -> (Arc<World>, Maker) {
    register_of(6_000)
}

fn named(kind: &str) -> &'static Kind {
    Kind::from_name(kind).expect("a kind")
}

/// A change to anyone; the person before and after it, and its events.
struct Story {
    world: Arc<World>,
    maker: Maker,
    number: String,
    numbers: Vec<String>,
    events: Vec<crate::world::Event>,
    touched: usize,
}

impl Story {
    fn of(kind: &str) -> Story {
        let (world, maker) = register();
        Story::next(world, maker, kind, None)
    }

    fn next(world: Arc<World>, maker: Maker, kind: &str, number: Option<&str>) -> Story {
        let done = maker.make(named(kind), number, now()).expect("somebody fits");
        Story {
            world,
            maker,
            number: done.number,
            numbers: done.numbers,
            events: done.events,
            touched: done.persons_touched,
        }
    }

    fn kinds(&self) -> Vec<&'static str> {
        self.events.iter().map(|event| event.kind).collect()
    }

    fn now_is(&self, number: &str) -> Folkeregisterperson {
        self.world.find(number).expect("known").person.clone()
    }

    /// As the population has it, before any change.
    fn before(&self, number: &str) -> Folkeregisterperson {
        let population = &self.world.population;
        population.person(population.index_of(number).expect("of the population"))
    }

    fn document_of(&self, position: usize) -> Folkeregisterperson {
        let document = self.events[position].person_document.expect("has a document");
        self.world.archived(document).expect("kept").person.clone()
    }
}
