//! The shapes of families: who in a block is whose partner and whose child.

/// How the fifteen slots of a block belong together. Slots that are named nowhere stand alone.
#[derive(Debug)]
pub(crate) struct Template {
    /// Two slots each. The first keeps its home; who marries again is first in both couples.
    pub(crate) couples: &'static [(usize, usize)],
    /// Each child's slot and its couple, siblings in the order of their birth.
    pub(crate) children: &'static [(usize, usize)],
    /// Children born on the day of the slot before them.
    pub(crate) twins: &'static [usize],
    /// Children born on the day of an elder one in one family of [`TRIPLETS_ONE_IN`], with that
    /// one's slot; in nearly all others so many days later, and twice as many in the rest.
    pub(crate) triplets: &'static [(usize, usize, i32)],
    /// Years between the block's base day and the couples that are nobody's children.
    pub(crate) later: i32,
}

/// With one variant of ten that can have them, triplets are 0,02 % of births.
pub(crate) const TRIPLETS_ONE_IN: i32 = 84;

/// One for each variant of a block: none to five children, twins, triplets, second marriages.
pub(crate) const TEMPLATES: [Template; 10] = [
    Template {
        couples: &[(0, 1), (2, 5), (3, 8), (6, 11), (9, 12)],
        children: &[(2, 0), (3, 0), (4, 0), (6, 1), (7, 1), (9, 2), (10, 2)],
        twins: &[],
        triplets: &[],
        later: 0,
    },
    Template {
        couples: &[(0, 1), (2, 4), (3, 6), (7, 11), (5, 12)],
        children: &[(2, 0), (3, 0), (5, 1), (7, 2), (8, 2), (9, 2), (10, 2)],
        twins: &[],
        triplets: &[],
        later: 0,
    },
    Template {
        couples: &[(0, 1), (2, 7), (10, 11), (3, 12)],
        children: &[(2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (8, 1), (9, 1)],
        twins: &[],
        triplets: &[],
        later: 6,
    },
    // The first slot married twice.
    Template {
        couples: &[(0, 1), (0, 4), (2, 6), (9, 10), (3, 11)],
        children: &[(2, 0), (3, 0), (5, 1), (7, 2), (8, 2), (12, 4)],
        twins: &[],
        triplets: &[],
        later: 0,
    },
    // One child in one generation, triplets in the next.
    Template {
        couples: &[(0, 1), (2, 3), (7, 8), (9, 11), (4, 12)],
        children: &[(2, 0), (4, 1), (5, 1), (6, 1), (9, 2), (10, 2)],
        twins: &[],
        triplets: &[(5, 4, 900), (6, 4, 2_150)],
        later: 0,
    },
    Template {
        couples: &[(0, 1), (0, 4), (3, 7), (2, 9), (5, 10)],
        children: &[(2, 0), (3, 0), (5, 1), (6, 1), (8, 2), (11, 3)],
        twins: &[],
        triplets: &[],
        later: 20,
    },
    // A couple without children, and young families without grandparents in the register.
    Template {
        couples: &[(0, 1), (2, 3), (6, 7), (4, 11), (8, 12)],
        children: &[(4, 1), (5, 1), (8, 2), (9, 2), (10, 2)],
        twins: &[],
        triplets: &[],
        later: 28,
    },
    Template {
        couples: &[(0, 1), (3, 6), (2, 10)],
        children: &[(2, 0), (3, 0), (4, 0), (5, 0), (7, 1), (8, 1), (9, 1), (11, 2), (12, 2)],
        twins: &[9],
        triplets: &[],
        later: 0,
    },
    Template {
        couples: &[(0, 1), (2, 4), (3, 10)],
        children: &[(2, 0), (3, 0), (5, 1), (6, 1), (7, 1), (8, 1), (9, 1), (11, 2), (12, 2)],
        twins: &[],
        triplets: &[],
        later: 0,
    },
    Template {
        couples: &[(0, 1), (3, 5), (4, 7), (10, 11), (2, 12)],
        children: &[(2, 0), (3, 0), (4, 0), (6, 1), (8, 2), (9, 2)],
        twins: &[],
        triplets: &[],
        later: 12,
    },
];

impl Template {
    /// The couple a slot is a child of.
    pub(crate) fn parents_of(&self, child: usize) -> Option<usize> {
        self.children.iter().find(|(slot, _)| *slot == child).map(|(_, couple)| *couple)
    }

    /// Whether the slot has a family in this template.
    pub(crate) fn has(&self, slot: usize) -> bool {
        self.parents_of(slot).is_some()
            || self.couples.iter().any(|(a, b)| *a == slot || *b == slot)
    }

    /// The first of the couple in which the slot is second.
    pub(crate) fn leader_of(&self, slot: usize) -> Option<usize> {
        self.couples.iter().find(|(_, b)| *b == slot).map(|(a, _)| *a)
    }
}
