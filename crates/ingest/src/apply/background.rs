//! What the writer does besides FREG's records: contact details, those that time changes, and the
//! sweep to another geography or day. Each is bounded, so that no change of FREG waits for long.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant as Stopwatch;

use rayon::prelude::*;
use register::geography::{Changes, Geography, enrich_with_keys};
use register::id::{IdentityNumber, PersonId};
use register::time::{Day, Instant};
use store::{ContactWrite, StoredContact, StoredSource, WriteBatch};

use super::contact::{ContactInput, is_said_again, seal, settle};
use super::document::prepare_stored;
use super::enriching::Sweep;
use super::reader::Batch;
use super::refresh::Writes;
use super::render::source_associated_data;
use super::writer::Writer;
use super::{ApplyError, metrics};
use crate::Keys;

impl Writer<'_> {
    /// Writes records of contact details, and renders those anew who are served them.
    pub async fn write_contacts(
        &mut self,
        batch: Batch<Option<ContactInput>>,
    ) -> Result<(), ApplyError> {
        let started = Stopwatch::now();
        let records = batch.inputs.len();
        let News { changed, confirmed } =
            self.news(settle(batch.inputs.into_iter().flatten())).await?;
        let now = self.config.apply.clock.now();
        let ends = |input: &ContactInput| input.changes_at.filter(|end| *end > now);
        let seal_changed = |input: &ContactInput| seal(input, ends(input), self.keys);
        let mut contacts = changed.iter().map(seal_changed).collect::<Result<Vec<_>, _>>()?;
        let served = contacts.iter().map(stored).collect();
        let numbers: Vec<&str> = contacts.iter().map(|contact| contact.number.as_str()).collect();
        let persons = self.store.holders(&numbers).await?;
        let unknown = contacts.len() - persons.len();
        let positions = self.moves(&batch.next_offsets, None);
        let mut write = WriteBatch { positions, ..WriteBatch::default() };
        let counts = self.refresh(&persons, Writes::Differing, served, &mut write).await?;
        // What time has yet to tell of them, or has told, a repetition does not change: it may come
        // between the end and the round that tells of it.
        for (input, flips_at) in &confirmed {
            contacts.push(seal(input, *flips_at, self.keys)?);
        }
        write.contacts = contacts;
        let committed = self.commit(&mut write).await?;
        self.moved(batch.next_offsets, committed);
        metrics::contacts("unknown", unknown);
        metrics::contacts("changed", counts.changed);
        metrics::contacts("unchanged", counts.same + counts.unreadable + confirmed.len());
        let elapsed_ms = started.elapsed().as_millis() as u64;
        tracing::info!(records, unknown, changed = counts.changed, elapsed_ms, "contacts applied");
        Ok(())
    }

    /// Sorts out what is older than what is known, and what only says the same again: then nobody
    /// has to be rendered.
    async fn news(&self, inputs: Vec<ContactInput>) -> Result<News, ApplyError> {
        let numbers: Vec<&str> = inputs.iter().map(|input| input.number.as_str()).collect();
        let known = self.renderer().contacts(&numbers).await?;
        let mut news = News::default();
        for input in inputs {
            match known.get(&input.number) {
                Some(known) if known.as_of > input.as_of => metrics::contact("outdated"),
                Some(known) if is_said_again(known, &input, self.keys)? => {
                    news.confirmed.push((input, known.flips_at));
                }
                _ => news.changed.push(input),
            }
        }
        Ok(news)
    }

    /// Does one round of what is due. False when nothing is.
    pub async fn background(&mut self) -> Result<bool, ApplyError> {
        Ok(self.flip().await?
            || self.drain().await?
            || self.sweep().await?
            || self.rerender().await?)
    }

    /// Takes up a newer geography or another day, if one is ready.
    pub async fn follow_geography(&mut self) -> Result<(), ApplyError> {
        let Some(adoption) = self.enriching.ready().await? else { return Ok(()) };
        let enrichment = Some(self.enriching.row_of(&adoption));
        self.commit(&mut WriteBatch { enrichment, ..WriteBatch::default() }).await?;
        self.enriching.adopt(adoption);
        Ok(())
    }

    /// Renders those anew who may no longer be sent notices because time has passed.
    async fn flip(&mut self) -> Result<bool, ApplyError> {
        let limit = self.config.apply.background_persons_max;
        let now = self.config.apply.clock.now();
        let flipped = self.store.due_contacts(now, limit as i64).await?;
        if flipped.is_empty() {
            return Ok(false);
        }
        let numbers: Vec<&str> = flipped.iter().map(IdentityNumber::as_str).collect();
        let mut contacts = self.renderer().contacts(&numbers).await?;
        contacts.values_mut().for_each(|contact| contact.flips_at = None);
        let persons = self.store.holders(&numbers).await?;
        let mut write = WriteBatch::default();
        let counts = self.refresh(&persons, Writes::Differing, contacts, &mut write).await?;
        write.flipped = flipped;
        self.commit(&mut write).await?;
        metrics::flips(write.flipped.len());
        let numbers = write.flipped.len();
        tracing::info!(numbers, changed = counts.changed, "contacts have become too old");
        Ok(true)
    }

    /// One round of the sweep under way.
    async fn sweep(&mut self) -> Result<bool, ApplyError> {
        let Some(sweep) = self.enriching.sweep().cloned() else { return Ok(false) };
        let started = Stopwatch::now();
        let first = sweep.next_ordinal;
        let end = first + self.config.apply.background_persons_max as i64;
        let touched = self.touched(&sweep, first, end).await?;
        let mut write = WriteBatch::default();
        let none = HashMap::new();
        let counts = self.refresh(&touched, Writes::Differing, none, &mut write).await?;
        let total = self.store.totals().await?.persons;
        let finished = end > total;
        write.enrichment = Some(self.enriching.row_after(&sweep, end, finished));
        self.commit(&mut write).await?;
        self.enriching.swept(end, finished);
        let done = total.min(end - 1);
        metrics::sweep(done, total, counts.changed);
        tracing::info!(
            done,
            total,
            touched = touched.len(),
            changed = counts.changed,
            unreadable = counts.unreadable,
            elapsed_ms = started.elapsed().as_millis() as u64,
            "persons enriched anew"
        );
        Ok(true)
    }

    /// Whom a sweep touches, of those with ordinals from `first` to below `end`.
    async fn touched(
        &self,
        sweep: &Sweep,
        first: i64,
        end: i64,
    ) -> Result<Vec<PersonId>, ApplyError> {
        let sources = self.store.sources(first, end).await?;
        let Some(changes) = sweep.changes.clone() else {
            return Ok(sources.into_iter().map(|source| source.person).collect());
        };
        let (geography, keys) = (Arc::clone(self.enriching.geography()), self.keys.clone());
        let today = self.enriching.with().day;
        let touched = tokio::task::spawn_blocking(move || {
            let touched = sources.into_par_iter().map(|source| {
                let touches = touches(&source, &changes, &geography, today, &keys)?;
                Ok(touches.then_some(source.person))
            });
            touched.collect::<Result<Vec<_>, ApplyError>>()
        });
        Ok(touched.await??.into_iter().flatten().collect())
    }
}

/// What a batch of contact details says that was not known to be newer.
#[derive(Default)]
struct News {
    /// What is another than before.
    changed: Vec<ContactInput>,
    /// What is as it was, and when time is to tell of it; only its age is to be noted.
    confirmed: Vec<(ContactInput, Option<Instant>)>,
}

/// The contact details as they are read back.
fn stored(contact: &ContactWrite) -> (IdentityNumber, StoredContact) {
    let ContactWrite { number, as_of, sealed, flips_at } = contact;
    let stored = StoredContact {
        number: number.clone(),
        as_of: *as_of,
        sealed: sealed.clone(),
        flips_at: *flips_at,
    };
    (number.clone(), stored)
}

/// Whether somebody may come out different. What asked the new geography is as good as what asked
/// the old one.
fn touches(
    source: &StoredSource,
    changes: &Changes,
    geography: &Geography,
    today: Day,
    keys: &Keys,
) -> Result<bool, ApplyError> {
    let json = keys.sealer.open(&source.sealed, &source_associated_data(source.person))?;
    Ok(prepare_stored(&json, source.alternate).is_some_and(|mut document| {
        changes.touch(&enrich_with_keys(&mut document.person, geography, today))
    }))
}
