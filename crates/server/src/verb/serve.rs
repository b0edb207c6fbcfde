//! `serve`: opens the house and answers until it is told to stop.

use crate::house::{At, House};
use crate::net::{listen, tls};
use crate::now::now;
use crate::said::no;
use domain::time::Millis;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use web::{App, Config};

#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// 监听地址 Address to listen on
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// TLS证书和私钥（PEM） Certificate with chain, and key
    #[arg(long, num_args = 2, value_names = ["CERT", "KEY"], conflicts_with = "tls_self_signed")]
    pub tls: Option<Vec<PathBuf>>,
    /// 用自签证书，保存在 DIR/tls；手机拍照和离线使用需要TLS
    /// A certificate of our own making, kept in DIR/tls
    #[arg(long, verbatim_doc_comment)]
    pub tls_self_signed: bool,
    /// 写入自签证书的其他域名或地址，可重复 Further names in that certificate
    #[arg(long, value_name = "NAME", requires = "tls_self_signed")]
    pub tls_name: Vec<String>,
    /// 可信的反向代理（须由它提供HTTPS），可重复 Reverse proxies, speaking HTTPS, whose headers are believed
    #[arg(long, value_name = "IP")]
    pub trusted_proxy: Vec<IpAddr>,
    /// 多少分钟不操作即退出登录 A session that rests so long has ended
    #[arg(long, value_name = "MINUTES", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=1440))]
    pub idle_minutes: u16,
}

pub fn run(at: &At, args: &Args) -> anyhow::Result<()> {
    let runtime = runtime()?;
    // Bound before the house is opened: an address in use is told at once, and who comes early waits.
    let listener = runtime.block_on(async { listen::bind(args.listen) })?;
    let house = House::open(at, now())?;
    runtime.block_on(answer(listener, house, args))
}

pub fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    let built = tokio::runtime::Builder::new_multi_thread().thread_name("zoufang").enable_all().build();
    built.map_err(|error| no("无法启动运行线程。", format!("The runtime could not be started: {error}.")))
}

pub async fn answer(listener: tokio::net::TcpListener, house: House, args: &Args) -> anyhow::Result<()> {
    let pair = pair(&house.at, args, now())?;
    let mut config = Config::new(Arc::new(now));
    config.secure_cookies = pair.is_some() || !args.trusted_proxy.is_empty();
    config.trusted_proxies = args.trusted_proxy.clone();
    config.idle_ms = i64::from(args.idle_minutes) * 60_000;
    if !config.secure_cookies && !args.listen.ip().is_loopback() {
        tracing::warn!(listen = %args.listen, "listening without TLS: passwords travel in the clear; use --tls, --tls-self-signed or a proxy");
    }
    let House { db, files, terms, .. } = house;
    let app = App::new(db, files, terms, config);
    listen::serve(listener, app, pair).await
}

fn pair(at: &At, args: &Args, now: Millis) -> anyhow::Result<Option<tls::Pair>> {
    if args.tls_self_signed {
        return tls::self_signed(&at.data.join("tls"), args.listen.ip(), &args.tls_name, now).map(Some);
    }
    Ok(args.tls.as_ref().and_then(|files| match files.as_slice() {
        [cert, key] => Some(tls::Pair { cert: cert.clone(), key: key.clone() }),
        _ => None,
    }))
}
