-- Units, persons, hats, sign-in. Instants are milliseconds; ids are UUIDv7 as text, made by us.
create table setting (
  name text primary key,
  value text not null
);

create table unit (
  id text primary key,
  parent text references unit (id),
  name text not null unique,
  name_en text not null default '',
  -- Ids of the unit and of all above it, nearest first, separated by blanks: a tree read without recursion.
  path text not null,
  ended_at bigint
);

create table person (
  id text primary key,
  login text not null unique,
  name text not null,
  phone text not null default '',
  unit text not null references unit (id),
  reporter text,
  -- Argon2id, PHC format; empty until the first one-time link was used.
  password text not null default '',
  language text not null default 'zh',
  left_at bigint,
  failures bigint not null default 0,
  locked_until bigint not null default 0,
  -- From here on its notices are new to it.
  read_until bigint not null default 0
);

create table hat (
  person text not null references person (id),
  role text not null,
  unit text not null references unit (id),
  primary key (person, role, unit)
);
create index hat_unit on hat (unit, role);

-- 代理: from and to are instants; `person` does not work, `by` stands in.
create table deputy (
  id text primary key,
  person text not null references person (id),
  by text not null references person (id),
  from_at bigint not null,
  to_at bigint not null
);
create index deputy_by on deputy (by, to_at);

-- The token itself is never stored, only its SHA-256.
create table session (
  token text primary key,
  person text not null references person (id),
  made_at bigint not null,
  seen_at bigint not null,
  ends_at bigint not null
);
create index session_person on session (person);

create table one_time_link (
  token text primary key,
  person text not null references person (id),
  made_by text,
  ends_at bigint not null,
  used_at bigint
);
