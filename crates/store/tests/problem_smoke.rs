use domain::access::Scope;
use domain::command::{Command, Order};
use domain::problem::Source;
use domain::role::Role;
use domain::time::Millis;
use store::problem::Draft;
use store::{list, order, person, problem, terms, unit, words::MasterKey};
use testkit::on_both;

on_both!(a_problem_is_registered_and_dispatched, |db| {
    let now = Millis(1_523_865_600_000);
    let master = MasterKey::from_bytes([7; 32]);
    db.write_blocking(move |tx| -> Result<(), terms::Failure> {
        terms::bind_key(tx, &master)?;
        let terms = terms::load(tx, &master)?;
        let office = unit::insert(tx, "走访办", "Office", None, now)?;
        let econ = unit::insert(tx, "经发局", "Economy", None, now)?;
        let zhou = person::insert(tx, &person::NewPerson { login: "zhou", name: "周", unit: office, roles: &[Role::Office], reporter: None, password: "" }, now)?;
        let zhou = person::find(tx, zhou)?.unwrap();
        let actor = person::actor(tx, &zhou, now)?;
        let draft = Draft { id: domain::id::ProblemId(store::ids::fresh(now)), title: "夜间停电".into(), detail: "企业用电不足".into(), place: "".into(), occurred: "".into(), source: Source::Phone, reporter: None, shielded: false, officer: None };
        let (found, new) = problem::register(tx, &terms, draft.clone(), &actor, now)?;
        assert!(new);
        assert!(!problem::register(tx, &terms, draft, &actor, now)?.1);
        let order = Order { command: Command::Dispatch { lead: Some(econ), supports: vec![] }, words: "请办".into(), rest: "".into(), seen: 1 };
        let found = order::perform(tx, &terms, &actor, found.problem.id, &order, now)?;
        assert_eq!(found.problem.revision, 2);
        let bounds = domain::light::bounds(now, &terms.calendar);
        for text in ["", "用电", "停", "用电 停"] {
            let lines = list::list(tx, &Scope::All, &list::Filter { text: text.into(), ..Default::default() }, now, &bounds, 50)?;
            assert_eq!(lines.len(), 1, "{text}");
            let lines = list::list(tx, &Scope::Of { units: vec![econ], officers: vec![], reporter: None }, &list::Filter { text: text.into(), ..Default::default() }, now, &bounds, 50)?;
            assert_eq!(lines.len(), 1, "{text}");
        }
        Ok(())
    }).unwrap();
});
