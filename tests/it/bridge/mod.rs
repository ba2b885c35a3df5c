//! The `sms` bridge as a back end sees it: routes, answers, refusals, repeats, history.

mod access;
mod batch;
mod history;
mod hostile;
mod once;
mod posts;
mod refusals;
mod server_rules;
