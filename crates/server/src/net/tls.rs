//! TLS by the program itself: a certificate that is given, or one of our own making kept in the data folder.

use crate::said::{self, no};
use axum_server::tls_rustls::RustlsConfig;
use domain::time::Millis;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::fs;
use std::io::Write;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Phones trust a certificate for 825 days at most; it is made anew a month before its end.
const VALID_DAYS: i64 = 820;
const RENEW_AFTER: Duration = Duration::from_secs(790 * 86_400);

/// Where a certificate and its key stand.
pub struct Pair {
    pub cert: PathBuf,
    pub key: PathBuf,
}

pub fn config(pair: &Pair) -> anyhow::Result<RustlsConfig> {
    let bad = |file: &Path, en: String| {
        let file = file.display();
        no(
            format!("{file} 不能用作TLS证书或私钥。请给出PEM格式的证书（含中间证书）和未加密的私钥。"),
            format!(
                "{file} cannot be used for TLS: {en}. Give a certificate with its chain and an unencrypted key, both PEM."
            ),
        )
    };
    let certs = CertificateDer::pem_file_iter(&pair.cert)
        .and_then(|certs| certs.collect::<Result<Vec<_>, _>>())
        .map_err(|error| bad(&pair.cert, error.to_string()))?;
    let key = PrivateKeyDer::from_pem_file(&pair.key).map_err(|error| bad(&pair.key, error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(certs, key));
    let mut config = config.map_err(|error| bad(&pair.cert, error.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}

/// The pair in `folder`, made when missing or nearly over.
pub fn self_signed(folder: &Path, listen: IpAddr, names: &[String], now: Millis) -> anyhow::Result<Pair> {
    let pair = Pair { cert: folder.join("cert.pem"), key: folder.join("key.pem") };
    if pair.key.exists() && is_young(&pair.cert, now) {
        return Ok(pair);
    }
    let failed = |error: rcgen::Error| no("自签证书没有做成。", format!("The certificate could not be made: {error}."));
    let mut all = vec!["localhost".to_owned(), "127.0.0.1".into(), "::1".into()];
    all.extend((!listen.is_unspecified()).then(|| listen.to_string()));
    all.extend(
        fs::read_to_string("/etc/hostname").ok().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()),
    );
    all.extend(names.iter().cloned());
    all.sort();
    all.dedup();
    let mut params = rcgen::CertificateParams::new(all).map_err(failed)?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(rcgen::DnType::CommonName, "Zoufang");
    let date = |days: i64| {
        let day = now.day().plus(days);
        rcgen::date_time_ymd(i32::from(day.year()), day.month().unsigned_abs(), day.day_of_month().unsigned_abs())
    };
    (params.not_before, params.not_after) = (date(-1), date(VALID_DAYS));
    let key = rcgen::KeyPair::generate().map_err(failed)?;
    let cert = params.self_signed(&key).map_err(failed)?;
    crate::folder::prepare(folder)?;
    write_private(&pair.key, &key.serialize_pem())?;
    write_private(&pair.cert, &cert.pem())?;
    Ok(pair)
}

fn is_young(cert: &Path, now: Millis) -> bool {
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(now.0.unsigned_abs());
    let made = fs::metadata(cert).and_then(|meta| meta.modified());
    made.is_ok_and(|made| now.duration_since(made).unwrap_or_default() < RENEW_AFTER)
}

fn write_private(file: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| said::io("写入证书", "Writing the certificate", file, &error))
}
