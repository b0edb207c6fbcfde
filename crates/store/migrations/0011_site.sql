-- Building sites: who is to be there by the stage plan, who was, and what follows from it. Days are text `YYYY-MM-DD`.
create table site (
  id text primary key,
  no bigint not null unique,
  name text not null,
  -- 施工许可证: one site each.
  permit text not null unique,
  address text not null default '',
  owner text not null references unit (id),
  contractor text not null references unit (id),
  consultant text references unit (id),
  -- As what the doorstep knows it, for problems about it.
  subject text references subject (id),
  -- Sealed; the codes of its screen come from it.
  secret text not null,
  revision bigint not null,
  made_at bigint not null,
  changed_at bigint not null,
  ended_at bigint
);
create index site_owner on site (owner, no);
create index site_contractor on site (contractor, no);
create index site_consultant on site (consultant, no) where consultant is not null;

-- Who works at a site and in which posts. `attests`: may attest that another was there.
create table staff (
  site text not null references site (id),
  person text not null references person (id),
  firm text not null references unit (id),
  -- Separated by blanks.
  posts text not null,
  attests bigint not null default 0,
  made_at bigint not null,
  primary key (site, person)
);
create index staff_person on staff (person, site);

-- Identity number: sealed, found again by a keyed digest, shown as first and last digits.
create table identity (
  person text primary key references person (id),
  sealed text not null,
  digest text not null unique,
  shown text not null,
  made_at bigint not null
);

create table certificate (
  id text primary key,
  person text not null references person (id),
  post text not null,
  number text not null,
  from_day text not null,
  to_day text not null,
  made_at bigint not null
);
create index certificate_person on certificate (person, id);

create table stage_plan (
  site text not null references site (id),
  version bigint not null,
  state text not null,
  effective_from text not null,
  approved_at bigint,
  revision bigint not null,
  body text not null,
  primary key (site, version)
);
create index stage_plan_state on stage_plan (state, site, version) where state in ('filed', 'confirmed');

-- Which approved versions name a person, in whatever part.
create table plan_person (
  person text not null references person (id),
  site text not null references site (id),
  version bigint not null,
  from_day text not null,
  to_day text not null,
  primary key (person, site, version)
);
create index plan_person_site on plan_person (site, version);

create table leave (
  id text primary key,
  person text not null references person (id),
  from_day text not null,
  to_day text not null,
  state text not null,
  revision bigint not null,
  body text not null,
  -- Why; sealed under the person's key.
  words text not null default ''
);
create index leave_person on leave (person, to_day);

create table substitute (
  id text primary key,
  site text not null references site (id),
  person text not null references person (id),
  instead_of text not null references person (id),
  from_day text not null,
  to_day text not null,
  state text not null,
  revision bigint not null,
  body text not null
);
create index substitute_person on substitute (person, to_day);
create index substitute_instead on substitute (instead_of, to_day);

-- What an owner has still to say yes or no to: leave and substitutes.
create table consent (
  owner text not null references unit (id),
  kind text not null,
  thing text not null,
  asked_at bigint not null,
  primary key (owner, asked_at, thing)
);
create index consent_thing on consent (thing);

-- 退场.
create table site_exit (
  id text primary key,
  person text not null references person (id),
  site text not null references site (id),
  last_day text not null,
  filed_at bigint not null,
  by text
);
create index site_exit_person on site_exit (person, site);

-- Somebody on call was called for a day.
create table site_call (
  id text primary key,
  person text not null references person (id),
  site text not null references site (id),
  called_at bigint not null,
  day text not null,
  by text
);
create index site_call_person on site_call (person, day);

create table key_period (
  id text primary key,
  site text not null references site (id),
  from_day text not null,
  to_day text not null,
  why text not null default '',
  made_at bigint not null,
  by text
);
create index key_period_site on key_period (site, to_day);

-- 打卡, however it was shown. `at` is what the device's clock said. `waits`: a person must look at it before it counts.
create table punch (
  id text primary key,
  person text not null references person (id),
  site text not null references site (id),
  at bigint not null,
  day text not null,
  received bigint not null,
  drift_s bigint not null default 0,
  way text not null,
  device text not null default '',
  doubt text not null default '',
  -- As it came: the code, the line of a file.
  raw text not null default '',
  by text,
  waits bigint not null default 0
);
-- The same device, person and time is the same punch.
create unique index punch_same on punch (person, at, site, way, device);
create index punch_site on punch (site, day, at);
create index punch_waits on punch (id) where waits = 1;

create table ruling (
  punch text not null references punch (id),
  at bigint not null,
  accepted bigint not null,
  by text,
  reason text not null default '',
  primary key (punch, at)
);

create table appeal (
  id text primary key,
  no bigint not null unique,
  person text not null references person (id),
  site text not null references site (id),
  day text not null,
  state text not null,
  revision bigint not null,
  body text not null,
  -- What he says; sealed under the person's key.
  words text not null default ''
);
create index appeal_person on appeal (person, no);
create index appeal_open on appeal (no) where state = 'open';
create index appeal_day on appeal (site, day, person);

-- Each day once it is over, and again whenever a decision or a late punch changes what it says; `seq` counts from 1.
create table verdict (
  site text not null references site (id),
  day text not null,
  person text not null references person (id),
  seq bigint not null,
  verdict text not null,
  reason text not null,
  body text not null,
  at bigint not null,
  -- What made it: closed, punch, ruling, appeal, leave, substitute.
  cause text not null,
  primary key (site, day, person, seq)
);
create index verdict_person on verdict (person, day);

-- Today, derived: what the plan wants of each, and whether he has come; one line a site of it for the wall.
create table duty (
  site text not null references site (id),
  person text not null references person (id),
  day text not null,
  due text not null,
  reason text not null,
  post text not null default '',
  covers text not null default '',
  -- In the order of the list.
  place bigint not null default 0,
  came_at bigint,
  left_at bigint,
  waits bigint not null default 0,
  begins_at bigint,
  primary key (site, person)
);
create index duty_person on duty (person);
create table site_today (
  site text primary key references site (id),
  day text not null,
  stage text not null default '',
  must bigint not null default 0,
  came bigint not null default 0,
  may_came bigint not null default 0,
  on_leave bigint not null default 0,
  extra bigint not null default 0,
  waits bigint not null default 0,
  -- Names of those who should be there and are not.
  missing text not null default ''
);
create index site_today_day on site_today (day, site);

-- Dated numbers of attendance, as JSON.
create table attendance_rules (
  effective_from text not null,
  entered_at bigint not null,
  body text not null,
  by text,
  primary key (effective_from, entered_at)
);

-- A notice may be about a site.
alter table notice add column site text references site (id);
