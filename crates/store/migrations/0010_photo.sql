-- Photos taken while a visit is recorded, before the problems exist that they belong to. Not in a backup: what was saved
-- is an attachment.
create table visit_photo (
  id text primary key,
  visit text not null references visit (id),
  by text not null references person (id),
  name text not null,
  media text not null,
  size bigint not null,
  sha256 text not null,
  at bigint not null
);
create index visit_photo_visit on visit_photo (visit, by, id);
create index visit_photo_at on visit_photo (at);

-- How many slips supervision issued: the overdue without one are a range of their own.
alter table problem add column slips smallint not null default 0;
create index problem_without_slip on problem (clock_at, no) where slips = 0;
