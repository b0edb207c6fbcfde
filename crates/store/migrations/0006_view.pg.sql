create table visit_words (rowid bigint primary key, words tsvector not null);
create index visit_words_gin on visit_words using gin (words);
