//! From the bytes of an answer to an object, or to an error in words.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::{Error, Fault};
use super::operation::Asked;
use super::{json, retry};
use crate::identity::RawApiError;
use crate::privacy::{Scrubbed, Scrubber};
use crate::text::Clean;

/// An object as the API answered it.
#[derive(Clone, Debug)]
pub struct Reply<T> {
    /// The object.
    pub value: T,
    /// The `Request-Id` of the reply, which support asks for.
    pub request_id: Option<Scrubbed>,
    /// Whether the API repeated the stored answer to an earlier request with the same idempotency key.
    pub replayed: bool,
    /// How many tries it took: 1 if the first one succeeded.
    pub attempts: u8,
}

/// An answer before anybody looked at its body.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) is_redirect: bool,
    pub(super) content_type: String,
    pub(super) request_id: Option<Scrubbed>,
    /// `Stripe-Should-Retry`, where there is one.
    pub(super) retry_advice: Option<bool>,
    pub(super) replayed: bool,
    pub(super) attempts: u8,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    /// The answer without the key, wherever in its objects a server repeats it.
    pub(super) fn without_secrets(mut self, scrubber: &Scrubber) -> Self {
        if let Cow::Owned(body) = scrubber.body(&self.body) {
            self.body = body;
        }
        self
    }

    /// The object in a successful answer.
    pub(super) fn read<T: DeserializeOwned>(self, asked: &Asked) -> Result<Reply<T>, Error> {
        match json::parse(&self.body) {
            Ok(value) => Ok(self.reply(value)),
            Err(_) if !self.holds_json() => Err(self.foreign(asked)),
            Err(error) => {
                let fault = fault(&error);
                Err(Error::BadReply { asked: asked.clone(), fault, request_id: self.request_id })
            }
        }
    }

    /// The answer with its body replaced by `value`.
    pub(super) fn reply<T>(self, value: T) -> Reply<T> {
        Reply { value, request_id: self.request_id, replayed: self.replayed, attempts: self.attempts }
    }

    /// The error that an unsuccessful answer stands for, without what `scrubber` takes out of it.
    pub(super) fn refusal(self, asked: &Asked, scrubber: &Scrubber) -> Error {
        #[derive(Deserialize)]
        struct Body {
            error: RawApiError,
        }
        if self.is_redirect {
            return self.foreign(asked);
        }
        let Ok(Body { error }) = json::parse::<Body>(&self.body) else {
            return self.foreign(asked);
        };
        Error::Api {
            asked: asked.clone(),
            error: Box::new(error.scrubbed(scrubber, self.status, self.request_id)),
            retryable: retry::is_passing(self.status, self.retry_advice),
        }
    }

    /// Whether the body begins as a JSON object does, whatever its type is called.
    fn holds_json(&self) -> bool {
        self.body.trim_ascii_start().starts_with(b"{")
    }

    fn foreign(self, asked: &Asked) -> Error {
        let detail = if self.is_redirect {
            "a redirect (never followed with a key)"
        } else if self.body.trim_ascii().is_empty() {
            "an empty body"
        } else if self.holds_json() {
            "JSON of another kind"
        } else if self.content_type.starts_with("text/html") || self.body.trim_ascii_start().starts_with(b"<")
        {
            "an HTML page"
        } else {
            "something that is not JSON"
        };
        Error::NotAnApi {
            asked: asked.clone(),
            status: self.status,
            detail,
            request_id: self.request_id,
            retryable: retry::is_passing(self.status, self.retry_advice),
        }
    }
}

/// What is wrong with a body, without repeating any of its values: they may be personal.
fn fault(error: &serde_json::Error) -> Fault {
    if error.is_eof() {
        return Fault::CutShort;
    }
    let text = error.to_string();
    let missing =
        text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()).map(Clean::new);
    Fault::Unexpected { missing, line: error.line(), column: error.column() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::{Effort, Operation};
    use crate::identity::Session;

    fn asked() -> Asked {
        Asked {
            operation: Operation::UpdateSession,
            host: "127.0.0.1:1".into(),
            object: Some("vs_1".into()),
            effort: Effort::default(),
        }
    }

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            is_redirect: false,
            content_type: "application/json".into(),
            request_id: None,
            retry_advice: None,
            replayed: false,
            attempts: 1,
            body: body.into(),
        }
    }

    #[test]
    fn a_refusal_does_not_repeat_what_is_personal() {
        let body = r#"{"error":{"type":"invalid_request_error","param":"provided_details[email]",
            "message":"Invalid email address: jenny@example.com. Invalid value: Jenny Rosen, 1 Main St."}}"#;
        let error =
            answer(400, body).refusal(&asked(), &Scrubber::default().with_personal("jenny@example.com"));
        assert_eq!(
            error.to_string(),
            "127.0.0.1:1 refused updating session vs_1: Invalid email address: ••••. Invalid value: ••••; \
             correct the request and ask again"
        );
        assert!(!format!("{error:?}").contains("enny"));
    }

    #[test]
    fn a_value_in_the_wrong_place_is_not_repeated_either() {
        let body = r#"{"id":"vs_1","created":"Jenny Rosen","livemode":false}"#;
        let error = answer(200, body).read::<Session>(&asked()).expect_err("created is a number");
        assert!(matches!(&error, Error::BadReply { fault: Fault::Unexpected { missing: None, .. }, .. }));
        assert!(!format!("{error} {error:?}").contains("Jenny"));
        let error = answer(200, r#"{"id":"vs_1"}"#).read::<Session>(&asked()).expect_err("no created");
        assert!(error.to_string().contains("it lacks `created`"), "{error}");
    }

    #[test]
    fn foreign_answers_are_named() {
        let detail = |status, body: &str| match answer(status, body).refusal(&asked(), &Scrubber::default()) {
            Error::NotAnApi { detail, .. } => detail,
            other => panic!("{other}"),
        };
        assert_eq!(detail(500, " \n"), "an empty body");
        assert_eq!(detail(403, r#"{"message":"Forbidden"}"#), "JSON of another kind");
        assert_eq!(detail(502, "<html><body>Bad gateway"), "an HTML page");
        assert_eq!(detail(404, "404 page not found"), "something that is not JSON");
    }
}
