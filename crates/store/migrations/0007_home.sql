-- An errand: what somebody must do next about a problem. Derived from its body, like sight. `holder` is written as the
-- box of a notice is.
create table errand (
  holder text not null,
  kind text not null,
  no bigint not null,
  problem text not null references problem (id),
  due_at bigint not null,
  primary key (holder, kind, no)
);
create index errand_due on errand (holder, kind, due_at, no);
create index errand_problem on errand (problem);

-- For the numbers of a campaign: from when its age counts, when it was struck off, and how the reporter was heard: whether
-- the answer came '', 'in-time' or 'late'; his last word on this round.
alter table problem add column dispatched_at bigint;
alter table problem add column closed_at bigint;
alter table problem add column answered text not null default '';
alter table problem add column verdict text not null default '';
alter table problem add column satisfaction text not null default '';
create index problem_standing on problem (campaign, state, lead, clock_at, late_at, paused, dispatched_at, no) where campaign is not null;
create index problem_campaign_registered on problem (campaign, registered_at, no) where campaign is not null;
create index problem_closed on problem (campaign, closed_at, no) where closed_at is not null;
create index problem_heard on problem (campaign, first_due_at, answered, verdict, satisfaction, no) where first_due_at is not null;
