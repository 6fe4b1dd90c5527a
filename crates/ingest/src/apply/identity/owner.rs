//! Whose a document is: the rules of [`super`], in their order, and what speaks against each.

use register::id::{IdentityNumber, PersonId};
use sources::freg::document::ListedNumber;

use super::Working;

impl Working {
    /// The existing person that a document belongs to; `None` is a new one.
    pub fn owner(&self, listed: &[ListedNumber], as_of: i64) -> Option<PersonId> {
        let in_use = || listed.iter().filter(|number| number.in_use);
        let live = in_use().find_map(|listed| self.live_holder(&listed.number));
        let stub = || {
            let free = in_use().filter(|listed| !self.claimed_after(&listed.number, as_of));
            free.flat_map(|listed| self.holders(&listed.number)).next().map(|t| t.state.id)
        };
        live.or_else(stub)
            .or_else(|| self.overtaken_by(listed, as_of))
            .or_else(|| self.oldest_live_listed(listed, as_of))
            .or_else(|| self.ended_and_claimed(listed, as_of))
            .or_else(|| self.ended_stub(listed))
    }

    /// True when a newer document has given the number to somebody.
    fn claimed_after(&self, number: &IdentityNumber, as_of: i64) -> bool {
        self.claims.get(number).is_some_and(|claim| claim.as_of > as_of)
    }

    /// A document of ended numbers only, newer than all that is known of them: it is about the stub
    /// that had one of them as primary. Another person with the same number would be a second one.
    fn ended_stub(&self, listed: &[ListedNumber]) -> Option<PersonId> {
        if listed.iter().any(|listed| listed.in_use) {
            return None;
        }
        let stubs = listed.iter().flat_map(|listed| self.holders(&listed.number));
        stubs.min_by_key(|stub| stub.state.ordinal).map(|stub| stub.state.id)
    }

    /// An old document, delivered again, whose numbers a newer document has claimed since: it
    /// belongs to that person, where its age will stop it, and must not create another one.
    fn overtaken_by(&self, listed: &[ListedNumber], as_of: i64) -> Option<PersonId> {
        let claims = |listed: &ListedNumber| self.claims.get(&listed.number);
        let in_use = listed.iter().filter(|listed| listed.in_use);
        in_use.filter_map(claims).find(|claim| claim.as_of > as_of).map(|claim| claim.person)
    }

    /// The same of a document of ended numbers only, of which none is anybody's primary.
    fn ended_and_claimed(&self, listed: &[ListedNumber], as_of: i64) -> Option<PersonId> {
        if listed.iter().any(|listed| listed.in_use) {
            return None;
        }
        let claims = listed.iter().filter_map(|listed| self.claims.get(&listed.number));
        claims.into_iter().find(|claim| claim.as_of >= as_of).map(|claim| claim.person)
    }

    /// True for an old document, delivered again, of numbers that lead nowhere since: nobody is
    /// left whom its age would stop, and it must not create anybody either.
    pub fn is_retired(&self, listed: &[ListedNumber], as_of: i64) -> bool {
        let any_in_use = listed.iter().any(|listed| listed.in_use);
        let newer = |listed: &ListedNumber| {
            (listed.in_use || !any_in_use) && self.retired_after(&listed.number, as_of)
        };
        listed.iter().any(newer) && self.owner(listed, as_of).is_none()
    }

    fn retired_after(&self, number: &IdentityNumber, as_of: i64) -> bool {
        self.retired.get(number).is_some_and(|since| *since > as_of)
    }

    /// Rule 3. A person that a document of the same age holds as in use is not up for it: two such
    /// documents contradict each other, and a wrong merge hurts more than a missing one.
    fn oldest_live_listed(&self, listed: &[ListedNumber], as_of: i64) -> Option<PersonId> {
        listed
            .iter()
            .flat_map(|listed| self.holders(&listed.number))
            .filter(|holder| !holder.state.stub && holder.state.as_of < as_of)
            .min_by_key(|holder| holder.state.ordinal)
            .map(|holder| holder.state.id)
    }
}
