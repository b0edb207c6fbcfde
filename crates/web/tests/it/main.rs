//! The web as browsers and programs meet it: every request goes through the real router, most tests on both engines.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

mod access;
mod access_visits;
mod attendance;
mod browser;
mod campaign;
mod doors;
mod doorstep;
mod forms;
mod gate;
mod home;
mod import;
mod ledger;
mod ledger_browser;
mod r#loop;
mod loop_browser;
mod openapi;
mod pages;
mod plan;
mod plan_browser;
mod planner;
mod problem_page;
mod punch;
mod punch_browser;
mod rules;
mod search;
mod security;
mod settings;
mod settings_browser;
mod stage;
mod stand_in;
mod subject;
mod town;
mod triage;
mod triage_browser;
mod visit;
mod visit_browser;
mod world;
