//! The dialogs: one file for each, all in the same frame.
//!
//! For `ui` only. Only the topmost dialog is drawn; the page stays visible around it.

mod confirm;
mod copy;
mod export;
mod fields;
mod form;
mod help;
mod link;
mod outcome;
mod palette;
mod panel;
mod profiles;
#[cfg(test)]
mod tests;
mod unsent;

use ratatui::Frame;

use crate::app::{Dialog, Model};

use super::Look;

/// Draws the top dialog over the page. Returns its last scroll position; 0 where there is none or the cursor scrolls.
pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, look: &Look) -> u16 {
    let area = frame.area();
    let Some(dialog) = model.dialogs.last() else { return 0 };
    let panel = match dialog {
        Dialog::Help => help::panel(area, model, look),
        Dialog::Palette(palette) => palette::panel(area, model, palette, look),
        Dialog::Confirm(confirm) => confirm::panel(area, model, confirm, look),
        Dialog::Form(form) => form::panel(area, model, form, look),
        Dialog::Copy(menu) => copy::panel(area, model, menu, look),
        Dialog::Export(form) => export::panel(area, model, form, look),
        Dialog::Profiles(picker) => profiles::panel(area, model, picker, look),
        Dialog::Fields(menu) => fields::panel(area, model, menu, look),
        Dialog::Outcome(picker) => outcome::panel(area, model, picker, look),
        Dialog::Link(link) => link::panel(area, model, link, look),
        Dialog::QuitWithHeld { at } => unsent::quit(area, model, *at, look),
        Dialog::Held { chosen } => unsent::held(area, model, *chosen, look),
        Dialog::LeftOver { at } => unsent::left_over(area, model, *at, look),
    };
    panel.draw(frame, look, model.dialog_scroll)
}
