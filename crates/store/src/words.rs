//! Words under destroyable keys: each thing (a problem, a reporter) has its own AES-256-GCM key, sealed with the master
//! key. Events carry only sealed words, so that erasing somebody's words never rewrites the chain.

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::vals;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use std::sync::Arc;

/// The key that seals all others; it lives in a file of its own, never in the database nor in a backup.
#[derive(Clone)]
pub struct MasterKey {
    key: Arc<LessSafeKey>,
    /// For digests by which something sealed is found again.
    lookup: Arc<hmac::Key>,
    fingerprint: String,
}

impl MasterKey {
    pub fn from_bytes(bytes: [u8; 32]) -> MasterKey {
        let root = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
        let lookup = hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&root, b"lookup").as_ref());
        let fingerprint = hex(&digest(&SHA256, &bytes).as_ref()[..8]);
        MasterKey { fingerprint, key: Arc::new(aead(&bytes)), lookup: Arc::new(lookup) }
    }

    pub fn generate() -> Result<(MasterKey, [u8; 32])> {
        let bytes = random::<32>()?;
        Ok((MasterKey::from_bytes(bytes), bytes))
    }

    /// Eight bytes of its digest, to tell in words that a wrong key was given.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// By which a sealed text is found again. Without the key nobody can try texts out, however few there are.
    pub fn lookup(&self, text: &str) -> String {
        hex(hmac::sign(&self.lookup, text.as_bytes()).as_ref())
    }

    fn seal_key(&self, thing: &str, bytes: &[u8; 32]) -> Result<String> {
        seal(&self.key, thing, bytes)
    }

    fn open_key(&self, thing: &str, sealed: &str) -> Result<LessSafeKey> {
        let bytes = open(&self.key, thing, sealed)?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| bad_words(thing))?;
        Ok(aead(&bytes))
    }
}

pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0u8; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Error::Database("the system gave no random bytes".into()))?;
    Ok(bytes)
}

pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub fn sha256(parts: &[&[u8]]) -> String {
    let mut context = ring::digest::Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    hex(context.finish().as_ref())
}

/// HMAC-SHA-256 of a text under a secret that is itself a text.
pub fn keyed(secret: &str, text: &str) -> String {
    hex(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), text.as_bytes()).as_ref())
}

/// Of everything that can be read there.
pub fn sha256_of(mut from: impl std::io::Read) -> std::io::Result<String> {
    let mut context = ring::digest::Context::new(&SHA256);
    let mut piece = vec![0; 64 << 10];
    loop {
        match from.read(&mut piece)? {
            0 => return Ok(hex(context.finish().as_ref())),
            count => context.update(&piece[..count]),
        }
    }
}

/// `ring` keys of 32 bytes are always well formed.
fn aead(bytes: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes).expect("32 bytes are a key of AES-256"))
}

fn bad_words(thing: &str) -> Error {
    Error::Database(format!(
        "the words of {thing} cannot be read with this key: they were changed, or the key is another"
    ))
}

fn seal(key: &LessSafeKey, thing: &str, plain: &[u8]) -> Result<String> {
    let nonce = random::<NONCE_LEN>()?;
    let mut bytes = plain.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(thing.as_bytes()), &mut bytes)
        .map_err(|_| bad_words(thing))?;
    Ok(BASE64.encode([&nonce[..], &bytes].concat()))
}

fn open(key: &LessSafeKey, thing: &str, sealed: &str) -> Result<Vec<u8>> {
    let bytes = BASE64.decode(sealed).map_err(|_| bad_words(thing))?;
    let (nonce, bytes) = bytes.split_at_checked(NONCE_LEN).ok_or_else(|| bad_words(thing))?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| bad_words(thing))?;
    let mut bytes = bytes.to_vec();
    let plain = key.open_in_place(nonce, Aad::from(thing.as_bytes()), &mut bytes).map_err(|_| bad_words(thing))?;
    Ok(plain.to_vec())
}

/// The key of one thing, opened once and used for all its words.
pub struct ThingKey {
    thing: String,
    key: LessSafeKey,
}

impl ThingKey {
    pub fn seal(&self, words: &str) -> Result<String> {
        seal(&self.key, &self.thing, words.as_bytes())
    }

    pub fn open(&self, sealed: &str) -> Result<String> {
        String::from_utf8(open(&self.key, &self.thing, sealed)?).map_err(|_| bad_words(&self.thing))
    }
}

/// The key of `thing`, if it has one that was not destroyed.
pub fn find_key(tx: &mut dyn Tx, master: &MasterKey, thing: &str) -> Result<Option<ThingKey>> {
    let row = tx.query_opt("select sealed from word_key where thing = $1", &vals![thing])?;
    let Some(row) = row else { return Ok(None) };
    match row.text(0)? {
        "" => Ok(None),
        sealed => Ok(Some(ThingKey { thing: thing.into(), key: master.open_key(thing, sealed)? })),
    }
}

/// The key of `thing`, made at its first words. After destruction no new one is made: erased stays erased.
pub fn key_for_writing(tx: &mut dyn Tx, master: &MasterKey, thing: &str) -> Result<ThingKey> {
    if let Some(key) = find_key(tx, master, thing)? {
        return Ok(key);
    }
    let bytes = random::<32>()?;
    let sealed = master.seal_key(thing, &bytes)?;
    let made = tx.exec(
        "insert into word_key (thing, sealed) values ($1, $2) on conflict (thing) do nothing",
        &vals![thing, sealed],
    )?;
    if made == 0 {
        // Another server made it first, or it was destroyed.
        return find_key(tx, master, thing)?
            .ok_or_else(|| Error::Constraint(format!("the words of {thing} were erased")));
    }
    Ok(ThingKey { thing: thing.into(), key: aead(&bytes) })
}

/// Words sealed under the key are gone for ever; whoever verifies the chain sees no difference.
pub fn destroy_key(tx: &mut dyn Tx, thing: &str) -> Result<()> {
    tx.exec(
        "insert into word_key (thing, sealed) values ($1, '') on conflict (thing) do update set sealed = ''",
        &vals![thing],
    )?;
    Ok(())
}
