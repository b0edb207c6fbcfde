-- What waits for triage, by where it was heard: the desk lists it by source, and counts each.
create index problem_waiting on problem (source, no) where state = 'registered';
