//! The sandbox over real HTTP: parameters, errors, headers, lists and keys, in the API's literal words.

mod expand;
mod lists;
mod process;
mod refusals;
mod requests;
mod sessions;

const CREATE_DOCUMENT: &str = "type=document";
