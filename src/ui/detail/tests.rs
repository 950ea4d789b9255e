//! Details as text.

use ratatui::layout::Rect;

use super::staging::{Drawn, Stage};

fn detail(stage: &Stage, cols: u16, rows: u16) -> Drawn {
    stage.drawn(cols, rows, |frame, model, look| super::draw(frame, Rect::new(0, 0, cols, rows), model, look))
}

#[test]
fn a_verified_session_as_a_list_page_has_it() {
    let stage = Stage::usual(120, 40);
    insta::assert_snapshot!(detail(&stage, 44, 60).text);
}
