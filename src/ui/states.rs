//! What stands in the list where there are no rows, and below the last one: why, and what to do next.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::paint::{Pen, columns};
use super::{Look, trouble};
use crate::actions::Action;
use crate::app::{Link, Model, Page, Problem};
use crate::catalog::{Outcome, StatusFilter, TypeFilter};
use crate::text::{clean, grouped, wrap};

/// An empty list, explained.
struct State {
    glyph: &'static str,
    title: String,
    style: Style,
    /// Sentences, each on lines of its own.
    text: Vec<String>,
    /// Keys that help, and what each does.
    keys: Vec<(Action, String)>,
}

impl State {
    fn new(glyph: &'static str, title: impl Into<String>, style: Style) -> Self {
        Self { glyph, title: title.into(), style, text: Vec::new(), keys: Vec::new() }
    }

    fn text(mut self, text: impl Into<String>) -> Self {
        self.text.push(text.into());
        self
    }

    fn problem(mut self, problem: &Problem) -> Self {
        self.text.push(problem.text().to_owned());
        self.text.extend(problem.hint().map(str::to_owned));
        self.text.extend(problem.request_id().map(|id| format!("Request {id}")));
        self
    }

    fn key(mut self, action: Action, does: impl Into<String>) -> Self {
        self.keys.push((action, does.into()));
        self
    }
}

/// Columns that text in an empty list takes at most, so that it reads well.
const READABLE: u16 = 64;

/// Explains a list without rows.
pub(super) fn draw_empty(buffer: &mut Buffer, list: Rect, model: &Model, look: &Look) {
    let state = state(model, look);
    let mut line = Rect {
        x: list.x + 1,
        y: list.y + (list.height / 6).min(4),
        width: list.width.saturating_sub(2).min(READABLE),
        height: 1,
    };
    let mut next = |buffer: &mut Buffer, write: &mut dyn FnMut(&mut Pen<'_>)| {
        if line.y < list.y + list.height {
            write(&mut Pen::new(buffer, line));
        }
        line.y += 1;
    };
    next(buffer, &mut |pen| {
        pen.write(state.glyph, state.style).skip(1).write(&state.title, look.heading);
    });
    for sentence in &state.text {
        for text in wrap(sentence, usize::from(line_width(list)).saturating_sub(2)) {
            next(buffer, &mut |pen| {
                pen.skip(2).write(&text, look.dim);
            });
        }
    }
    if list.height > 8 {
        next(buffer, &mut |_| {});
    }
    for (action, does) in &state.keys {
        let key = model.keymap.label(*action);
        if !key.is_empty() {
            next(buffer, &mut |pen| {
                pen.skip(2).cell(&key, columns(&key).max(3) + 1, false, look.key);
                pen.write(does, look.text);
            });
        }
    }
}

fn line_width(list: Rect) -> u16 {
    list.width.saturating_sub(2).min(READABLE)
}

fn state(model: &Model, look: &Look) -> State {
    match &model.link {
        _ if model.page == Page::Audit => audit(model, look),
        _ if model.page == Page::Activity => State::new("·", "Nothing has happened yet", look.faint)
            .text("Changes that are sent, and everything that goes wrong, are listed here."),
        _ if model.page == Page::Jobs => State::new("·", "No jobs yet", look.faint)
            .text("What you confirm is listed here: how far it is, and what came of each session.")
            .key(Action::Sessions, "shows the sessions")
            .key(Action::Mark, "marks one there, for bulk work"),
        Link::Down(problem) => State::new("✗", "Not connected", look.bad)
            .problem(problem)
            .key(Action::Quit, "quits; correct it and start again"),
        Link::Connecting => State::new("~", "Connecting…", look.info)
            .text("With a key this reaches the API; without one it starts a sandbox inside this program.")
            .key(Action::Quit, "quits"),
        Link::Up(_) => loaded(model, look),
    }
}

/// An audit without lines, or none at all.
fn audit(model: &Model, look: &Look) -> State {
    if let Some(problem) = &model.audit.problem {
        return State::new("✗", "The audit could not be read", look.bad)
            .problem(problem)
            .key(Action::Refresh, "tries again");
    }
    if model.is_reading_audit() || model.audit.log.is_none() {
        return State::new("~", "Reading the audit…", look.info);
    }
    if !model.audit.search.input.value().is_empty() {
        return State::new("·", "No line matches", look.faint)
            .text("The newest 5,000 lines are searched; `vetty audit show` has them all.")
            .key(Action::Back, "clears the search");
    }
    State::new("·", "Nothing is written down yet", look.faint)
        .text("Every change, reveal and export has a line here, written before it is made.")
}

/// The list of the page, as far as a state speaks of it.
struct Listed {
    noun: &'static str,
    nouns: &'static str,
    count: usize,
    started: bool,
    complete: bool,
}

impl Listed {
    fn of(model: &Model) -> Self {
        match model.page {
            Page::Reports => {
                let list = model.catalog.reports();
                let (count, started, complete) = (list.len(), list.is_started(), list.is_complete());
                Self { noun: "report", nouns: "reports", count, started, complete }
            }
            Page::Sessions | Page::Activity | Page::Audit | Page::Jobs => {
                let list = model.catalog.sessions();
                let (count, started, complete) = (list.len(), list.is_started(), list.is_complete());
                Self { noun: "session", nouns: "sessions", count, started, complete }
            }
        }
    }
}

fn loaded(model: &Model, look: &Look) -> State {
    let listed = Listed::of(model);
    let Listed { noun, nouns, .. } = listed;
    match model.list_problem() {
        Some(problem) if listed.count == 0 => {
            return failed(problem, nouns, model, look);
        }
        _ => {}
    }
    if !listed.started || (listed.count == 0 && !listed.complete) {
        return loading(nouns, model, look);
    }
    if listed.count == 0 {
        return empty_account(model, look);
    }
    let mut state =
        State::new("·", format!("No {noun} matches"), look.faint).text(format!("{}.", chosen(model)));
    if !listed.complete {
        let more = if model.is_loading() { "more are being loaded" } else { "older ones may match" };
        state = state.text(format!("{} {nouns} are loaded; {more}.", grouped(listed.count)));
    }
    if model.search().is_some_and(|search| !search.input.value().is_empty()) {
        let (clear, does) = (Action::Back, "clears the search");
        state = state.key(clear, does);
    }
    if is_filtered(model) {
        state = state
            .key(Action::NextStatus, "shows the next status")
            .key(Action::NextType, "shows the next type");
    }
    if !listed.complete {
        state = state.key(Action::LoadAll, "loads the whole list");
    }
    state
}

/// A list without rows, because it could not be read.
fn failed(problem: &Problem, nouns: &str, model: &Model, look: &Look) -> State {
    let state = State::new("✗", trouble::title(problem, nouns), look.bad).problem(problem);
    match model.again_in() {
        Some(secs) => state
            .text(format!("Tried again by itself in {secs} s."))
            .key(Action::Refresh, "tries at once")
            .key(Action::Back, "stops trying"),
        None => state.key(Action::Refresh, "tries again"),
    }
}

/// A list without rows yet.
fn loading(nouns: &str, model: &Model, look: &Look) -> State {
    let Some(waiting) = model.waiting() else {
        return State::new("~", format!("Loading {nouns}…"), look.info).text("The newest 100 come first.");
    };
    let title = format!("Loading {nouns}… {}", trouble::waited(&waiting));
    let state = State::new("~", title, look.info).key(Action::Back, "stops");
    match waiting.trying {
        Some(trying) => state.text(trying.last.text()),
        None => state.text("The API has not answered yet."),
    }
}

fn empty_account(model: &Model, look: &Look) -> State {
    let sandbox = model.connection().is_some_and(|connection| connection.sandbox);
    if model.page == Page::Reports {
        return State::new("·", "No reports yet", look.faint)
            .text("A report is made each time somebody submits something for a session.")
            .key(Action::Sessions, "shows the sessions");
    }
    let state = State::new("·", "No sessions yet", look.faint);
    let mut state = if sandbox {
        state
            .text("This is a sandbox: nobody real is in it, and nothing leaves this machine.")
            .key(Action::Create, "creates a session")
            .key(Action::Submit, "then submits it as you choose")
    } else {
        state.text("This account has no verification sessions.").key(Action::Create, "creates one")
    };
    if model.settings.read_only {
        state.keys.clear();
        state = state.text("Read-only: nothing can be created here.").key(Action::Refresh, "looks again");
    }
    state
}

fn is_filtered(model: &Model) -> bool {
    match model.page {
        Page::Sessions => {
            model.sessions.status != StatusFilter::All || model.sessions.kind != TypeFilter::All
        }
        Page::Reports => model.reports.outcome != Outcome::All || model.reports.kind != TypeFilter::All,
        Page::Activity | Page::Audit | Page::Jobs => false,
    }
}

/// What is asked of the list: `Status: Verified · search: jen`.
fn chosen(model: &Model) -> String {
    let mut parts = Vec::new();
    let kind = match model.page {
        Page::Reports => {
            if model.reports.outcome != Outcome::All {
                parts.push(format!("outcome: {}", model.reports.outcome.title()));
            }
            model.reports.kind
        }
        Page::Sessions | Page::Activity | Page::Audit | Page::Jobs => {
            if model.sessions.status != StatusFilter::All {
                parts.push(format!("status: {}", model.sessions.status.title()));
            }
            model.sessions.kind
        }
    };
    if kind != TypeFilter::All {
        parts.push(format!("type: {}", kind.title()));
    }
    if let Some(search) = model.search().filter(|search| !search.input.value().is_empty()) {
        parts.push(format!("search: {}", clean(search.input.value())));
    }
    let mut text = parts.join(" · ");
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    text
}

/// Says below the last row why the list ends there, where there is something to say.
pub(super) fn draw_tail(buffer: &mut Buffer, line: Rect, model: &Model, look: &Look) {
    let listed = Listed::of(model);
    if matches!(model.page, Page::Activity | Page::Audit | Page::Jobs) || line.height == 0 {
        return;
    }
    let mut pen = Pen::new(buffer, Rect { width: line.width.saturating_sub(1), ..line });
    pen.skip(1);
    if let Link::Down(problem) = &model.link {
        pen.write("✗ ", look.bad).write(problem.text(), look.dim);
    } else if let Some(problem) = model.list_problem() {
        pen.write("✗ ", look.bad).write(problem.text(), look.dim);
    } else if !listed.complete && model.is_loading() {
        pen.write("~ ", look.info).write("loading more…", look.dim);
    } else if !listed.complete {
        let key = model.keymap.label(Action::LoadAll);
        let count = grouped(listed.count);
        pen.write(&format!("· {count} {} are loaded  ", listed.nouns), look.faint);
        pen.write(&key, look.key).write(" loads all", look.faint);
    }
}
