//! The sandbox over real HTTP: parameters, errors, headers, lists and keys, in the API's literal words.

#![cfg(feature = "sandbox")]

mod expand;
mod lists;
mod process;
mod refusals;
mod requests;
#[path = "../sandbox_http/mod.rs"]
mod sandbox_http;
mod sessions;

const CREATE_DOCUMENT: &str = "type=document";
