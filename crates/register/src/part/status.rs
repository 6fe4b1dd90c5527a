//! Status: how the person stands in the register.

use super::sample;
use super::shape::shape;

shape! {
    /// How the person stands in the register (FREG: Folkeregisterpersonstatus).
    part PersonStatus {
        /// The status; restricted access sees some of them as `Active` (FREG: Status).
        status: PersonStatusType,
    }
}

shape! {
    /// The ways a person can stand in the register.
    values PersonStatusType {
        /// Lives in Norway (FREG: Bosatt).
        Resident,
        /// Has moved out of Norway (FREG: Utflyttet).
        Emigrated,
        /// Missing, with nothing known of what became of them (FREG: Forsvunnet).
        Disappeared,
        /// Dead (FREG: Doed).
        Deceased,
        /// The entry has ceased, as a duplicate or as one that should not have been made
        /// (FREG: Opphoert).
        Discontinued,
        /// Born in Norway without being resident there (FREG: Foedselsregistrert).
        RegisteredAtBirth,
        /// Has a D-number for a limited time (FREG: Midlertidig).
        Temporary,
        /// Has a D-number that has not been renewed (FREG: Inaktiv).
        Inactive,
        /// Known to the register, and not living in Norway (FREG: IkkeBosatt).
        NotResident,
        /// Stands for a status that is not shown (FREG: Aktiv).
        Active,
    }
}

/// The statuses that are no secret.
const OPEN: [PersonStatusType; 5] = [
    PersonStatusType::Resident,
    PersonStatusType::Emigrated,
    PersonStatusType::Deceased,
    PersonStatusType::Discontinued,
    PersonStatusType::Inactive,
];

impl PersonStatus {
    /// Puts `Active` in the place of a status that is a secret, and of one we do not know. An item
    /// that was `Active` from the source counts as masked too: else its reason would tell it from
    /// the others.
    pub(crate) fn mask(&mut self) -> bool {
        if self.status.is_some_and(|status| OPEN.contains(&status)) {
            return false;
        }
        self.status = Some(PersonStatusType::Active);
        true
    }

    /// Someone who moved out, and had disappeared before that was known.
    pub fn sample() -> Vec<Self> {
        let emigrated = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2020-02-29T23:30:00Z"),
            source: sample::text("FREG automatisk"),
            reason: sample::text("Patch"),
            valid_from: sample::instant("2020-02-29T22:30:00Z"),
            valid_to: None,
            status: Some(PersonStatusType::Emigrated),
        };
        let disappeared = Self {
            is_valid: Some(false),
            registered_at: sample::instant("2019-07-01T10:00:00+02:00"),
            source: sample::text("skatteetaten"),
            reason: sample::text("Forsvunnet"),
            valid_from: sample::instant("2019-06-15T00:00:00+02:00"),
            valid_to: sample::instant("2020-02-29T22:30:00Z"),
            status: Some(PersonStatusType::Disappeared),
        };
        vec![emigrated, disappeared]
    }
}
