//! Deterministic dice: the same parts fall the same way, whatever library version or machine.

/// A stream of numbers decided by the parts it was made from.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

/// Mixes a number so that neighbours have nothing in common (the finaliser of splitmix64).
pub(crate) const fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Dice {
    /// Dice for these parts, most general first: seed, what, which one.
    pub(crate) fn new(parts: &[u64]) -> Dice {
        Dice(parts.iter().fold(0x243F_6A88_85A3_08D3, |state, part| mix(state ^ mix(*part))))
    }

    /// The next 64 bits.
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A number below `limit`, which must be under 2^32.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        ((self.roll() >> 32) * limit) >> 32
    }

    /// A number from `low` up to, not including, `high`.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        low + self.below(u64::from(high.abs_diff(low))) as i32
    }

    /// True that many times in a thousand.
    pub(crate) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// True that many times in a hundred thousand.
    pub(crate) fn falls(&mut self, per_100_000: u64) -> bool {
        self.below(100_000) < per_100_000
    }

    /// One of the items.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_parts_fall_the_same_way_and_other_parts_do_not() {
        let rolls = |parts: &[u64]| {
            let mut dice = Dice::new(parts);
            [dice.roll(), dice.roll(), dice.roll()]
        };
        assert_eq!(rolls(&[1, 2, 3]), rolls(&[1, 2, 3]));
        assert_ne!(rolls(&[1, 2, 3]), rolls(&[1, 3, 2]));
        assert_ne!(rolls(&[1, 2]), rolls(&[1, 2, 0]));
    }

    #[test]
    fn numbers_stay_inside_their_limits_and_reach_both_ends() {
        let mut dice = Dice::new(&[7]);
        let falls: Vec<i32> = (0..1000).map(|_| dice.between(-2, 3)).collect();
        assert_eq!(falls.iter().min(), Some(&-2));
        assert_eq!(falls.iter().max(), Some(&2));
        let hits = (0..10_000).filter(|_| dice.chance(250)).count();
        assert!((2_200..2_800).contains(&hits), "{hits}");
    }
}
