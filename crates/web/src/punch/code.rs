//! The codes of a site's screen: each good for thirty seconds at this site alone, so that a photographed one is too late.

use domain::time::Millis;
use store::words::keyed;

/// How long one code is shown.
pub const SLOT_MS: i64 = 30_000;
/// How long after its time a code is still taken: whoever scanned it in its last second needs a moment to arrive.
const LATE_MS: i64 = 5_000;
/// How long the page that a scan opened may wait for the tap.
const TICKET_MS: i64 = 120_000;
/// Hexadecimal digits: 64 bits cannot be tried out within a slot.
const DIGITS: usize = 16;

fn cut(text: String) -> String {
    text.chars().take(DIGITS).collect()
}

/// Under which the screen of a site is found without signing in.
pub fn screen(secret: &str) -> String {
    keyed(secret, "screen").chars().take(32).collect()
}

/// Whether a text is the one it should be, in a time that does not tell how much of it is.
pub fn is_same(given: &str, wanted: &str) -> bool {
    let (given, wanted) = (given.as_bytes(), wanted.as_bytes());
    given.len() == wanted.len() && given.iter().zip(wanted).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// The code of this moment.
pub fn make(secret: &str, now: Millis) -> String {
    of_slot(secret, now.0.div_euclid(SLOT_MS))
}

/// How long it is still good.
pub fn left_ms(now: Millis) -> i64 {
    SLOT_MS - now.0.rem_euclid(SLOT_MS)
}

fn of_slot(secret: &str, slot: i64) -> String {
    format!("{slot}-{}", cut(keyed(secret, &format!("code:{slot}"))))
}

/// Why a code is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Of this site, but its time is over: photographed, or the page was opened again.
    Late,
    /// Not of this site, or no code at all.
    Unknown,
}

pub fn check(secret: &str, code: &str, now: Millis) -> Result<(), Wrong> {
    let slot: i64 = code.split_once('-').and_then(|it| it.0.parse().ok()).ok_or(Wrong::Unknown)?;
    if !is_same(code, &of_slot(secret, slot)) {
        return Err(Wrong::Unknown);
    }
    let begin = slot.saturating_mul(SLOT_MS);
    let is_now = begin <= now.0 && now.0 < begin.saturating_add(SLOT_MS + LATE_MS);
    if is_now { Ok(()) } else { Err(Wrong::Late) }
}

/// What the page of a scan hands back: when it was scanned and by whom, so that a tap a minute later still tells the
/// moment of the scan, and nobody else can use it.
pub fn ticket(secret: &str, person: &str, now: Millis) -> String {
    format!("{}-{}", now.0, cut(keyed(secret, &format!("ticket:{person}:{}", now.0))))
}

/// The moment of the scan.
pub fn redeem(secret: &str, person: &str, ticket: &str, now: Millis) -> Result<Millis, Wrong> {
    let at: i64 = ticket.split_once('-').and_then(|it| it.0.parse().ok()).ok_or(Wrong::Unknown)?;
    let wanted = self::ticket(secret, person, Millis(at));
    if !is_same(ticket, &wanted) {
        return Err(Wrong::Unknown);
    }
    if at <= now.0 && now.0 <= at.saturating_add(TICKET_MS) { Ok(Millis(at)) } else { Err(Wrong::Late) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_527_033_600_000);

    #[test]
    fn a_code_is_good_for_its_half_minute_at_its_site_alone() {
        let code = make("secret of one", NOW);
        assert_eq!(check("secret of one", &code, NOW.plus(29_999)), Ok(()));
        assert_eq!(check("secret of one", &code, NOW.plus(36_000)), Err(Wrong::Late));
        assert_eq!(check("secret of one", &code, NOW.plus(-1)), Err(Wrong::Late), "nobody knows it before its time");
        assert_eq!(check("secret of another", &code, NOW), Err(Wrong::Unknown));
        for text in ["", "-", "x-y", "50901120", "9223372036854775807-0000000000000000"] {
            assert_eq!(check("secret of one", text, NOW), Err(Wrong::Unknown), "{text}");
        }
    }

    #[test]
    fn a_ticket_is_its_persons_and_not_for_ever() {
        let it = ticket("secret", "li", NOW);
        assert_eq!(redeem("secret", "li", &it, NOW.plus(60_000)), Ok(NOW));
        assert_eq!(redeem("secret", "wu", &it, NOW), Err(Wrong::Unknown));
        assert_eq!(redeem("secret", "li", &it, NOW.plus(121_000)), Err(Wrong::Late));
    }
}
