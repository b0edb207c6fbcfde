//! `demo`: a fresh house full of invented problems, and the server over it.

use super::serve;
use crate::demo::{self, cast::Account};
use crate::house::{At, House};
use crate::net::listen;
use crate::now::{now, pretend};
use crate::out::say;
use crate::said::{self, no};
use domain::calendar::Calendar;
use domain::time::Day;
use std::fs;
use std::net::SocketAddr;
use store::words::{hex, random};

const MORE: &str = "\
每次全新建立（默认在 ./zoufang-demo），数据均为虚构，不会碰正式数据。各岗位账号和密码打印在屏幕上。
Made anew each time, everything invented. Accounts and their password are printed.";

#[derive(Debug, clap::Args)]
#[command(after_help = MORE)]
pub struct Args {
    /// 监听地址 Address to listen on
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// 所有演示账号的密码；不给则每次随机生成 Password of all demo accounts; random when not given
    #[arg(long, env = "ZOUFANG_DEMO_PASSWORD", hide_env = true, hide_env_values = true)]
    pub password: Option<String>,
    /// 演示到这一天为止，服务器的日期也按这一天走，如 2018-05-25，也可写明时刻 "2018-05-25 14:30"；不给则到今天
    /// The day on which the story ends and that the server takes for today, with a time where it matters; today when not
    /// given
    #[arg(long, value_name = "DAY", verbatim_doc_comment)]
    pub as_of: Option<String>,
    /// 问题件数；少了就少造已销号的 How many problems; with fewer, fewer are closed
    #[arg(long, value_name = "NUMBER", hide = true, default_value_t = demo::PROBLEMS)]
    pub problems: usize,
    /// 只建数据，不启动服务 Make the data and stop
    #[arg(long)]
    pub no_serve: bool,
}

/// Stands in the folder of a demonstration, and nowhere else.
const MARK: &str = "zoufang-demo";

pub fn run(at: &At, args: &Args) -> anyhow::Result<()> {
    if at.database.is_some() {
        return Err(no(
            "演示只用内置数据库；请去掉 --database 和环境变量 ZOUFANG_DATABASE。",
            "The demonstration uses the built-in database only; leave out --database and ZOUFANG_DATABASE.",
        ));
    }
    if let Some(text) = &args.as_of {
        set_day(text)?;
    }
    let runtime = serve::runtime()?;
    let listener = match args.no_serve {
        true => None,
        false => Some(runtime.block_on(async { listen::bind(args.listen) })?),
    };
    // The key lies beside its database, whatever --key says: it goes with them.
    let at = At::new(&at.data);
    clear(&at)?;
    let now = now();
    let house = House::open(&at, now)?;
    let password = match &args.password {
        Some(password) => password.clone(),
        None => hex(&random::<5>().map_err(said::store("生成密码"))?),
    };
    let phc = web::password::hash(&password).map_err(said::store("设置密码"))?;
    let accounts = demo::fill(&house, phc, now, args.problems)?;
    if args.as_of.is_some() {
        let day = now.day();
        say(&format!(
            "演示到{day}为止，服务器的日期也按这一天走。 The story ends on {day}, and so runs the server's clock."
        ));
    }
    tell(&accounts, &password);
    let Some(listener) = listener else { return Ok(()) };
    runtime.block_on(serve::answer(listener, house, &plain(args.listen)))
}

/// On this machine only, without TLS.
fn plain(listen: SocketAddr) -> serve::Args {
    let (tls, tls_name, trusted_proxy) = (None, vec![], vec![]);
    serve::Args { listen, tls, tls_self_signed: false, tls_name, trusted_proxy, idle_minutes: 240 }
}

/// Takes the day for today, if the holidays around it are known: without them no clock of the story runs right.
fn set_day(text: &str) -> anyhow::Result<()> {
    let (bare, time) = text.split_once(' ').unwrap_or((text, ""));
    let minute = |time: &str| {
        let (hour, minute) = time.split_once(':')?;
        let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
        ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour * 60 + minute) * 60_000)
    };
    let ms = minute(time.trim());
    let Some(day) = Day::read(bare).filter(|_| time.is_empty() || ms.is_some()) else {
        return Err(no(
            format!("--as-of的日期“{text}”读不懂；请写成2018-05-25或2018-05-25 14:30的样子。"),
            format!("The day {text:?} of --as-of cannot be read; write it like 2018-05-25 or \"2018-05-25 14:30\"."),
        ));
    };
    let unknown = demo::unknown_years(day, &Calendar::shipped());
    if !unknown.is_empty() {
        let years: Vec<String> = unknown.iter().map(i16::to_string).collect();
        return Err(no(
            format!("演示到{day}为止要用到{}年的放假安排，本程序里没有；请换一天，如2018-05-25。", years.join("、")),
            format!(
                "A story that ends on {day} needs the holidays of {}, which this program does not know; choose another day, such as 2018-05-25.",
                years.join(", ")
            ),
        ));
    }
    pretend(day, ms);
    Ok(())
}

/// Removes the demonstration before, and refuses to remove anything else.
fn clear(at: &At) -> anyhow::Result<()> {
    let mark = at.data.join(MARK);
    let empty = !at.data.exists() || fs::read_dir(&at.data).is_ok_and(|mut entries| entries.next().is_none());
    if !empty && !mark.exists() {
        let data = at.data.display();
        return Err(no(
            format!("目录 {data} 里不是演示数据，没有动它。请用 --data 另指一个空目录。"),
            format!(
                "The folder {data} holds something that is no demonstration; it was left alone. Name an empty folder with --data."
            ),
        ));
    }
    if !empty {
        fs::remove_dir_all(&at.data)
            .map_err(|error| said::io("清除上次的演示", "Removing the demonstration before", &at.data, &error))?;
    }
    crate::folder::prepare(&at.data)?;
    fs::write(&mark, "本目录是演示数据，每次运行zoufang demo都会清空重建。\nA demonstration; each `zoufang demo` removes and makes it anew.\n")
        .map_err(|error| said::io("写入", "Writing", &mark, &error))
}

fn tell(accounts: &[Account], password: &str) {
    say("演示账号（密码都一样） Demonstration accounts, all with the same password:");
    say(&format!("{:<14}{:<16}{}", "login", "password", "姓名 岗位 role 单位"));
    for it in accounts.iter().filter(|it| it.main) {
        let (code, zh, _) = it.role.words();
        say(&format!("{:<14}{password:<16}{} {zh} {code} {}", it.login, it.name, it.unit));
    }
    let others: Vec<&str> = accounts.iter().filter(|it| !it.main).map(|it| it.login.as_str()).collect();
    say(&format!("其他单位的账号 Others: {}", others.join(" ")));
}
