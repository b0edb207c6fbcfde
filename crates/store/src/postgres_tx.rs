//! One PostgreSQL transaction: a synchronous face over the async client, and values to and from PostgreSQL's types.

use crate::command::Session;
use crate::db::{Engine, Kind, Tx};
use crate::error::{Error, Result};
use crate::row::{Row, Val};
use bytes::BytesMut;
use deadpool_postgres::ClientWrapper;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use tokio::runtime::Handle;
use tokio_postgres::Statement;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

type Failure = Box<dyn std::error::Error + Sync + Send>;

pub(crate) struct PostgresTx<'c> {
    handle: &'c Handle,
    client: &'c ClientWrapper,
    kind: Kind,
    begun: bool,
    failed: Option<Error>,
}

impl<'c> PostgresTx<'c> {
    pub fn new(handle: &'c Handle, client: &'c ClientWrapper, kind: Kind) -> PostgresTx<'c> {
        PostgresTx { handle, client, kind, begun: false, failed: None }
    }

    /// For migrations, which begin and commit by themselves.
    pub fn unmanaged(handle: &'c Handle, client: &'c ClientWrapper) -> PostgresTx<'c> {
        PostgresTx { handle, client, kind: Kind::Write, begun: true, failed: None }
    }

    pub fn end(&mut self, keep: bool) -> Result<()> {
        if !self.begun {
            return Ok(());
        }
        let (client, writes) = (self.client, self.kind == Kind::Write);
        self.handle.block_on(async {
            match (writes, keep) {
                (true, true) => Ok(client.batch_execute("commit").await?),
                (true, false) => Ok(client.batch_execute("rollback").await?),
                (false, _) => {
                    // Sent but not waited for: a read has its rows, and the connection keeps the order for whoever is next.
                    let mut end = pin!(client.batch_execute("rollback"));
                    poll_fn(|context| match end.as_mut().poll(context) {
                        Poll::Ready(Err(error)) => Poll::Ready(Err(error.into())),
                        _ => Poll::Ready(Ok(())),
                    })
                    .await
                }
            }
        })
    }

    /// Runs `work` with the statement prepared. The first one carries `begin` along instead of waiting for it.
    fn guarded<T>(
        &mut self,
        sql: &'static str,
        params: &[Val],
        work: impl AsyncFnOnce(&ClientWrapper, &Statement) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let client = self.client;
        let begin = match self.kind {
            _ if self.begun => None,
            Kind::Write => Some("begin"),
            Kind::Read => Some("begin isolation level repeatable read, read only"),
        };
        let result = Val::check_portable(params).and_then(|()| {
            self.handle.block_on(async {
                let statement = client.prepare_cached(sql).await?;
                if statement.params().len() != params.len() {
                    return Err(Error::wrong_params(sql, statement.params().len(), params.len()));
                }
                let Some(begin) = begin else { return Ok(work(client, &statement).await?) };
                self.begun = true;
                // In this order on the wire, since the first is polled first.
                let (begun, done) = tokio::join!(biased; client.batch_execute(begin), work(client, &statement));
                begun?;
                Ok(done?)
            })
        });
        result.inspect_err(|error| self.failed = Some(error.clone()))
    }
}

impl Session for PostgresTx<'_> {
    fn failure(&self) -> Option<&Error> {
        self.failed.as_ref()
    }
}

impl Tx for PostgresTx<'_> {
    fn exec(&mut self, sql: &'static str, params: &[Val]) -> Result<u64> {
        self.guarded(sql, params, async |client, statement| client.execute_raw(statement, params).await)
    }

    fn query(&mut self, sql: &'static str, params: &[Val]) -> Result<Vec<Row>> {
        let rows = self.guarded(sql, params, async |client, statement| {
            let params: Vec<_> = params.iter().map(|param| param as &(dyn ToSql + Sync)).collect();
            client.query(statement, &params).await
        })?;
        let read = rows.iter().map(|row| {
            let values = (0..row.len()).map(|column| Ok(row.try_get::<_, Val>(column)?)).collect::<Result<_>>()?;
            Ok(Row::new(values, sql))
        });
        read.collect::<Result<_>>().inspect_err(|error| self.failed = Some(error.clone()))
    }

    fn batch(&mut self, sql: &str) -> Result<()> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let result = self.handle.block_on(async {
            if !self.begun {
                self.begun = true;
                self.client.batch_execute("begin").await?;
            }
            Ok(self.client.batch_execute(sql).await?)
        });
        result.inspect_err(|error: &Error| self.failed = Some(error.clone()))
    }

    fn prepare(&mut self, sql: &str) -> Result<()> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let result = self.handle.block_on(async { Ok(self.client.prepare(sql).await.map(drop)?) });
        result.inspect_err(|error: &Error| self.failed = Some(error.clone()))
    }

    fn engine(&self) -> Engine {
        Engine::Postgres
    }
}

impl ToSql for Val {
    /// The server inferred the type from the statement; the value is written in it, or refused.
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        let misfit = || format!("a value does not fit the PostgreSQL type {ty}: {self:?}");
        match (self, ty) {
            (Val::Null, _) => Ok(IsNull::Yes),
            (Val::Int(value), &Type::INT8) => value.to_sql(ty, out),
            (Val::Int(value), &Type::INT4) => i32::try_from(*value).map_err(|_| misfit())?.to_sql(ty, out),
            (Val::Int(value), &Type::INT2) => i16::try_from(*value).map_err(|_| misfit())?.to_sql(ty, out),
            (Val::Int(value), &Type::FLOAT8) => (*value as f64).to_sql(ty, out),
            (Val::Int(value @ (0 | 1)), &Type::BOOL) => (*value == 1).to_sql(ty, out),
            (Val::Real(value), &Type::FLOAT8) => value.to_sql(ty, out),
            (Val::Text(value), _) if <&str as ToSql>::accepts(ty) => value.as_str().to_sql(ty, out),
            _ => Err(misfit().into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Val {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Val, Failure> {
        match *ty {
            Type::INT8 => i64::from_sql(ty, raw).map(Val::Int),
            Type::INT4 => i32::from_sql(ty, raw).map(Val::from),
            Type::INT2 => i16::from_sql(ty, raw).map(|value| Val::Int(value.into())),
            Type::BOOL => bool::from_sql(ty, raw).map(Val::from),
            Type::FLOAT8 => f64::from_sql(ty, raw).map(Val::Real),
            Type::FLOAT4 => f32::from_sql(ty, raw).map(|value| Val::Real(value.into())),
            Type::VOID => Ok(Val::Null),
            _ if <&str as FromSql>::accepts(ty) => <&str as FromSql>::from_sql(ty, raw).map(Val::from),
            // Mostly `numeric`, which sum() and avg() give.
            _ => {
                Err(format!("the type {ty} is not portable; write cast(… as bigint), double precision or text").into())
            }
        }
    }

    fn from_sql_null(_: &Type) -> Result<Val, Failure> {
        Ok(Val::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
