//! A model with invented records, put on the stage through `app::update`, and a terminal that draws to text.

use ratatui::Frame;
use ratatui::Terminal;
use ratatui::backend::{Backend as _, TestBackend};
use serde_json::{Value, json};

use crate::actions::{Key, Keymap};
use crate::app::geometry::Size;
use crate::app::{
    Answer, Connection, Effect, JobRequest, Model, Msg, Request, Settings, Task, TaskId, update,
};
use crate::catalog::fixtures::{page, report, session};
use crate::config::ThemeChoice;
use crate::config::themes::{ColourDepth, Theme};
use crate::identity::{Report, Session};
use crate::ui::Look;

/// The time on the stage: 2026-07-28 14:05:22 UTC.
pub(in crate::ui) const NOW: i64 = 1_785_247_522;

/// The styles on the stage.
pub(in crate::ui) fn look() -> Look {
    Look::new(&Theme::choose(ThemeChoice::Dark, None, ColourDepth::True))
}

/// A session that was verified.
pub(in crate::ui) const JENNY: &str = "vs_1NuN4zLkdIwHu7ixleE6HvkI";

/// Plain values of every person on the stage: none may be seen while masked.
pub(in crate::ui) const PRIVATE: [&str; 13] = [
    "Jenny",
    "Rosen",
    "Main St",
    "San Francisco",
    "94111",
    "jenny@",
    "5550132",
    "0132",
    "1990",
    "C01X00T47",
    "000-12-6789",
    "Erika",
    "Mustermann",
];

/// What is under the cursor, with a verified person above it.
pub(in crate::ui) struct Stage {
    pub(in crate::ui) model: Model,
    asked: Vec<(TaskId, Request)>,
}

impl Stage {
    /// A connected model with these records.
    pub(in crate::ui) fn new(cols: u16, rows: u16, sessions: &[Session], reports: &[Report]) -> Self {
        let model = Model::new(Settings::default(), Keymap::default(), Size { cols, rows }, NOW * 1000);
        let mut stage = Self { model, asked: Vec::new() };
        stage.send(Msg::Connected(Connection {
            label: "127.0.0.1:12120".into(),
            live: false,
            sandbox: true,
        }));
        stage.answer(|request| match request {
            Request::ListSessions(_) => Some(Answer::Sessions(page(sessions.to_vec(), false))),
            Request::ListReports(_) => Some(Answer::Reports(page(reports.to_vec(), false))),
            _ => None,
        });
        stage
    }

    /// The usual people.
    pub(in crate::ui) fn usual(cols: u16, rows: u16) -> Self {
        Self::new(cols, rows, &[jenny(), erika()], &reports())
    }

    pub(in crate::ui) fn send(&mut self, msg: Msg) -> Vec<Effect> {
        let mut others = Vec::new();
        for effect in update(&mut self.model, msg) {
            match effect {
                // On the stage nobody reads the audit.
                Effect::Ask(task) if task.request == Request::Audit => {}
                // The disk takes whatever is written down.
                Effect::Ask(Task { id: task, request: Request::Job(JobRequest::Hold(_)), .. }) => {
                    others.extend(self.send(Msg::Reply { task, reads: 0, result: Ok(Answer::Job) }));
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
                Some(answer) => {
                    self.send(Msg::Reply { task, reads: 1, result: Ok(answer) });
                }
                None => self.asked.push((task, request)),
            }
        }
    }

    /// Answers the last thing asked with a problem.
    pub(in crate::ui) fn refuse(&mut self, problem: crate::app::Problem) {
        let (task, _) = self.asked.pop().expect("something was asked");
        self.send(Msg::Reply { task, reads: 2, result: Err(problem) });
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

    /// What `draw` leaves on a terminal of this size, with what it returned and where the cursor is.
    pub(in crate::ui) fn drawn(
        &self,
        cols: u16,
        rows: u16,
        draw: impl FnOnce(&mut Frame<'_>, &Model, &Look) -> u16,
    ) -> Drawn {
        let look = look();
        let mut terminal = Terminal::new(TestBackend::new(cols, rows)).expect("a test terminal");
        let mut last = 0;
        let mut cursor = None;
        terminal
            .draw(|frame| {
                last = draw(frame, &self.model, &look);
            })
            .expect("a frame");
        let position = terminal.backend_mut().get_cursor_position().expect("a cursor");
        if terminal.backend().cursor_visible() {
            cursor = Some((position.x, position.y));
        }
        let buffer = terminal.backend().buffer();
        let mut text = String::new();
        for y in 0..rows {
            let mut line = String::new();
            let mut skip = 0;
            for x in 0..cols {
                let symbol = buffer[(x, y)].symbol();
                if skip == 0 {
                    line.push_str(symbol);
                    skip = crate::text::width(symbol).saturating_sub(1);
                } else {
                    skip -= 1;
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        Drawn { text: text.trim_end().to_owned(), last, cursor }
    }
}

/// What was drawn.
pub(in crate::ui) struct Drawn {
    pub(in crate::ui) text: String,
    pub(in crate::ui) last: u16,
    pub(in crate::ui) cursor: Option<(u16, u16)>,
}

/// A verified person as a list page has her.
pub(in crate::ui) fn jenny() -> Session {
    session(
        JENNY,
        NOW - 7_500,
        json!({
            "status": "verified",
            "client_reference_id": "user_8123",
            "last_verification_report": "vr_1MwBlH2eZvKYlo2C91hOpFMf",
            "metadata": { "plan": "pro", "order": "A-1042" },
            "options": { "document": {
                "allowed_types": ["passport", "driving_license"],
                "require_matching_selfie": true, "require_live_capture": false,
            } },
            "related_customer": "cus_QY7bUCr3EXAMPLE",
        }),
    )
}

/// The same as a retrieve has her.
pub(in crate::ui) fn jenny_open() -> Session {
    let mut open = jenny();
    open.verified_outputs = serde_json::from_value(json!({
        "first_name": "Jenny", "last_name": "Rosen",
        "address": { "line1": "1234 Main St.", "city": "San Francisco", "state": "CA",
                     "postal_code": "94111", "country": "US" },
        "email": "jenny@example.com", "phone": "+14155550132", "id_number_type": null,
    }))
    .expect("verified data");
    open.provided_details =
        serde_json::from_value(json!({ "email": "jenny@example.com", "phone": "+14155550132" }))
            .expect("details");
    open
}

/// A person whose document has expired.
pub(in crate::ui) fn erika() -> Session {
    session(
        "vs_1NuMzKLkdIwHu7ix8Zq3Wd0a",
        NOW - 90_000,
        json!({
            "client_reference_id": "user_8122",
            "last_verification_report": "vr_1NuNaQLkdIwHu7ixERIKA002",
            "last_error": { "code": "document_expired", "reason": "The document is expired." },
            "options": { "document": { "require_matching_selfie": true, "require_id_number": true } },
        }),
    )
}

/// The reports of both, newest first.
pub(in crate::ui) fn reports() -> Vec<Report> {
    let address = json!({ "line1": "1234 Main St.", "city": "San Francisco", "state": "CA",
                          "postal_code": "94111", "country": "US" });
    let passed = json!({
        "document": { "status": "verified", "error": null, "type": "passport", "first_name": "Jenny",
            "last_name": "Rosen", "issuing_country": "US", "address": address,
            "issued_date": { "day": 1, "month": 12, "year": 2020 },
            "files": ["file_1NuN5sLkdIwHu7ixHgwFIlGz", "file_1NuN5sLkdIwHu7ixPnBack12"] },
        "selfie": { "status": "verified", "error": null, "document": "file_1NuN5sLkdIwHu7ixHgwFIlGz",
            "selfie": "file_1NuN5sLkdIwHu7ixSelfie01" },
        "options": { "document": { "require_matching_selfie": true } },
    });
    let mismatch = json!({
        "document": { "status": "verified", "error": null, "type": "passport", "first_name": "Jenny",
            "last_name": "Rosen", "issuing_country": "US" },
        "selfie": { "status": "unverified",
            "error": { "code": "selfie_face_mismatch", "reason": "The captured face did not match." } },
    });
    let expired = json!({
        "document": { "status": "unverified", "type": "id_card", "first_name": "Erika",
            "last_name": "Mustermann", "issuing_country": "DE",
            "error": { "code": "document_expired", "reason": "The document is expired." } },
        "id_number": { "status": "unverified", "first_name": "Erika", "last_name": "Mustermann",
            "id_number_type": "us_ssn", "id_number": "000-12-6789",
            "error": { "code": "id_number_mismatch", "reason": "The number did not match." } },
    });
    let by = |id: &str, of: &str, at: i64, extra: Value| report(id, of, at, extra);
    vec![
        by("vr_1MwBlH2eZvKYlo2C91hOpFMf", JENNY, NOW - 142, passed),
        by("vr_1MwBkP2eZvKYlo2CFaCe0000", JENNY, NOW - 4_300, mismatch),
        by("vr_1NuNaQLkdIwHu7ixERIKA002", "vs_1NuMzKLkdIwHu7ix8Zq3Wd0a", NOW - 86_500, expired),
    ]
}
