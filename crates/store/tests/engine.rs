//! What both engines promise: what is answered is saved, what fails is undone alone, and errors have the same names.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use store::{Db, Engine, Error, Result, Row, Tx, Val, vals};
use testkit::{on_both, on_both_async};

/// Named so that it meets no table of the real schema, which is there too.
const SCHEMA: &str = "
    create table probe (id text primary key, name text not null, parent text references probe (id),
                       rank smallint, load double precision, at bigint,
                       check (rank in (0, 1, 2)), unique (parent, name));
    create unique index probe_lower_name on probe (lower(name), rank);";
const ADD: &str = "insert into probe (id, name, parent, rank, load, at) values ($1, $2, $3, $4, $5, $6)";
const COUNT: &str = "select count(*) from probe";

fn with_schema(db: &Db) {
    db.write_blocking(|tx| tx.batch(SCHEMA)).unwrap();
}

fn add(tx: &mut dyn Tx, id: &str, name: &str) -> Result<u64> {
    tx.exec(ADD, &vals![id, name, None::<&str>, 1, 0.5, 1_523_865_600_000_i64])
}

fn one(db: &Db, sql: &'static str) -> Row {
    db.read_blocking(move |tx| tx.query_one(sql, &[])).unwrap()
}

on_both!(every_kind_of_value_comes_back_as_it_went_in, |db| {
    with_schema(&db);
    let rows = [
        vals!["a", "杭州市余杭区 走访组", None::<&str>, 0, 0.1, i64::MIN],
        vals!["b", "𠮷野家 😀 𬱖", "a", 2, -1e300, i64::MAX],
        vals!["c", "'; drop table probe; -- $1 ?1", "a", Val::Null, Val::Null, Val::Null],
    ];
    for row in rows.clone() {
        assert_eq!(db.write_blocking(move |tx| tx.exec(ADD, &row)), Ok(1));
    }
    let sql = "select id, name, parent, rank, load, at from probe order by id";
    let found = db.read_blocking(|tx| tx.query(sql, &[])).unwrap();
    assert_eq!(found.iter().map(Row::values).collect::<Vec<_>>(), rows.iter().map(|r| &r[..]).collect::<Vec<_>>());
    let first = &found[0];
    assert_eq!((first.text(0), first.opt_text(2), first.int(3), first.real(4)), (Ok("a"), Ok(None), Ok(0), Ok(0.1)));
    assert_eq!((found[2].opt_int(5), found[2].opt_real(4), first.flag(3)), (Ok(None), Ok(None), Ok(false)));
});

on_both!(a_whole_number_fits_a_column_of_fractions, |db| {
    with_schema(&db);
    db.write_blocking(|tx| tx.exec("insert into probe (id, name, load) values ('a', 'a', $1)", &vals![7])).unwrap();
    assert_eq!(one(&db, "select load from probe").real(0), Ok(7.0));
});

on_both!(parameters_go_by_their_number_in_any_order_and_repeated, |db| {
    with_schema(&db);
    let sql = "insert into probe (name, id, load, at) values ($2, $1, $3, $4)";
    db.write_blocking(move |tx| tx.exec(sql, &vals!["id", "name", 1.5, 7])).unwrap();
    let sql = "select id from probe where name = $2 and (id = $1 or lower(name) = $2) and id = $1";
    let read = |params: Vec<Val>| db.read_blocking(move |tx| tx.query(sql, &params));
    assert_eq!(read(vals!["id", "name"].into()).unwrap().len(), 1);
    assert_eq!(read(vals!["name", "id"].into()).unwrap().len(), 0);
    assert!(matches!(read(vals!["id"].into()), Err(Error::Database(text)) if text.contains("2 parameters")));
    assert!(matches!(read(vals!["id", "name", 3].into()), Err(Error::Database(text)) if text.contains("3 values")));
});

on_both!(a_wrong_type_is_an_error_that_names_the_column, |db| {
    with_schema(&db);
    db.write_blocking(|tx| add(tx, "a", "甲")).unwrap();
    let row = one(&db, "select id, rank, parent from probe");
    for wrong in [row.int(0).map(drop), row.text(1).map(drop), row.text(2).map(drop), row.int(3).map(drop)] {
        assert!(matches!(&wrong, Err(Error::Database(text)) if text.contains("from probe")), "{wrong:?}");
    }
    assert!(matches!(row.int(0), Err(Error::Database(text)) if text.contains("column 0")));
});

on_both!(what_only_one_engine_could_hold_is_refused, |db| {
    with_schema(&db);
    assert!(matches!(db.write_blocking(|tx| add(tx, "a", "a\0b")), Err(Error::Constraint(_))));
    let nan = |tx: &mut dyn Tx| tx.exec("update probe set load = $1", &vals![f64::NAN]);
    assert!(matches!(db.write_blocking(nan), Err(Error::Constraint(_))));
});

on_both!(a_command_that_fails_leaves_nothing_behind, |db| {
    with_schema(&db);
    let result: Result<()> = db.write_blocking(|tx| {
        add(tx, "a", "甲")?;
        Err(Error::Conflict)
    });
    assert_eq!(result, Err(Error::Conflict));
    assert_eq!(one(&db, COUNT).int(0), Ok(0));
});

on_both!(a_failed_statement_fails_the_command_even_when_it_is_hidden, |db| {
    with_schema(&db);
    let result = db.write_blocking(|tx| {
        add(tx, "a", "甲")?;
        let _ = add(tx, "a", "乙");
        let next = add(tx, "b", "丙");
        assert!(matches!(next, Err(Error::Unique { .. })), "{next:?}");
        Ok::<_, Error>(())
    });
    assert_eq!(result, Err(Error::Unique { constraint: "probe(id)".into() }));
    assert_eq!(one(&db, COUNT).int(0), Ok(0));
});

on_both!(constraints_have_the_same_names_on_both_engines, |db| {
    with_schema(&db);
    db.write_blocking(|tx| {
        add(tx, "root", "根")?;
        tx.exec(ADD, &vals!["a", "甲", "root", 1, 0.5, 1])
    })
    .unwrap();
    let refused = |params: Vec<Val>| db.write_blocking(move |tx| tx.exec(ADD, &params)).unwrap_err();
    let unique = |name: &str| Error::Unique { constraint: name.into() };
    assert_eq!(refused(vals!["a", "乙", "root", 1, 0.5, 1].into()), unique("probe(id)"));
    assert_eq!(refused(vals!["b", "甲", "root", 2, 0.5, 1].into()), unique("probe(parent, name)"));
    assert_eq!(refused(vals!["b", "甲", "a", 1, 0.5, 1].into()), unique("probe_lower_name"));
    assert!(matches!(refused(vals!["b", "乙", "nobody", 1, 0.5, 1].into()), Error::Constraint(_)));
    assert!(matches!(refused(vals!["b", Val::Null, "a", 1, 0.5, 1].into()), Error::Constraint(_)));
    assert!(matches!(refused(vals!["b", "乙", "a", 9, 0.5, 1].into()), Error::Constraint(_)));
    let delete = db.write_blocking(|tx| tx.exec("delete from probe where id = 'root'", &[]));
    assert!(matches!(delete, Err(Error::Constraint(_))));
});

on_both!(a_guarded_update_tells_who_was_first, |db| {
    with_schema(&db);
    db.write_blocking(|tx| add(tx, "a", "甲")).unwrap();
    let sql = "update probe set rank = $2 where id = $1 and rank = $3";
    let claim = move |tx: &mut dyn Tx| tx.exec(sql, &vals!["a", 2, 1]);
    assert_eq!(db.write_blocking(claim), Ok(1));
    assert_eq!(db.write_blocking(claim), Ok(0));
});

on_both!(rows_can_be_asked_for_one_by_one, |db| {
    with_schema(&db);
    assert_eq!(db.read_blocking(|tx| tx.query_opt("select id from probe", &[])), Ok(None));
    assert_eq!(db.read_blocking(|tx| tx.query_one("select id from probe", &[])), Err(Error::NotFound));
    let sql = "insert into probe (id, name) values ($1, $2) on conflict (id) do update set name = $2 returning name";
    let upsert = |name: &'static str| db.write_blocking(move |tx| tx.query_one(sql, &vals!["a", name])?.string(0));
    assert_eq!((upsert("甲").unwrap(), upsert("乙").unwrap()), ("甲".into(), "乙".into()));
});

on_both!(a_read_may_change_nothing, |db| {
    with_schema(&db);
    let result = db.read_blocking(|tx| add(tx, "a", "甲"));
    assert!(matches!(&result, Err(Error::Database(text)) if text.contains("read")), "{result:?}");
    assert_eq!(one(&db, COUNT).int(0), Ok(0));
});

on_both!(a_read_keeps_to_one_snapshot, |db| {
    with_schema(&db);
    let writer = db.clone();
    let counts = db.read_blocking(move |tx| {
        let before = tx.query_one(COUNT, &[])?.int(0)?;
        writer.write_blocking(|tx| add(tx, "a", "甲"))?;
        Ok::<_, Error>((before, tx.query_one(COUNT, &[])?.int(0)?))
    });
    assert_eq!(counts, Ok((0, 0)));
    assert_eq!(one(&db, COUNT).int(0), Ok(1));
});

on_both!(callers_may_use_an_error_of_their_own, |db| {
    #[derive(Debug, PartialEq)]
    enum Web {
        Store(Error),
        Teapot,
    }
    impl From<Error> for Web {
        fn from(error: Error) -> Web {
            Web::Store(error)
        }
    }
    with_schema(&db);
    let teapot = db.write_blocking(|tx| add(tx, "a", "甲").map_err(Web::from).and(Err::<(), _>(Web::Teapot)));
    assert_eq!(teapot, Err(Web::Teapot));
    let nothing = db.read_blocking(|tx| Ok::<_, Web>(tx.query_one("select id from probe", &[])?.string(0)?));
    assert_eq!(nothing, Err(Web::Store(Error::NotFound)));
    assert_eq!(db.write_blocking(|_| panic!("on purpose")), Err::<(), _>(Web::Store(Error::Panicked)));
});

on_both_async!(of_many_writers_at_once_only_the_failing_fail, |db| {
    db.write(|tx| tx.batch(SCHEMA)).await.unwrap();
    let write = |number: usize| {
        let db = db.clone();
        async move {
            let result: Result<()> = db
                .write(move |tx| {
                    add(tx, &format!("{number:03}"), &format!("单位{number}"))?;
                    match number % 8 {
                        3 => Err(Error::Conflict),
                        5 => panic!("on purpose"),
                        6 => add(tx, &format!("{number:03}"), "twice").map(drop),
                        _ => Ok(()),
                    }
                })
                .await;
            let seen =
                db.read(move |tx| tx.query("select id from probe where id = $1", &vals![format!("{number:03}")]));
            (number, result, seen.await.unwrap().len())
        }
    };
    let tasks: Vec<_> = (0..320).map(|number| tokio::spawn(write(number))).collect();
    for task in tasks {
        let (number, result, seen) = task.await.unwrap();
        let expected = match number % 8 {
            3 => Err(Error::Conflict),
            5 => Err(Error::Panicked),
            6 => Err(Error::Unique { constraint: "probe(id)".into() }),
            _ => Ok(()),
        };
        assert_eq!(result, expected, "{number}");
        assert_eq!(seen, usize::from(result.is_ok()), "a read after the answer sees what was written: {number}");
    }
    let count = db.read(|tx| tx.query_one(COUNT, &[])?.int(0)).await;
    assert_eq!(count, Ok(200));
});

on_both!(the_engine_is_the_one_of_the_place, |db| {
    assert_eq!(db.read_blocking(|tx| Ok::<_, Error>(tx.engine())), Ok(db.engine()));
    assert!([Engine::Sqlite, Engine::Postgres].contains(&db.engine()));
});
