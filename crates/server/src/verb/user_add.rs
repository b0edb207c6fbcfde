//! `user add`: an account with its roles; without a password it prints a link with which its holder sets one, once.

use super::unit_add::unknown;
use crate::house::{At, House};
use crate::now::now;
use crate::out::say;
use crate::said::{self, Said, no};
use domain::role::{Actor, Role};
use domain::time::DAY_MS;
use serde_json::{Value, json};
use std::io::BufRead;
use store::event::append_next;
use store::person::{self, NewPerson};
use store::session::{self, TokenDigest};
use store::terms::Failure;
use store::unit;
use store::words::{hex, random};

const LINK_DAYS: i64 = 3;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// 登录名，不得重复 Login, unique
    #[arg(long)]
    pub login: String,
    /// 姓名 Name
    #[arg(long)]
    pub name: String,
    /// 所在单位的名称 Name of the unit
    #[arg(long)]
    pub unit: String,
    /// 岗位，可重复：officer走访干部 clerk承办人 head单位负责人 office走访办 supervision督查室 leader领导
    /// enterprise企业 contractor施工单位 consultant监理单位 owner建设单位 site-staff现场管理人员 bureau建设局
    /// prosecutor检察官 sysadmin系统管理员 secadmin安全管理员 auditor审计员
    /// Roles, repeatable, by code or Chinese name
    #[arg(long, required = true, value_name = "ROLE", value_parser = role, verbatim_doc_comment)]
    pub role: Vec<Role>,
    /// 从标准输入读密码（一行）；不加则打印一次性链接，由本人设密码
    /// Read the password from standard input; without this a one-time link is printed
    #[arg(long, verbatim_doc_comment)]
    pub password_stdin: bool,
}

fn role(text: &str) -> Result<Role, String> {
    let all = || Role::ALL.map(|role| format!("{}{}", role.code(), role.words().1)).join(" ");
    Role::parse(text).ok_or_else(|| format!("没有这个岗位；可用 no such role, choose from: {}", all()))
}

pub fn run(at: &At, args: &Args) -> anyhow::Result<()> {
    check(args)?;
    let phc = match args.password_stdin {
        true => web::password::hash(&read_password(&args.login)?).map_err(said::store("设置密码"))?,
        false => String::new(),
    };
    let house = House::open(at, now())?;
    let token = hex(&random::<32>().map_err(said::store("生成链接"))?);
    let digest = phc.is_empty().then(|| TokenDigest::of(&token));
    let (login, name, unit_name, roles) =
        (args.login.trim().to_owned(), args.name.clone(), args.unit.clone(), args.role.clone());
    let (master, at) = (house.terms.master.clone(), now());
    let added = house.db.write_blocking(move |tx| {
        let Some(unit) = unit::find_by_name(tx, &unit_name)? else { return Ok::<_, Failure>(Err(unknown(&unit_name))) };
        if person::find_by_login(tx, &login)?.is_some() {
            return Ok(Err(Said {
                zh: format!("登录名“{login}”已经有人使用，没有新增。请换一个登录名。"),
                en: format!("The login \"{login}\" is taken; nothing was added. Choose another."),
            }));
        }
        let new =
            NewPerson { login: &login, name: &name, unit: unit.id, roles: &roles, reporter: None, password: &phc };
        let id = person::insert(tx, &new, at)?;
        let codes: Vec<&str> = roles.iter().map(|role| role.code()).collect();
        let data = json!({ "unit": unit.id.to_string(), "roles": codes });
        append_next(tx, &master, &id.to_string(), "person-added", None, data, at)?;
        if let Some(digest) = digest {
            session::make_link(tx, &Actor::System, id, &digest, at, LINK_DAYS * DAY_MS)?;
            append_next(tx, &master, &id.to_string(), "one-time-link-made", None, Value::Null, at)?;
        }
        Ok(Ok(()))
    });
    added.map_err(said::failure("新增账号"))??;
    say(&format!("已新增账号 {}。 added account {}", args.login.trim(), args.login.trim()));
    if !args.password_stdin {
        say(&format!("请本人在{LINK_DAYS}天内用这个链接设密码，只能用一次 one-time link, valid {LINK_DAYS} days:"));
        say(&format!("/first/{token}"));
    }
    Ok(())
}

fn check(args: &Args) -> anyhow::Result<()> {
    let login = args.login.trim();
    let bad_login =
        login.is_empty() || login.chars().count() > 100 || login.chars().any(|c| c.is_whitespace() || c.is_control());
    if bad_login {
        return Err(no("登录名须为1至100个字符，不含空格。", "A login has 1 to 100 characters and no spaces."));
    }
    if args.name.trim().is_empty() || args.name.chars().any(char::is_control) {
        return Err(no("姓名不能为空，也不能含控制字符。", "The name is neither empty nor holds control characters."));
    }
    if args.role.iter().filter(|role| role.is_administrator()).count() > 1 {
        return Err(no(
            "系统管理员、安全管理员、审计员三者须由不同的人担任，请分设账号。",
            "System administrator, security administrator and auditor must be different persons; make separate accounts.",
        ));
    }
    Ok(())
}

fn read_password(login: &str) -> anyhow::Result<String> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|error| no("没有从标准输入读到密码。", format!("No password came on standard input: {error}.")))?;
    let password = line.trim_end_matches(['\n', '\r']);
    if !web::password::is_acceptable(password, login) {
        return Err(no(
            "密码须为10至128个字符，且不含登录名。",
            "A password has 10 to 128 characters and does not hold the login.",
        ));
    }
    Ok(password.to_owned())
}
