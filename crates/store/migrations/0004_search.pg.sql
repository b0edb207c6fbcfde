create table problem_words (rowid bigint primary key, words tsvector not null);
create index problem_words_gin on problem_words using gin (words);
create table reporter_words (rowid bigint primary key, words tsvector not null);
create index reporter_words_gin on reporter_words using gin (words);
