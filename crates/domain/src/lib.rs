//! The rules of Zoufang. Pure: no IO, no clock, no randomness, no async; actor, time and calendar are parameters.

pub mod access;
pub mod calendar;
pub mod campaign;
pub mod clock;
pub mod command;
pub mod course;
pub mod credit_code;
pub mod fault;
pub mod gate;
pub mod grid;
pub mod id;
pub mod letters;
pub mod light;
pub mod matrix;
pub mod problem;
pub mod promise;
pub mod questionnaire;
pub mod refusal;
pub mod role;
pub mod rules;
pub mod schedule;
pub mod search;
pub mod subject;
pub mod time;
pub mod visit;
pub mod worked;
