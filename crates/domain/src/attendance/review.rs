//! Which punches a person must look at before they count (rules 7 and 15), told when they come in.

use crate::attendance::Terms;
use crate::attendance::presence::is_after_close;
use crate::attendance::roll::Punch;
use crate::attendance::verdict::Reason;

/// Why the punch does not count by itself; none where it does. `Terms::now` is not asked: what a punch is does not
/// depend on who looks when.
pub fn doubt_of(punch: &Punch, terms: &Terms) -> Option<Reason> {
    let day = punch.at.day();
    if punch.off_s() > terms.rules.on(day).drift_corrected_s {
        return Some(Reason::ClockDrift);
    }
    if is_after_close(punch.received.unwrap_or(punch.at), day, terms) {
        return Some(Reason::AfterClose);
    }
    punch.doubt.map(Reason::from)
}
