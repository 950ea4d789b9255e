//! A model with invented records, moved by messages as the event loop would send them, and a terminal that draws to
//! text.

mod people;

use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::{Frame, Terminal};

pub(in crate::ui) use people::{JENNY, PRIVATE, erika, jenny, jenny_open, reports};

use super::Look;
use crate::actions::{Code, Key, Keymap};
use crate::app::geometry::Size;
use crate::app::{
    Answer, AuditLog, Connection, Effect, JobRequest, Model, Msg, Problem, Request, Settings, Task, TaskId,
    update,
};
use crate::catalog::fixtures::page;
use crate::clock::Now;
use crate::clock::fixtures::{at, later};
use crate::config::ThemeChoice;
use crate::config::themes::{ColourDepth, Theme};
use crate::identity::{Report, Session};

/// The time on the stage, unless a test says another: 2026-07-28 14:05:22 UTC.
pub(in crate::ui) const NOW: i64 = 1_785_247_522;

/// The clocks so many seconds after [`NOW`].
pub(in crate::ui) fn after(secs: u64) -> Now {
    later(at(NOW), secs)
}

/// The styles on the stage.
pub(in crate::ui) fn look() -> Look {
    look_of(ThemeChoice::Dark)
}

fn look_of(theme: ThemeChoice) -> Look {
    Look::new(&Theme::choose(theme, None, ColourDepth::True))
}

/// A model, what it has asked for, and the time.
pub(in crate::ui) struct Stage {
    pub(in crate::ui) model: Model,
    now: i64,
    asked: Vec<(TaskId, Request)>,
    audits: Vec<TaskId>,
}

impl Stage {
    /// A model that is connected to nothing yet, at `now`.
    pub(in crate::ui) fn empty(size: Size, now: i64) -> Self {
        let settings = Settings { prefetch_pages: 1, ..Settings::default() };
        let model = Model::new(settings, Keymap::default(), size, at(now));
        Self { model, now, asked: Vec::new(), audits: Vec::new() }
    }

    /// A connected model with these records.
    pub(in crate::ui) fn new(cols: u16, rows: u16, sessions: &[Session], reports: &[Report]) -> Self {
        let stage = Self::empty(Size { cols, rows }, NOW).connect(false);
        stage.answer_lists(sessions.to_vec(), reports.to_vec(), false)
    }

    /// The usual people.
    pub(in crate::ui) fn usual(cols: u16, rows: u16) -> Self {
        Self::new(cols, rows, &[jenny(), erika()], &reports())
    }

    /// Connected to the sandbox, or to a live API.
    pub(in crate::ui) fn connect(mut self, live: bool) -> Self {
        let label = if live { "api.example.com" } else { "127.0.0.1:12120" };
        self.send(Msg::Connected(Connection { label: label.into(), live, sandbox: !live }));
        self
    }

    /// With the first pages of both lists; `has_more` says whether sessions go on.
    pub(in crate::ui) fn answer_lists(
        mut self,
        sessions: Vec<Session>,
        reports: Vec<Report>,
        has_more: bool,
    ) -> Self {
        self.reply(
            |request| matches!(request, Request::ListSessions(_)),
            Ok(Answer::Sessions(page(sessions, has_more))),
        );
        self.reply(
            |request| matches!(request, Request::ListReports(_)),
            Ok(Answer::Reports(page(reports, false))),
        );
        self
    }

    /// Sends a message, and returns the effects that ask for nothing.
    pub(in crate::ui) fn send(&mut self, msg: Msg) -> Vec<Effect> {
        let mut others = Vec::new();
        for effect in update(&mut self.model, msg) {
            match effect {
                Effect::Ask(task) if task.request == Request::Audit => self.audits.push(task.id),
                // The disk takes whatever is written down.
                Effect::Ask(Task { id: task, request: Request::Job(JobRequest::Hold(_)), .. }) => {
                    let reads = self.model.reads;
                    others.extend(self.send(Msg::Reply { task, reads, result: Ok(Answer::Job) }));
                }
                Effect::Ask(task) => self.asked.push((task.id, task.request)),
                other => others.push(other),
            }
        }
        self.write_down();
        others
    }

    /// On the stage the audit takes every line; what is sensitive waits for an answer.
    fn write_down(&mut self) {
        let plain = |request: &Request| matches!(request, Request::Unveil(wish) if wish.field.is_none_or(|field| !field.is_sensitive()));
        if self.asked.iter().any(|(_, request)| plain(request)) {
            self.answer(|request| plain(request).then_some(Answer::Unveiled(None)));
        }
    }

    /// Answers what was asked; what `answer` has nothing for stays open.
    pub(in crate::ui) fn answer(&mut self, mut answer: impl FnMut(&Request) -> Option<Answer>) {
        for (task, request) in std::mem::take(&mut self.asked) {
            match answer(&request) {
                Some(answer) => self.deliver(task, Ok(answer)),
                None => self.asked.push((task, request)),
            }
        }
    }

    /// Replies to the first request that `which` means.
    pub(in crate::ui) fn reply(&mut self, which: impl Fn(&Request) -> bool, result: Result<Answer, Problem>) {
        let at = self.asked.iter().position(|(_, request)| which(request)).expect("such a request");
        let (task, _) = self.asked.remove(at);
        self.deliver(task, result);
    }

    /// Answers the last thing asked with a problem.
    pub(in crate::ui) fn refuse(&mut self, problem: Problem) {
        let (task, _) = self.asked.pop().expect("something was asked");
        self.deliver(task, Err(problem));
    }

    /// Lets the audit be read.
    pub(in crate::ui) fn answer_audit(&mut self, log: AuditLog) {
        assert!(!self.audits.is_empty(), "the audit was not asked for");
        let task = self.audits.remove(0);
        self.deliver(task, Ok(Answer::Audit(Box::new(log))));
    }

    fn deliver(&mut self, task: TaskId, result: Result<Answer, Problem>) {
        let reads = self.model.reads + 1;
        self.send(Msg::Reply { task, reads, result });
    }

    /// Presses keys by their names in the settings file.
    pub(in crate::ui) fn keys(&mut self, names: &[&str]) {
        for name in names {
            let key: Key = name.parse().expect("a key");
            self.send(Msg::Key(key));
        }
    }

    /// Types a text.
    pub(in crate::ui) fn types(&mut self, text: &str) {
        for c in text.chars() {
            self.send(Msg::Key(Key::char(c)));
        }
    }

    /// The same stage after this text was typed.
    pub(in crate::ui) fn typed(mut self, text: &str) -> Self {
        self.types(text);
        self
    }

    /// The same stage after this key was pressed.
    pub(in crate::ui) fn pressed(mut self, code: Code) -> Self {
        self.send(Msg::Key(Key::plain(code)));
        self
    }

    /// The same stage so many seconds after its beginning.
    pub(in crate::ui) fn clock(mut self, seconds: u64) -> Self {
        // Second by second: a jump would count as sleep.
        for second in 0..=seconds {
            self.send(Msg::Clock(later(at(self.now), second)));
        }
        self
    }

    /// The whole screen.
    pub(in crate::ui) fn screen(&self) -> Screen {
        self.screen_with(ThemeChoice::Dark, self.model.size)
    }

    /// The whole screen in a theme, on a terminal of this size.
    pub(in crate::ui) fn screen_with(&self, theme: ThemeChoice, size: Size) -> Screen {
        let look = look_of(theme);
        self.painted(look, size, |frame, model, look| {
            super::draw(frame, model, look);
            0
        })
    }

    /// What `draw` leaves on a terminal of this size, with what it returned and where the cursor is.
    pub(in crate::ui) fn drawn(
        &self,
        cols: u16,
        rows: u16,
        draw: impl FnOnce(&mut Frame<'_>, &Model, &Look) -> u16,
    ) -> Drawn {
        let screen = self.painted(look(), Size { cols, rows }, draw);
        let cursor = screen.cursor.map(|position| (position.x, position.y));
        Drawn { text: screen.text(), last: screen.last, cursor }
    }

    fn painted(
        &self,
        look: Look,
        size: Size,
        draw: impl FnOnce(&mut Frame<'_>, &Model, &Look) -> u16,
    ) -> Screen {
        let mut terminal = Terminal::new(TestBackend::new(size.cols, size.rows)).expect("a test terminal");
        let mut last = 0;
        terminal.draw(|frame| last = draw(frame, &self.model, &look)).expect("a frame");
        let backend = terminal.backend();
        let cursor = backend.cursor_visible().then(|| backend.cursor_position());
        Screen { buffer: backend.buffer().clone(), look, cursor, last }
    }
}

/// What was drawn, as text.
pub(in crate::ui) struct Drawn {
    pub(in crate::ui) text: String,
    pub(in crate::ui) last: u16,
    pub(in crate::ui) cursor: Option<(u16, u16)>,
}

/// What was drawn, cell by cell.
pub(in crate::ui) struct Screen {
    pub(in crate::ui) buffer: Buffer,
    pub(in crate::ui) look: Look,
    pub(in crate::ui) cursor: Option<Position>,
    last: u16,
}

impl Screen {
    /// One row, without the spaces at its end.
    pub(in crate::ui) fn row(&self, y: u16) -> String {
        let width = self.buffer.area.width;
        let mut text = String::new();
        let mut skip = 0;
        for x in 0..width {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            let symbol = self.buffer[(x, y)].symbol();
            skip = crate::text::width(symbol).saturating_sub(1);
            text.push_str(symbol);
        }
        text.trim_end().to_owned()
    }

    /// Every row, without the empty ones at the end.
    pub(in crate::ui) fn text(&self) -> String {
        let rows: Vec<String> = (0..self.buffer.area.height).map(|y| self.row(y)).collect();
        rows.join("\n").trim_end().to_owned()
    }

    /// The first cell of the first place where `text` stands.
    pub(in crate::ui) fn cell(&self, text: &str) -> &Cell {
        let (x, y) = self.find(text).unwrap_or_else(|| panic!("no {text:?} in\n{}", self.text()));
        &self.buffer[(x, y)]
    }

    /// Where `text` stands first: its column and row.
    pub(in crate::ui) fn find(&self, text: &str) -> Option<(u16, u16)> {
        (0..self.buffer.area.height).find_map(|y| {
            let row = self.row(y);
            let at = row.find(text)?;
            Some((u16::try_from(crate::text::width(&row[..at])).expect("a column"), y))
        })
    }
}
