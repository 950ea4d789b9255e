//! The dashboard as a person uses it: the real loop, the real worker, the real sandbox, a screen in memory.

mod actions;
mod canary;
mod harness;
mod jobs;
mod lists;
mod sight;
mod trouble;
