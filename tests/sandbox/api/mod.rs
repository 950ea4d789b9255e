//! The sandbox over real HTTP: parameters, errors, headers, lists and keys, in the API's literal words.

mod accounts;
mod expand;
mod lists;
mod process;
mod refusals;
mod requests;
mod sessions;
mod versions;

const CREATE_DOCUMENT: &str = "type=document";
