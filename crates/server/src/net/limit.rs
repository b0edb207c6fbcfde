//! How many connections and open files this process may have.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Beyond this many more memory is of more use elsewhere; whoever comes then is turned away at once.
const MOST: u64 = 8_192;
/// For the database, attachments and the log.
const RESERVED: u64 = 256;

/// Raises the soft limit of open files to the hard one, as a shell's 1,024 would be gone with a morning's idle phones.
/// Answers how many connections that allows.
pub fn connections() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.unwrap_or(u64::MAX).min(MOST * 2);
    if current.is_some_and(|it| it < wanted) {
        // Refused or not: what holds afterwards is read below.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
    }
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let most = files.saturating_sub(RESERVED).clamp(64, MOST);
    usize::try_from(most).unwrap_or(64)
}
