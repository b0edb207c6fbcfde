//! The only route table. It makes the router, the OpenAPI document, and the list that the access test walks.

use crate::app::App;
use crate::error::{Error, error_page, problem_details};
use crate::{
    asset, attachment, attendance, auth, campaign, gallery, health, help, home, import, inbox, openapi, people,
    planner, policy, problem, promise, punch, questionnaire, reporter, round, search, settings, setup, sign_in, site,
    stage_plan, subject, triage, view, visit,
};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::response::Response;
use axum::routing;
use std::sync::Arc;
use tower_http::compression::CompressionLayer;

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    /// What it does, for the API description.
    pub says: &'static str,
    /// Whether it answers without somebody signed in.
    pub open: bool,
}

macro_rules! routes {
    ($($method:ident $path:literal $handler:expr, $open:ident, $says:literal;)*) => {
        pub const ROUTES: &[Route] =
            &[$(Route { method: stringify!($method), path: $path, says: $says, open: routes!(@ $open) }),*];

        fn table() -> Router<Arc<App>> {
            Router::new()$(.route($path, routing::$method($handler)))*
        }
    };
    (@ open) => { true };
    (@ signed) => { false };
}

routes! {
    get "/" home::html, open, "Home: what is one's own today; who is not signed in goes to sign-in.";
    get "/healthz" health::healthz, open, "Whether the process answers.";
    get "/readyz" health::readyz, open, "Whether the database answers.";
    get "/metrics" health::metrics, open, "Counters in the text format of Prometheus.";
    get "/assets/{digest}/{name}" asset::serve, open, "Style and script.";
    get "/sign-in" sign_in::form, open, "The sign-in page.";
    post "/sign-in" sign_in::html, open, "Sign in.";
    post "/sign-out" sign_in::out, open, "Sign out.";
    post "/language" sign_in::language, open, "Choose the language.";
    get "/first/{token}" sign_in::first, open, "A one-time link: the form for a new password.";
    post "/first/{token}" sign_in::set_first, open, "Set the new password.";
    get "/r/{token}" reporter::enter, open, "In by a reporter's link.";
    get "/problems" problem::list::html, signed, "The ledger.";
    post "/problems" problem::report::html, signed, "Report a problem.";
    get "/problems/new" problem::report::form, signed, "The form of a report.";
    get "/problems/bulk" problem::bulk::preview, signed, "What a step would do to several problems: command, no.";
    post "/problems/bulk" problem::bulk::html, signed, "The step, for each of them.";
    get "/problems/paper" problem::export::paper, signed, "The ledger under its filter, to be printed.";
    get "/problems/export.xlsx" problem::export::xlsx, signed, "The ledger under its filter, as a workbook.";
    get "/problems/export.csv" problem::export::csv, signed, "The same as text.";
    get "/problems/{no}" problem::show::html, signed, "One problem.";
    get "/problems/{no}/paper" problem::paper::html, signed, "The dispatch slip, to be printed.";
    post "/problems/{no}/attachments" attachment::add_html, signed, "Add a file.";
    post "/problems/{no}/reporter-link" reporter::make_html, signed, "A fresh link for its reporter, to be handed on.";
    post "/problems/{no}/{command}" problem::command::html, signed, "A command of the loop, from its form.";
    get "/triage" triage::desk::list, signed, "What waits for triage: source, after.";
    get "/triage/several" triage::several::preview, signed, "What would be done with several at once.";
    post "/triage/several" triage::several::html, signed, "Dispatch several at once.";
    get "/triage/{no}" triage::desk::one, signed, "One problem on the triage desk.";
    post "/triage/{no}/{act}" triage::act::html, signed, "Dispatch, refuse, merge, recall, put aside; then to the next.";
    get "/attachments/{id}" attachment::get, signed, "A file.";
    post "/attachments/{id}/check" attachment::check_html, signed, "The office has checked that the file does not tell a shielded reporter.";
    get "/views" view::list, signed, "Views of the ledger: one's own.";
    post "/views" view::save, signed, "Save the filter of the ledger as a view.";
    post "/views/{id}" view::change, signed, "Rename or delete a view.";
    get "/search" search::html, signed, "Search over problems, visits and subjects: text, in, before.";
    get "/search/fast" search::fast, signed, "The first few hits, while one types.";
    get "/visits" visit::list::html, signed, "Visits: today's and coming, to be recorded, recorded.";
    post "/visits" visit::plan::html, signed, "Plan a visit.";
    get "/visits/new" visit::plan::form, signed, "Find a subject, then the form of the plan.";
    get "/visits/{no}" visit::show::html, signed, "One visit.";
    get "/visits/{no}/minutes" visit::minutes::html, signed, "The minutes, to be printed.";
    get "/visits/{no}/record" visit::record::form, signed, "The form of the record.";
    post "/visits/{no}/record" visit::record::html, signed, "Record the visit, or amend the record.";
    post "/visits/{no}/photos" visit::photo::add, signed, "Add a photo while recording: the body is the photo, ?id= and ?name= name it.";
    get "/visits/{no}/photos/{id}" visit::photo::get, signed, "One's own photo that waits for its record.";
    post "/visits/{no}/agree" visit::command::agree, signed, "Agree the time.";
    post "/visits/{no}/decline" visit::command::decline, signed, "It fell through.";
    post "/visits/{no}/join" visit::command::join, signed, "A leader joins.";
    get "/promises" promise::html, signed, "Promises: one's own, or all for the office.";
    post "/promises/{id}/settle" promise::settle, signed, "Say what became of a promise.";
    get "/sites" site::wall::html, signed, "Sites today: who should be there, who is, who is not; after.";
    post "/sites" site::edit::add, signed, "Enter a site.";
        get "/sites/rules" site::rules::html, signed, "The dated numbers of attendance.";
    post "/sites/rules" site::rules::add, signed, "Enter the next set of numbers.";
    get "/sites/new" site::edit::new, signed, "The form of a new site.";
    get "/sites/months.xlsx" site::month_file::all, signed, "The month sheets of all one's sites, as a workbook: month.";
    get "/sites/{no}" site::show::html, signed, "One site: today, plans, staff, filings.";
    get "/sites/{no}/edit" site::edit::edit, signed, "The form of its change.";
    post "/sites/{no}/edit" site::edit::change, signed, "Change it.";
    get "/sites/{no}/month" site::month::html, signed, "Its month sheet: month, person, day.";
    get "/sites/{no}/month.xlsx" site::month_file::one, signed, "The same as a workbook.";
    get "/sites/{no}/staff" site::staff::form, signed, "The form of somebody new at a site.";
    post "/sites/{no}/staff" site::staff::add, signed, "Enter somebody at a site.";
    get "/sites/{no}/staff/{person}" site::person::html, signed, "One person of a site: posts, certificates.";
    post "/sites/{no}/staff/{person}/{what}" site::person::act, signed, "Posts, certificate, identity number, one-time link.";
    post "/sites/{no}/{what}" site::filing::html, signed, "File an exit, a call, leave, a substitute; set a key period; renew the screen; end.";
    get "/screen/{no}/{token}" punch::screen::html, open, "The punch screen of a site: its code and the card reader.";
    post "/screen/{no}/{token}" punch::screen::card, open, "An identity card was held to the reader of the screen.";
    get "/punch/{no}/{code}" punch::scan::form, signed, "What a scan of the screen opens: one button.";
    post "/punch/{no}" punch::scan::html, signed, "Punch in with the ticket of the scan.";
    get "/attendance" attendance::mine::html, signed, "One's own days: where one is wanted, punches, leave, appeals; punched.";
    get "/attendance/leave" attendance::leave::form, signed, "The form by which one asks leave: from, to.";
    post "/attendance/leave" attendance::leave::html, signed, "Ask leave.";
    get "/attendance/appeal" attendance::appeal::form, signed, "The form of an appeal: site, day.";
    post "/attendance/appeal" attendance::appeal::html, signed, "Appeal against the verdict of a day.";
    get "/leaves/{id}" attendance::asked::leave, signed, "One leave, with the owners' word.";
    post "/leaves/{id}/{command}" attendance::asked::leave_act, signed, "Grant, refuse, withdraw.";
    get "/substitutes/{id}" attendance::asked::substitute, signed, "One substitution, with the owner's word.";
    post "/substitutes/{id}/{command}" attendance::asked::substitute_act, signed, "Grant, refuse, withdraw.";
    get "/appeals/{no}" attendance::decide::html, signed, "One appeal: the verdict then and now, the day's punches.";
    post "/appeals/{no}/{command}" attendance::decide::act, signed, "Uphold, reject, withdraw.";
    get "/punches/{id}" punch::review::html, signed, "One punch with what came along.";
    post "/punches/{id}/{command}" punch::review::act, signed, "Accept or reject a doubtful punch.";
    get "/sites/desk" attendance::desk::html, signed, "What waits for an owner, the bureau, a contractor: punch, appeal.";
    get "/sites/{no}/attest" punch::attest::form, signed, "The form by which somebody vouches that another was there.";
    post "/sites/{no}/attest" punch::attest::html, signed, "Vouch for somebody; the bureau looks at it.";
    get "/sites/{no}/plans/new" stage_plan::new, signed, "The form of a stage plan's next version: from copies a version.";
    post "/sites/{no}/plans/make" stage_plan::make, signed, "One more row, another order, a check, or filing the plan.";
    get "/sites/{no}/plans/template.xlsx" stage_plan::template, signed, "A workbook to fill in a plan.";
    post "/sites/{no}/plans/file" stage_plan::upload, signed, "Fill the form from a table; nothing is filed by that.";
    post "/sites/{no}/plans/rejects.csv" stage_plan::rejects, signed, "The rows that were not taken, as a table.";
    get "/sites/{no}/plans/{version}" stage_plan::show, signed, "One version: its course, its lines, what it changes; against.";
    get "/sites/{no}/plans/{version}/compare/{other}" stage_plan::compare, signed, "Two versions of a plan.";
    post "/sites/{no}/plans/{version}/{command}" stage_plan::command, signed, "Confirm, return, approve.";
    get "/planner" planner::html, signed, "A firm's sites and the days to be planned: from, weeks.";
    post "/planner" planner::start, signed, "Begin to compute a calendar.";
    get "/planner/{id}" planner::show, signed, "How far it is, then the calendar: persons, days, sites.";
    post "/planner/{id}/check" planner::check, signed, "What a calendar changed by hand does not meet.";
    post "/planner/{id}/accept" planner::accept, signed, "File it as the next versions of all plans, or none.";
    get "/help" help::html, signed, "The words and the keys.";
    get "/ui" gallery::html, signed, "The kit: every component, to be looked at.";
    get "/inbox" inbox::html, signed, "Notices.";
    post "/inbox/read" inbox::read, signed, "Mark all notices as read.";
    get "/subjects" subject::list::html, signed, "The register of subjects.";
    post "/subjects" subject::add, signed, "Enter a subject.";
    get "/subjects/new" subject::new, signed, "The form of a new subject.";
    get "/subjects/{no}" subject::show, signed, "One subject: card, contacts, visits, answers, findings, promises, problems.";
    post "/subjects/{no}" subject::change, signed, "Change a subject.";
    get "/subjects/{no}/edit" subject::edit, signed, "The form of its change.";
    post "/subjects/{no}/contacts" subject::add_contact, signed, "Add a contact.";
    post "/subjects/{no}/contacts/{id}" subject::change_contact, signed, "Change or remove a contact.";
    get "/campaigns" campaign::list, signed, "Campaigns.";
    post "/campaigns" campaign::add, signed, "Open a campaign.";
    get "/campaigns/{no}" campaign::show, signed, "One campaign: rounds and numbers.";
    get "/campaigns/{no}/edit" campaign::edit, signed, "Name, period and deadlines.";
    post "/campaigns/{no}/edit" campaign::change, signed, "Change them.";
    post "/campaigns/{no}/rounds" round::add, signed, "Add a round.";
    get "/campaigns/{no}/findings" campaign::findings, signed, "Findings of a campaign; kind, before.";
    get "/campaigns/{no}/problems" campaign::problems, signed, "Problems of a campaign in a cell of the link grid.";
    get "/campaigns/{no}/behind" campaign::behind, signed, "The problems behind a mark of a chart: of, unit, lit, age, week, after.";
    get "/campaigns/{no}/report" campaign::report, signed, "The report upward, to be printed.";
    get "/campaigns/{no}/report.xlsx" campaign::report_file, signed, "The same as a workbook.";
    get "/rounds/{no}" round::show, signed, "One round: coverage, teams, subjects.";
    post "/rounds/{no}/teams" round::add_team, signed, "Add a team.";
    post "/rounds/{no}/teams/{id}" round::change_team, signed, "Who is in a team.";
    post "/rounds/{no}/assignments" round::assign, signed, "Assign subjects to a team, or take them out.";
    post "/rounds/{no}/assignments/file" round::assign_file, signed, "Assign subjects by a file.";
    get "/rounds/{no}/split" round::split_preview, signed, "What an even split would give.";
    post "/rounds/{no}/split" round::split, signed, "Split evenly, as was shown.";
    post "/rounds/{no}/handover" round::hand_over, signed, "A team's subjects pass to another team.";
    post "/rounds/{no}/questionnaires" round::set_questionnaires, signed, "What a round asks.";
    get "/rounds/{no}/answers/{code}" round::answers, signed, "What was answered to a questionnaire.";
    get "/questionnaires" questionnaire::list, signed, "Questionnaires.";
    post "/questionnaires" questionnaire::add, signed, "Publish a new questionnaire.";
    get "/questionnaires/new" questionnaire::new, signed, "The form of a new questionnaire.";
    post "/questionnaires/make" questionnaire::make, signed, "One more question, another order, a look at it, or publishing.";
    get "/questionnaires/{code}/edit" questionnaire::edit, signed, "The form of its next version.";
    get "/questionnaires/{code}" questionnaire::show, signed, "One questionnaire as it will look, with its versions.";
    post "/questionnaires/{code}" questionnaire::publish, signed, "Publish its next version.";
    get "/policies" policy::html, signed, "Policies that visitors explain.";
    post "/policies" policy::save, signed, "Add or change a policy.";
    get "/imports" import::list, signed, "Imports, newest first; before.";
    post "/imports" import::upload, signed, "Upload a table to be looked at.";
    get "/imports/new" import::preview, signed, "What an import would do: columns and first rows.";
    post "/imports/start" import::start, signed, "Import the table that was looked at.";
    get "/imports/{id}" import::show, signed, "How far an import is, and what was not taken.";
    get "/imports/{id}/rejects.csv" import::rejects, signed, "The rows that were not taken, with the reasons.";
    post "/imports/{id}/resume" import::resume, signed, "Go on with an import that stopped.";
    post "/imports/{id}/undo" import::undo, signed, "Undo a whole import.";
    get "/settings" settings::html, signed, "What the house is set up with, a link to each.";
    get "/settings/units" settings::unit::list, signed, "Units.";
    post "/settings/units" settings::unit::add_html, signed, "Add a unit.";
    get "/settings/units/{id}" settings::unit::show, signed, "One unit: its names, out of use or in use again.";
    post "/settings/units/{id}" settings::unit::change, signed, "Change it.";
    get "/settings/categories" settings::category::list, signed, "Categories.";
    post "/settings/categories" settings::category::add_html, signed, "Add a category.";
    get "/settings/categories/{id}" settings::category::show, signed, "One category: names, days, evidence.";
    post "/settings/categories/{id}" settings::category::change, signed, "Change it.";
    get "/settings/calendar" settings::calendar::html, signed, "A year with its holidays and working weekends: year.";
    post "/settings/calendar" settings::calendar::save, signed, "Take in a holiday notice, as was shown.";
    post "/settings/calendar/preview" settings::calendar::preview, signed, "What a pasted notice would change.";
    post "/settings/calendar/file" settings::calendar::file, signed, "What an uploaded notice would change.";
    get "/settings/deadlines" settings::deadlines, signed, "The deadlines of the house, and which campaigns set their own.";
    get "/people" people::html, signed, "Persons, deputies, handing over.";
    post "/people" people::add_html, signed, "Add a person.";
    get "/people/{id}" people::show, signed, "One person: roles, deputies, one-time link, handing over.";
    post "/people/{id}/{what}" people::act_html, signed, "One-time link, role, deputy, its early end, handing over.";
    get "/api/v1/openapi.json" openapi::json, open, "This description.";
    post "/api/v1/session" sign_in::json, open, "Sign in: login and password; answers with a bearer token.";
    delete "/api/v1/session" sign_in::end, signed, "Sign out.";
    get "/api/v1/me" sign_in::me, signed, "Who is signed in, with the hats he wears now.";
    get "/api/v1/problems" problem::list::json, signed, "The ledger: text, state, light, unit, lead, category, tier, source, campaign, tag, from, to, boarded, by (due, due-last, newest, oldest), after, before.";
    post "/api/v1/problems" problem::report::json, signed, "Report a problem. 201 the first time, 200 for a retry with the same id and content.";
    get "/api/v1/problems/{id}" problem::show::json, signed, "One problem.";
    get "/api/v1/problems/{id}/events" problem::show::events, signed, "Its events, oldest first.";
    post "/api/v1/problems/{id}/commands" problem::command::json, signed, "A command of the loop.";
    get "/api/v1/problems/{id}/attachments" attachment::list_json, signed, "Its files.";
    post "/api/v1/problems/{id}/attachments" attachment::add_json, signed, "Add a file: the body is the file, ?name= its name.";
    post "/api/v1/problems/{id}/reporter-link" reporter::make, signed, "A fresh link for its reporter; the one before ends.";
    get "/api/v1/attachments/{id}" attachment::get_json, signed, "A file.";
    get "/api/v1/search" search::json, signed, "Search over problems, visits and subjects: text. The first of each.";
    get "/api/v1/visits" visit::list::json, signed, "Visits, the newest day first: subject, campaign, round, team, state, policy, cell, from, to, after.";
    post "/api/v1/visits" visit::plan::json, signed, "Plan a visit. 201 the first time, 200 for a retry with the same id and content.";
    get "/api/v1/visits/{id}" visit::show::json, signed, "One visit with its record, promises and versions.";
    post "/api/v1/visits/{id}/commands" visit::command::json, signed, "A command: agree, decline, record, amend, join.";
    get "/api/v1/notices" inbox::json, signed, "Notices, newest first; before.";
    post "/api/v1/notices/read" inbox::read_json, signed, "Mark all notices as read.";
    get "/api/v1/subjects" subject::json::list, signed, "The register of subjects: text, kind, area, industry, tag, after.";
    post "/api/v1/subjects" subject::json::add, signed, "Enter a subject. 201 the first time, 200 for a retry with the same id.";
    get "/api/v1/subjects/{id}" subject::json::show, signed, "One subject, by id or number.";
    get "/api/v1/sites" site::json::list, signed, "Sites by number: after.";
    get "/api/v1/sites/{no}" site::json::one, signed, "One site, with today.";
    get "/api/v1/sites/{no}/month" site::json::month, signed, "Its month sheet: month.";
    post "/api/v1/punches" punch::json::take, signed, "Punches of other machines, at most 2,000; each is answered by itself: taken, waits, known, refused.";
    get "/api/v1/attendance" attendance::json::own_days, signed, "One's own days: how those behind were judged, what those ahead want.";
    get "/api/v1/sites/{no}/plans" stage_plan::list_json, signed, "The versions of a site's stage plan, the newest first.";
    post "/api/v1/sites/{no}/plans" stage_plan::add_json, signed, "File the next version of a site's stage plan.";
    post "/api/v1/sites/{no}/plans/{version}/commands" stage_plan::command_json, signed, "A command of a filed plan: confirm, return, approve.";
    get "/api/v1/units" setup::units, signed, "All units.";
    post "/api/v1/units" setup::add_unit, signed, "Add a unit.";
    get "/api/v1/categories" setup::categories, signed, "All categories.";
    post "/api/v1/categories" setup::add_category, signed, "Add a category.";
    post "/api/v1/holidays" setup::add_holidays, signed, "Import a holiday notice; every open clock is recomputed.";
    get "/api/v1/persons" people::json, signed, "Persons in the order of their logins; after.";
    post "/api/v1/persons" people::add_json, signed, "Add a person.";
    post "/api/v1/persons/{id}/one-time-link" people::link_json, signed, "A link with which the person sets his password once.";
    post "/api/v1/persons/{id}/hats" people::give_hat, signed, "Give a role at a unit.";
    delete "/api/v1/persons/{id}/hats" people::take_hat, signed, "Take a role at a unit.";
    post "/api/v1/persons/{id}/leave" people::leave_json, signed, "The person leaves; open work passes to the heir.";
    post "/api/v1/deputies" people::deputy_json, signed, "Name a deputy for a dated time.";
}

async fn nothing(request: Request) -> Response {
    say(&Error::NoSuchPage, &request)
}

async fn wrong_method(request: Request) -> Response {
    say(&Error::WrongMethod, &request)
}

fn say(error: &Error, request: &Request) -> Response {
    match request.uri().path().starts_with("/api/") {
        true => problem_details(error),
        false => error_page(error, auth::lang_of(request.headers()), auth::request_id(request.headers())),
    }
}

/// Text bodies up to 1 MB; files have their own limit.
const BODY: usize = 1 << 20;

pub fn router(app: Arc<App>) -> Router {
    table()
        .fallback(nothing)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(CompressionLayer::new())
        .layer(axum::middleware::from_fn_with_state(app.clone(), auth::guard))
        .with_state(app)
}
