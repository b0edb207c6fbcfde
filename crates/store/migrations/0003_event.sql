-- Append-only. `hash` = SHA-256(previous hash of the same thing, body); `body` is the canonical text.
create table event (
  id text primary key,
  thing text not null,
  seq bigint not null,
  kind text not null,
  at bigint not null,
  written_at bigint not null,
  by text,
  body text not null,
  hash text not null,
  unique (thing, seq)
);

-- One row a local day that is over: SHA-256 over the hashes of its events in the order of their ids, chained.
create table seal (
  day text primary key,
  events bigint not null,
  last_event text not null,
  digest text not null,
  hash text not null,
  at bigint not null
);

-- The key of a thing's words, sealed with the master key. Destroyed = the words are gone, the chain stays whole.
create table word_key (
  thing text primary key,
  sealed text not null
);

create table notice (
  id text primary key,
  box text not null,
  problem text,
  kind text not null,
  detail text not null default '',
  at bigint not null
);
create index notice_box on notice (box, id);

-- Who looked at what somebody asked to have shielded, or at a personal file.
create table look (
  id text primary key,
  person text,
  thing text not null,
  what text not null,
  at bigint not null
);
create index look_thing on look (thing, id);

create table holiday (
  day text not null,
  notice bigint not null,
  off smallint not null check (off in (0, 1)),
  name text not null,
  primary key (day, notice)
);
create table holiday_notice (
  year bigint primary key,
  papers text not null
);

create table import_run (
  id text primary key,
  kind text not null,
  file text not null,
  done_rows bigint not null,
  at bigint not null
);
