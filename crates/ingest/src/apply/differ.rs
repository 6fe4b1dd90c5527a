//! What differs between what is served and what is to be: only that is told.

use register::event::{EventType, visible_to_restricted};
use register::part::PartSet;
use register::render::{ServedForm, differing_parts};
use store::{StoredPerson, blob};

use super::ApplyError;

/// What differs between what a person is served as and what it is to be; `masked_after` is what
/// restricted access will not see.
///
/// # Errors
/// When what is stored is no served form.
pub fn differs(
    stored: &StoredPerson,
    full: &[u8],
    restricted: &[u8],
    masked_after: PartSet,
) -> Result<Differs, ApplyError> {
    Ok(Differs {
        full: differing(&stored.full, full)?,
        restricted: differing(&stored.restricted, restricted)?,
        masked: [stored.state.masked_parts, masked_after],
    })
}

/// What differs between what is served and what is to be.
pub struct Differs {
    /// The parts that full access is served otherwise.
    pub full: PartSet,
    /// The parts that restricted access is served otherwise.
    pub restricted: PartSet,
    /// What restricted access does not see, before and after.
    masked: [PartSet; 2],
}

impl Differs {
    /// True when neither package is served another form, nor sees more or less.
    pub fn is_nothing(&self) -> bool {
        let [before, after] = self.masked;
        self.full.is_empty() && self.restricted.is_empty() && before == after
    }

    /// Where what restricted access sees is the same, there is nothing to tell it: that there was
    /// something to tell would itself be telling.
    pub fn is_told_to_restricted(&self, event: EventType) -> bool {
        let [before, after] = self.masked;
        visible_to_restricted(event, before, after)
            && !event.announces().intersection(self.restricted).is_empty()
    }
}

fn differing(stored: &[u8], rendered: &[u8]) -> Result<PartSet, ApplyError> {
    let stored = blob::decompress(stored).map_err(ApplyError::Blob)?;
    let stored = ServedForm::read(&stored).map_err(ApplyError::Form)?;
    let rendered = ServedForm::read(rendered).map_err(ApplyError::Form)?;
    Ok(differing_parts(&stored, &rendered))
}
