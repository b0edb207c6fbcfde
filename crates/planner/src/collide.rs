//! Which needs cannot all be met: a smallest set that is impossible by itself.

use crate::{Ask, model};
use std::time::{Duration, Instant};

/// Leaves out one need after another as long as the rest stays impossible; what cannot be left out collides.
pub fn smallest(ask: &Ask, limit: Duration) -> Vec<usize> {
    let begun = Instant::now();
    let mut kept: Vec<usize> = (0..ask.needs.len()).collect();
    let mut at = 0;
    while at < kept.len() {
        let left = limit.saturating_sub(begun.elapsed());
        let mut without = kept.clone();
        without.remove(at);
        let tried = Ask { needs: without.iter().map(|it| ask.needs[*it].clone()).collect(), ..ask.clone() };
        match model::is_possible(&tried, left) {
            Some(false) => kept = without,
            // In doubt it stays: the set is then larger than it need be, never wrong.
            _ => at += 1,
        }
    }
    kept
}
