-- The ledger: filters that a person has named, and indexes for what it is filtered and ordered by.
create table view (
  id text primary key,
  person text not null references person (id),
  name text not null,
  -- As in the address: names and values of the filter.
  query text not null,
  made_at bigint not null,
  unique (person, name)
);

-- The light of a share stands beside the clock, so that lights are counted from the index alone.
drop index problem_clock;
create index problem_clock on problem (clock_at, no, late_at) where clock_at is not null;
create index problem_registered on problem (registered_at, no);
create index problem_category on problem (category, no) where category is not null;
create index problem_tier on problem (tier, no);
create index problem_source on problem (source, no);
create index problem_boarded on problem (clock_at, no) where boarded = 1;
create index problem_paused on problem (no) where paused = 1;
-- Any part of a credit code is looked for in this index alone.
create index subject_code_part on subject (code, no) where code <> '';
