//! What a browser sends from the form of a record: fields, and photos where there are some. Text is kept whatever
//! happens to the files.

use crate::error::Error;
use crate::form;
use crate::ui::field::Typed;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::header;
use domain::fault::Fault;
use store::sniff;

/// All words of one form.
const TEXT: usize = 1 << 20;

/// A file, and the field in which it was chosen.
pub struct File {
    pub field: String,
    pub name: String,
    pub bytes: Vec<u8>,
}

#[derive(Default)]
pub struct Sent {
    pub typed: Typed,
    pub files: Vec<File>,
    /// Files that could not be taken.
    pub faults: Vec<Fault>,
}

/// Files are read only where somebody is signed in whom they could belong to; otherwise they pass by.
pub async fn read(request: Request, with_files: bool) -> Result<Sent, Error> {
    let media = request.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    if media.starts_with("multipart/form-data") {
        return parts(request, with_files).await;
    }
    let body = axum::body::to_bytes(request.into_body(), TEXT).await.map_err(|_| Error::TooLarge)?;
    Ok(Sent { typed: form::fields(&body), ..Sent::default() })
}

async fn parts(mut request: Request, with_files: bool) -> Result<Sent, Error> {
    DefaultBodyLimit::max(5 * sniff::LARGEST).apply(&mut request);
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Error::TooLarge)?;
    let (mut sent, mut words, mut bytes) = (Sent::default(), 0, 0);
    while let Some(mut part) = parts.next_field().await.map_err(|_| Error::TooLarge)? {
        let field = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let mut content: Vec<u8> = Vec::new();
        let mut whole = true;
        while let Some(chunk) = part.chunk().await.map_err(|_| Error::TooLarge)? {
            match file {
                None if words + chunk.len() > TEXT => return Err(Error::TooLarge),
                None => words += chunk.len(),
                Some(_) => bytes += chunk.len(),
            }
            // Of several large ones the first still come through.
            whole = file.is_none() || with_files && bytes <= sniff::LARGEST;
            if whole {
                content.extend_from_slice(&chunk);
            }
        }
        match file {
            None => {
                let text = String::from_utf8_lossy(&content).replace('\0', "\u{fffd}").replace("\r\n", "\n");
                sent.typed.0.push((field, text));
            }
            Some(_) if content.is_empty() && whole => {}
            Some(name) if whole => sent.files.push(File { field, name, bytes: content }),
            Some(name) if with_files => sent.faults.push(Fault::new(
                field,
                format!("照片“{name}”没有传上：一次最多传20 MB，请分几次传。"),
                format!("The photo {name} was not taken: at most 20 MB at once; send them in several turns."),
            )),
            Some(_) => {}
        }
    }
    Ok(sent)
}
