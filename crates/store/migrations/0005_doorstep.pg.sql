create table subject_words (rowid bigint primary key, words tsvector not null);
create index subject_words_gin on subject_words using gin (words);
