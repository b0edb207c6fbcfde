//! Shield, conflict, retry: S59 to S61.

use crate::world::*;
use domain::access::{sees_internal, sees_reporter};
use domain::command::Command;
use domain::problem::Outcome;
use domain::role::{Actor, Role};

/// Lists, search, exports and the reading log are for the store; here who is told the name at all.
#[test]
fn s59_shielded_reporter() {
    let mut q = Q::in_hand();
    for who in [李, 王, 陈, 何, 吴, 周, 郑, 泰和电子] {
        assert!(sees_reporter(&q.p, &q.parties(who)), "{who:?} before the shield");
    }
    q.on("2018-04-17 09:00", 泰和电子, Command::Shield { on: true }).event("泰和电子: shielded").stays();
    for who in [李, 王, 陈] {
        assert!(!sees_reporter(&q.p, &q.parties(who)), "{who:?}");
    }
    for who in [吴, 周, 郑, 泰和电子] {
        assert!(sees_reporter(&q.p, &q.parties(who)), "{who:?}");
    }
    assert!(q.parties(东海机械).is_empty(), "nobody's business");
    assert!(!sees_internal(&q.parties(泰和电子)) && sees_internal(&q.parties(李)));
}

/// Whoever wrote the report knows the name already, also where he is a clerk of the case besides.
#[test]
fn s59_an_officer_who_is_also_a_clerk_of_the_case() {
    let mut q = Q::in_hand();
    q.p.shielded = true;
    assert!(sees_reporter(&q.p, &q.parties(何)));
    let Actor::Person { id, mut hats, .. } = 何.actor() else { panic!() };
    hats.extend(李.actor().hats().iter().cloned().map(|hat| domain::role::Hat { of: id, role: Role::Clerk, ..hat }));
    let both = domain::access::parties(&Actor::Person { id, hats, reporter: None }, &q.p, &|_| vec![]);
    assert!(sees_reporter(&q.p, &both), "he was told it by the reporter himself");
}

#[test]
fn s60_two_at_once() {
    let mut q = Q::answered("2018-04-24 10:00", Outcome::Solved);
    q.on("2018-04-24 11:00", 李, Command::Apply).event("李: applied");
    let open = q.p.revision;
    q.stale(open, "2018-04-25 10:00", 何, Command::Verify).event("何: verified");
    let refused = q.stale(open, "2018-04-25 10:05", 周, Command::Redo).refused("changed-meanwhile");
    assert_eq!(refused.say().zh, "您打开之后，何已于2018-04-25 10:00作了修改：核验；请核对后再提交。");
    refused.param("event", "verified").date("at", "2018-04-25 10:00");
    assert_eq!(q.p.revision, open + 1, "one event only");
    q.stale(open + 1, "2018-04-25 10:06", 周, Command::Redo).event("周: redo-ordered");
}

/// A stale revision is refused before the state is looked at, but after sight and role.
#[test]
fn s60_what_is_checked_first() {
    let mut q = Q::closed();
    q.stale(1, "2018-04-27 10:00", 周, Command::Verify).refused("changed-meanwhile");
    q.stale(1, "2018-04-27 10:00", 李, Command::Verify).refused("not-your-role");
    q.stale(1, "2018-04-27 10:00", 商务局长, Command::Receive).refused("not-found");
}

/// Client ids are kept by the store; here that registering is the same for the same report.
#[test]
fn s61_retry() {
    assert_eq!(problem(1, 泰和电子), problem(1, 泰和电子));
    assert_eq!((problem(1, 泰和电子).revision, problem(1, 泰和电子).last.event), (1, "registered".to_owned()));
}
