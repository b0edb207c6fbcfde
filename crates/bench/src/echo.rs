//! The yardstick of HTTP: a bare axum that gives back the JSON it is sent, as a process of its own.

use anyhow::Result;
use axum::Json;
use axum::routing::post;
use serde_json::Value;
use std::process::Command;

/// What `bench echo` does; ended from outside.
pub fn run() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let router = axum::Router::new().route("/", post(|Json(body): Json<Value>| async { Json(body) }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("ready: http://{}", listener.local_addr()?);
        Ok(axum::serve(listener, router).await?)
    })
}

pub fn start() -> Result<crate::process::Server> {
    crate::process::Server::of(Command::new(std::env::current_exe()?).arg("echo"))
}
