//! Passwords: Argon2id, always off the async threads, never more than two at once.

use crate::app::App;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// A hash that no password has: compared with when the login does not exist, so that both take the same time.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Blocking; some 20 ms of one core. PHC string with the OWASP parameters (19 MiB, 2 passes).
pub fn hash(password: &str) -> Result<String, store::Error> {
    let salt = store::words::random::<16>()?;
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| store::Error::Database(format!("the password could not be hashed: {error}")))
}

fn verify(password: &str, phc: &str) -> bool {
    let phc = if phc.is_empty() { NOBODY } else { phc };
    PasswordHash::new(phc).is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

async fn off_thread<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, store::Error> {
    // Who waits longer is told to come again: a flood of guesses must not queue up without end.
    let turn = tokio::time::timeout(std::time::Duration::from_secs(5), app.hashing.acquire()).await;
    let _turn = turn.map_err(|_| store::Error::Busy)?.map_err(|_| store::Error::Busy)?;
    tokio::task::spawn_blocking(work).await.map_err(|_| store::Error::Panicked)
}

pub async fn hash_async(app: &App, password: String) -> Result<String, store::Error> {
    off_thread(app, move || hash(&password)).await?
}

pub async fn verify_async(app: &App, password: String, phc: String) -> Result<bool, store::Error> {
    off_thread(app, move || verify(&password, &phc)).await
}

/// What a new password must be; a length that a phrase has says more than rules about signs (NIST SP 800-63B).
pub fn is_acceptable(password: &str, login: &str) -> bool {
    let length = password.chars().count();
    (10..=128).contains(&length) && !password.to_lowercase().contains(&login.to_lowercase())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_hash_fits_its_password_only() {
        let phc = super::hash("正确的密码 horse").unwrap();
        assert!(phc.starts_with("$argon2id$"));
        assert!(super::verify("正确的密码 horse", &phc));
        assert!(!super::verify("错误的密码 horse", &phc));
        assert!(!super::verify("", ""));
    }
}
