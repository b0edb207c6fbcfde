-- The doorstep: who is visited, by whom, what was asked, heard and promised. Days are text `YYYY-MM-DD`.
create table subject (
  id text primary key,
  no bigint not null unique,
  kind text not null,
  name text not null,
  -- Credit code (GB 32100), or empty.
  code text not null default '',
  address text not null default '',
  -- Street or part of the zone, for filters and for an even split.
  area text not null default '',
  industry text not null default '',
  -- Separated by blanks.
  tags text not null default '',
  founded text not null default '',
  capital text not null default '',
  -- What it may do, as registered 经营范围.
  business text not null default '',
  remark text not null default '',
  -- 包联: the officer who keeps in touch with it, whatever the round.
  officer text references person (id),
  -- As whom it reports problems; made at the first one.
  reporter text references reporter (id),
  revision bigint not null,
  made_at bigint not null,
  changed_at bigint not null,
  ended_at bigint
);
create unique index subject_code on subject (code) where code <> '';
create index subject_name on subject (name);
create index subject_kind on subject (kind, no);
create index subject_area on subject (area, no);
create index subject_officer on subject (officer, no) where officer is not null;
create index subject_reporter on subject (reporter) where reporter is not null;

create table contact (
  id text primary key,
  subject text not null references subject (id),
  name text not null,
  post text not null default '',
  phone text not null default '',
  email text not null default '',
  note text not null default '',
  made_at bigint not null,
  changed_at bigint not null
);
create index contact_subject on contact (subject, id);

-- A year's activity; `rules` are its own deadlines as JSON, empty: the house's.
create table campaign (
  id text primary key,
  no bigint not null unique,
  name text not null unique,
  name_en text not null default '',
  from_day text not null,
  to_day text not null,
  rules text not null default '',
  revision bigint not null,
  made_at bigint not null,
  ended_at bigint
);

create table round (
  id text primary key,
  no bigint not null unique,
  campaign text not null references campaign (id),
  name text not null,
  from_day text not null,
  to_day text not null,
  revision bigint not null,
  made_at bigint not null,
  unique (campaign, name)
);

create table team (
  id text primary key,
  round text not null references round (id),
  unit text not null references unit (id),
  name text not null,
  made_at bigint not null,
  unique (round, name)
);
create index team_unit on team (unit);

create table team_member (
  team text not null references team (id),
  person text not null references person (id),
  primary key (team, person)
);
create index team_member_person on team_member (person);

-- 包联 of a round: subject ↔ team. `visits` and the newest recorded visit are derived, for the picture of coverage.
create table assignment (
  round text not null references round (id),
  subject text not null references subject (id),
  team text not null references team (id),
  visits bigint not null default 0,
  visit text,
  visited_on text,
  made_at bigint not null,
  primary key (round, subject)
);
create index assignment_team on assignment (team, subject);
create index assignment_subject on assignment (subject);

create table questionnaire (
  id text primary key,
  code text not null unique,
  made_at bigint not null
);

-- A version is never changed: what was answered stays answered.
create table questionnaire_version (
  id text primary key,
  questionnaire text not null references questionnaire (id),
  version bigint not null,
  body text not null,
  made_at bigint not null,
  by text,
  unique (questionnaire, version)
);

create table round_questionnaire (
  round text not null references round (id),
  questionnaire text not null references questionnaire (id),
  place bigint not null,
  primary key (round, questionnaire)
);

create table policy (
  id text primary key,
  title text not null unique,
  issuer text not null default '',
  issued_on text not null default '',
  edition text not null default '',
  made_at bigint not null,
  ended_at bigint
);

-- `body` is what is true (canonical JSON), the other columns are derived from it for lists.
create table visit (
  id text primary key,
  no bigint not null unique,
  subject text not null references subject (id),
  campaign text references campaign (id),
  round text references round (id),
  team text references team (id),
  unit text not null references unit (id),
  officer text not null references person (id),
  state text not null,
  purpose text not null,
  day text not null,
  revision bigint not null,
  body text not null,
  -- Digest of what a client sent under this id, to tell a retry from a reused id.
  sent text not null
);
create index visit_day on visit (day, no);
create index visit_subject on visit (subject, day, no);
create index visit_round on visit (round, team, day, no);
create index visit_state on visit (state, day, no);
create index visit_campaign on visit (campaign, day, no);

-- Who finds a visit in his list: the team, and everybody who takes part.
create table visit_viewer (
  viewer text not null,
  visit text not null references visit (id),
  no bigint not null,
  day text not null,
  subject text not null,
  primary key (viewer, no)
);
create index visit_viewer_day on visit_viewer (viewer, day, no);
create index visit_viewer_subject on visit_viewer (viewer, subject);
create index visit_viewer_visit on visit_viewer (visit);

-- What a record was before an amendment.
create table visit_version (
  visit text not null references visit (id),
  version bigint not null,
  body text not null,
  by text,
  at bigint not null,
  reason text not null,
  primary key (visit, version)
);

-- Derived from the record, for counts: one row for each choice, or one with the text.
create table response (
  visit text not null references visit (id),
  version text not null references questionnaire_version (id),
  question text not null,
  place bigint not null,
  choice text not null,
  value text not null,
  subject text not null references subject (id),
  round text,
  primary key (visit, version, question, place)
);
create index response_choice on response (round, version, question, choice, visit);
create index response_subject on response (subject, version);

create table finding (
  id text primary key,
  visit text not null references visit (id),
  subject text not null references subject (id),
  campaign text,
  kind text not null,
  text text not null
);
create index finding_visit on finding (visit);
create index finding_subject on finding (subject, id);
create index finding_campaign on finding (campaign, kind, id);

create table promise (
  id text primary key,
  visit text not null references visit (id),
  subject text not null references subject (id),
  campaign text,
  text text not null,
  owner text not null references person (id),
  due text not null,
  state text not null,
  settled_at bigint,
  settled_by text,
  settled_visit text,
  note text not null default '',
  revision bigint not null,
  -- When its owner is reminded next.
  next_at bigint
);
create index promise_visit on promise (visit);
create index promise_subject on promise (subject, due, id);
create index promise_owner on promise (owner, state, due, id);
create index promise_state on promise (state, due, id);
create index promise_campaign on promise (campaign, state, due, id);
create index promise_next on promise (next_at) where next_at is not null;

create table visit_policy (
  visit text not null references visit (id),
  policy text not null references policy (id),
  edition text not null,
  campaign text,
  primary key (visit, policy)
);
create index visit_policy_policy on visit_policy (policy, campaign);

-- 三联六服务: `cell` is link and battle; `thing` a visit or a problem.
create table grid_mark (
  thing text not null,
  cell text not null,
  kind text not null,
  campaign text,
  primary key (thing, cell)
);
create index grid_mark_campaign on grid_mark (campaign, kind, cell);

alter table problem add column subject text references subject (id);
alter table problem add column visit text references visit (id);
alter table problem add column campaign text references campaign (id);
create index problem_subject on problem (subject, no) where subject is not null;
create index problem_visit on problem (visit, no) where visit is not null;
create index problem_campaign on problem (campaign, no) where campaign is not null;
create index problem_tally on problem (campaign, lead, category, tier, state) where campaign is not null;

alter table notice add column promise text;

-- An import: `state` preview, running, stopped, done, undone. `map` is field → head, as JSON.
alter table import_run add column source text not null default '';
alter table import_run add column sha256 text not null default '';
alter table import_run add column map text not null default '';
alter table import_run add column state text not null default '';
alter table import_run add column by text;
alter table import_run add column all_rows bigint not null default 0;
alter table import_run add column imported bigint not null default 0;
alter table import_run add column updated bigint not null default 0;
alter table import_run add column unchanged bigint not null default 0;
alter table import_run add column rejected bigint not null default 0;
alter table import_run add column seq bigint not null default 0;
alter table import_run add column ended_at bigint;
create index import_run_same on import_run (kind, sha256, source);

create table import_reject (
  run text not null references import_run (id),
  line bigint not null,
  field text not null,
  zh text not null,
  en text not null,
  -- The row's cells, as JSON.
  cells text not null,
  primary key (run, line)
);

-- What an import made (`before` is empty) or changed (`before` is what stood there, as JSON), to be undone; `thing` is
-- table/id, `after` the digest of what the import left there: another digest means that somebody changed it since.
create table import_change (
  run text not null references import_run (id),
  place bigint not null,
  thing text not null,
  before text not null,
  after text not null default '',
  primary key (run, place)
);
create index import_change_thing on import_change (thing);

-- Which head gives which field, kept per kind and source.
create table import_map (
  kind text not null,
  source text not null,
  map text not null,
  primary key (kind, source)
);
