//! Handing texts over: to the clipboard, to the browser, and, where neither works, to the eye.

use std::time::Duration;

use crate::actions::Action;
use crate::identity::lifecycle::Act;
use crate::identity::{Session, SessionId, outward};
use crate::privacy::{Secret, Sight};

use super::allow::refuse;
use super::dialog::{CopyItem, Dialog, ShownLink};
use super::msg::{ClipboardRoute, Copying, Effect, Opening, Request};
use super::notice::{Level, Notice};
use super::replies::{Handover, Purpose};
use super::{Model, Why};

impl Model {
    /// Fetches the hosted URL of a session, to be copied or opened.
    pub(super) fn link(&mut self, id: SessionId, handover: Handover) -> Vec<Effect> {
        self.ask_once(Purpose::Link(id.clone(), handover), Request::Link(id)).into_iter().collect()
    }

    /// What `item` would copy of `session`, or why there is nothing. The URL is fetched when it is chosen.
    ///
    /// # Errors
    /// The reason why not, for people.
    pub fn copy_text(&self, session: &SessionId, item: CopyItem) -> Result<Secret, Why> {
        let Some(session) = self.catalog.session(session) else { return refuse("It is not loaded.") };
        let lens = self.lens(&session.id);
        let sight = lens.sight;
        let some = |text: Option<String>| text.map(Secret::new).ok_or_else(|| Why("There is none.".into()));
        match item {
            CopyItem::Id => some(Some(session.id.to_string())),
            CopyItem::Reference => match &session.client_reference_id {
                // A mask is of no use to anybody.
                Some(reference) if *reference.show("client_reference_id", lens) != **reference.expose() => {
                    self.masked_yet()
                }
                reference => some(reference.as_ref().map(|reference| reference.expose().to_string())),
            },
            CopyItem::Report => {
                some(session.last_verification_report.as_ref().map(|report| report.id().to_string()))
            }
            CopyItem::Json => some(serde_json::to_string_pretty(&outward::session(session, lens)).ok()),
            CopyItem::Email => {
                let verified = session.verified_outputs.value().and_then(|outputs| outputs.email.as_ref());
                let provided = session.provided_details.value().and_then(|details| details.email.as_ref());
                match verified.or(provided) {
                    Some(email) if sight == Sight::Revealed => some(Some(email.show(sight).into_owned())),
                    Some(_) => self.masked_yet(),
                    None => refuse("There is none, or the record was not opened yet."),
                }
            }
            CopyItem::Link => self.allows_act_on(session, Act::Link).map(|()| Secret::new(String::new())),
        }
    }

    fn masked_yet(&self) -> Result<Secret, Why> {
        refuse(format!("Masked: reveal the record first ({}).", self.keymap.label(Action::Reveal)))
    }

    /// Copies what was chosen in the menu.
    pub(super) fn copy_item(&mut self, session: SessionId, item: CopyItem) -> Vec<Effect> {
        match self.copy_text(&session, item) {
            Ok(_) if item == CopyItem::Link => self.link(session, Handover::Copy),
            Ok(text) => vec![Effect::Copy(Copying {
                what: item.title(),
                session: Some(session),
                text,
                is_link: false,
            })],
            Err(Why(why)) => {
                self.say(Notice::new(Level::Warning, format!("The {} was not copied. {why}", item.title())));
                Vec::new()
            }
        }
    }

    /// Gives a fresh hosted URL to the clipboard or the browser.
    pub(super) fn hand_over(&mut self, handover: Handover, mut session: Session, stale: bool) -> Vec<Effect> {
        let url = session.url.take();
        let id = session.id.clone();
        if !stale {
            self.catalog.take_session(session);
        }
        let Some(url) = url.filter(|_| !stale) else {
            let text = format!("{id} has no hosted URL now.");
            let hint = "Only a session that requires input has one; refresh to see its status.";
            self.say(Notice::new(Level::Warning, text).about(&id).hint(hint));
            return Vec::new();
        };
        match handover {
            Handover::Copy => {
                vec![Effect::Copy(Copying {
                    what: "hosted URL",
                    session: Some(id),
                    text: url,
                    is_link: true,
                })]
            }
            Handover::Open => {
                let text = format!("Opening the hosted URL of {id}; it works once.");
                self.say(Notice::new(Level::Info, text).about(&id));
                vec![Effect::Browse(Opening { session: id, url })]
            }
        }
    }

    /// The clipboard has the text, or not.
    pub(super) fn copied(&mut self, copying: Copying, result: Result<ClipboardRoute, String>) {
        let Copying { what, session, text, is_link } = copying;
        let about = |notice: Notice| match &session {
            Some(session) => notice.about(session),
            None => notice,
        };
        match (result, &session) {
            (Ok(ClipboardRoute { name, hint, clears }), _) => {
                let of = session.as_ref().map(|session| format!(" of {session}")).unwrap_or_default();
                let text = format!("Copied the {what}{of} by {name}.");
                let life =
                    is_link.then_some("It works once, for 48 hours. Give it to nobody but the person.");
                let stays = self.clearing(clears);
                let hints: Vec<&str> = life.into_iter().chain(hint).chain(stays.as_deref()).collect();
                let notice = about(Notice::new(Level::Done, text));
                self.say(if hints.is_empty() { notice } else { notice.hint(hints.join(" ")) });
            }
            (Err(reason), Some(session)) if is_link => self.offer_link(session.clone(), text, reason),
            (Err(reason), _) => {
                self.say(about(Notice::new(Level::Failed, format!("The {what} was not copied: {reason}"))));
            }
        }
    }

    /// Sets the time at which what was copied is taken back, and says what will become of it.
    fn clearing(&mut self, clears: Option<&'static str>) -> Option<String> {
        let seconds = self.settings.clipboard_clear_seconds;
        self.clipboard_until = None;
        if seconds == 0 {
            return None;
        }
        let Some(place) = clears else {
            return Some("vetty cannot see whether it is still there later, so it does not clear it.".into());
        };
        self.clipboard_until = Some(self.now.monotonic.plus(Duration::from_secs(u64::from(seconds))));
        Some(format!("Cleared from {place} after {seconds} s."))
    }

    /// The browser did not open.
    pub(super) fn not_opened(&mut self, Opening { session, url }: Opening, reason: String) {
        self.offer_link(session, url, reason);
    }

    /// Offers to show a URL. Whatever is being answered right now keeps the keys.
    fn offer_link(&mut self, session: SessionId, url: Secret, reason: String) {
        if self.dialogs.is_empty() {
            self.dialog_scroll = 0;
        }
        self.dialogs.insert(0, Dialog::Link(ShownLink { session, url, shown: false, reason }));
    }

    /// Hides every URL that is shown: somebody else may be looking.
    pub(super) fn hide_links(&mut self) {
        for dialog in &mut self.dialogs {
            if let Dialog::Link(link) = dialog {
                link.shown = false;
            }
        }
    }
}
