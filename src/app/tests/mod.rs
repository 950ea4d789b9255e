//! The model as a whole, told by messages.

mod clocks;
mod lists;
mod patience;
