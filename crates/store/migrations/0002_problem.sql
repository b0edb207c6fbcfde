-- A problem: `body` is what is true (canonical JSON), the other columns are derived from it for lists.
create table counter (
  name text primary key,
  value bigint not null
);

create table category (
  id text primary key,
  parent text references category (id),
  name text not null unique,
  name_en text not null default '',
  -- Span of the lead unit, as JSON; empty: the default.
  span text not null default '',
  -- Evidence items, separated by line breaks.
  evidence text not null default ''
);

-- Somebody who reported. Personal data stands here and nowhere else, so that it can be erased.
create table reporter (
  id text primary key,
  name text not null,
  phone text not null default '',
  address text not null default '',
  code text not null default '',
  -- SHA-256 of the token in the link.
  link text unique,
  made_at bigint not null,
  erased_at bigint
);

create table problem (
  id text primary key,
  no bigint not null unique,
  title text not null,
  detail text not null,
  place text not null default '',
  occurred text not null default '',
  revision bigint not null,
  body text not null,
  state text not null,
  source text not null,
  reporter text references reporter (id),
  officer text references person (id),
  shielded smallint not null default 0 check (shielded in (0, 1)),
  lead text references unit (id),
  category text references category (id),
  tier text not null,
  boarded smallint not null default 0 check (boarded in (0, 1)),
  paused smallint not null default 0 check (paused in (0, 1)),
  registered_at bigint not null,
  -- The clock that the light reads, the first due date, and the instant from which a share of it is late.
  clock_at bigint,
  first_due_at bigint,
  due_at bigint,
  late_at bigint,
  -- What the ticker has done, and when it must look again.
  visited_at bigint not null,
  next_at bigint,
  merged_into text,
  -- Digest of what a client sent under this id, to tell a retry from a reused id.
  sent text not null
);
create index problem_next on problem (next_at) where next_at is not null;
create index problem_clock on problem (clock_at, no) where clock_at is not null;
create index problem_state on problem (state, no);
create index problem_into on problem (merged_into) where merged_into is not null;

-- Who finds a problem in his list: units that lead or support and all above them, the officer, the reporter.
-- Sight as rows makes every list one range of one index.
create table sight (
  viewer text not null,
  problem text not null references problem (id),
  no bigint not null,
  part text not null,
  clock_at bigint,
  late_at bigint,
  primary key (viewer, no)
);
create index sight_problem on sight (problem);
create index sight_clock on sight (viewer, clock_at, no, late_at) where clock_at is not null;

create table attachment (
  id text primary key,
  problem text not null references problem (id),
  name text not null,
  media text not null,
  size bigint not null,
  sha256 text not null,
  by text,
  at bigint not null,
  -- Of a shielded reporter: 0 until the office has looked that it tells nothing.
  checked smallint not null check (checked in (0, 1))
);
create index attachment_problem on attachment (problem);
