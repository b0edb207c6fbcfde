//! Looking before anything is written, and the rows that were not taken as a file; both off the serving threads.

use super::{Upload, gone, told};
use crate::app::App;
use crate::error::Error;
use intake::{Preview, Run, Ways};
use sheet::Writer;
use std::sync::Arc;

/// The first rows as the columns are read now: as chosen, or as the last table of this kind from this source was.
pub async fn look(app: &Arc<App>, upload: &Upload, ways: Option<Ways>) -> Result<(Preview, Ways), Error> {
    let bytes = app.files.drafts().get(&upload.sha256).await.map_err(|_| gone())?.to_vec();
    let (app, upload) = (app.clone(), upload.clone());
    blocking(move || {
        let (kind, source) = (upload.kind, upload.source.clone());
        let ways = match ways {
            Some(ways) => ways,
            None => {
                let kept = app.db.read_blocking(move |tx| store::import_run::find_map(tx, kind, &source))?;
                serde_json::from_str(&kept).unwrap_or_default()
            }
        };
        let reader = sheet::from_bytes(&upload.name, bytes).map_err(|error| told(error.into()))?;
        let preview = intake::preview(&app.db, reader, kind, &ways, &upload.source, app.now()).map_err(told)?;
        Ok((preview, ways))
    })
    .await
}

pub async fn rejects(app: &Arc<App>, run: Run) -> Result<Vec<u8>, Error> {
    let app = app.clone();
    blocking(move || {
        let sheet = |error: sheet::Error| told(error.into());
        let mut writer = Writer::in_memory(sheet::Kind::Csv, &intake::reject_heads(&run)).map_err(sheet)?;
        intake::write_rejects(&app.db, &run, &mut writer).map_err(told)?;
        writer.finish().map_err(sheet)
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(Error::Store(store::Error::Panicked)))
}
