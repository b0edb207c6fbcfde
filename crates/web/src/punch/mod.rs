//! Punching 打卡 without a face: the code of the site's screen, the identity card, an attestation; and looking at doubtful ones.

pub mod attest;
pub mod code;
pub mod json;
mod qr;
pub mod review;
mod review_page;
pub mod scan;
pub mod screen;

use crate::app::App;
use crate::error::Error;
use std::sync::Arc;
use store::site::Site;

/// The site with this number and the secret behind the codes of its screen, whoever asks; none where there is no such
/// site. What is shown of it hangs on a code or token that only the secret makes.
async fn secret_of(app: &Arc<App>, no: &str) -> Result<Option<(Site, String)>, Error> {
    let Ok(no) = no.parse::<i64>() else { return Ok(None) };
    let master = app.terms().master;
    let found = app.db.read(move |tx| {
        let Some(site) = store::site::find_by_no(tx, no)? else { return Ok(None) };
        let secret = store::site::secret(tx, &master, site.id)?;
        Ok::<_, store::Error>(secret.map(|secret| (site, secret)))
    });
    Ok(found.await?)
}
