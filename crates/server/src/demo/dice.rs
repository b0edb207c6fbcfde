//! Chance with a fixed seed: every demonstration tells the same story.

use std::cell::Cell;

/// SplitMix64.
pub struct Dice(Cell<u64>);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(Cell::new(seed))
    }

    fn next(&self) -> u64 {
        let mut z = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(z);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From `low` to `high`, both included.
    pub fn between(&self, low: usize, high: usize) -> usize {
        let width = (high.max(low) - low) as u64 + 1;
        low + (self.next() % width) as usize
    }

    /// True so many times out of a hundred.
    pub fn percent(&self, chance: usize) -> bool {
        self.between(1, 100) <= chance
    }

    /// One of them; the list is not empty.
    pub fn one<'a, T>(&self, of: &'a [T]) -> &'a T {
        let at = self.between(0, of.len().saturating_sub(1));
        &of[at]
    }

    /// Up to `count` different ones of them, in the order in which they were drawn.
    pub fn some<T: Copy>(&self, of: &[T], count: usize) -> Vec<T> {
        let mut left = of.to_vec();
        let mut drawn = Vec::with_capacity(count);
        while drawn.len() < count && !left.is_empty() {
            drawn.push(left.swap_remove(self.between(0, left.len() - 1)));
        }
        drawn
    }

    /// One of them, each as likely as its weight says; the list is not empty.
    pub fn weighed<T: Copy>(&self, of: &[(T, usize)]) -> T {
        let mut left = self.between(1, of.iter().map(|it| it.1).sum());
        for (one, weight) in of {
            if left <= *weight {
                return *one;
            }
            left -= weight;
        }
        of[of.len() - 1].0
    }
}
