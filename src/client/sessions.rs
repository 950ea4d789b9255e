//! The six calls about VerificationSessions.

use super::Client;
use super::error::Error;
use super::form;
use super::key::IdempotencyKey;
use super::operation::{Asked, Operation};
use super::reply::Reply;
use super::transport::Call;
use crate::identity::params::{CreateSession, Form, ListSessions, UpdateSession};
use crate::identity::{ListPage, Session, SessionId};

const SESSIONS: &str = "/v1/identity/verification_sessions";

impl Client {
    /// Creates a session.
    ///
    /// # Errors
    /// When the API refuses, cannot be reached, or answers what cannot be read; so for every call.
    pub async fn create_session(
        &self,
        params: &CreateSession,
        key: &IdempotencyKey,
    ) -> Result<Reply<Session>, Error> {
        let asked = self.transport().asked(Operation::CreateSession, None);
        let call = Call::post(asked, SESSIONS.to_owned(), &params.form(), key);
        self.transport().send(&call).await?.read(&call.asked)
    }

    /// Changes a session. What `params` leaves out stays as it is.
    ///
    /// # Errors
    /// See [`Client::create_session`]; also when the id names no object.
    pub async fn update_session(
        &self,
        id: &SessionId,
        params: &UpdateSession,
        key: &IdempotencyKey,
    ) -> Result<Reply<Session>, Error> {
        self.change(Operation::UpdateSession, id, "", &params.form(), key).await
    }

    /// Fetches a session with the paths in `expand`. While it requires input, the API renews its secrets.
    ///
    /// # Errors
    /// See [`Client::create_session`]; also when the id names no object.
    pub async fn retrieve_session(&self, id: &SessionId, expand: &[&str]) -> Result<Reply<Session>, Error> {
        let asked = self.transport().asked(Operation::RetrieveSession, Some(id.as_str()));
        let path = path_of(id, &asked)?;
        let call = Call::get(asked, &path, &form::expand(expand));
        self.transport().send(&call).await?.read(&call.asked)
    }

    /// Fetches one page of sessions, newest first, their secrets dropped.
    ///
    /// # Errors
    /// See [`Client::create_session`].
    pub async fn list_sessions(&self, params: &ListSessions) -> Result<Reply<ListPage<Session>>, Error> {
        let form = |limit| ListSessions { paging: params.paging.limited(limit), ..params.clone() }.form();
        self.list(Operation::ListSessions, SESSIONS, params.paging.limit, form).await
    }

    /// Cancels a session that requires input.
    ///
    /// # Errors
    /// See [`Client::create_session`]; also when the id names no object.
    pub async fn cancel_session(
        &self,
        id: &SessionId,
        key: &IdempotencyKey,
    ) -> Result<Reply<Session>, Error> {
        self.change(Operation::CancelSession, id, "/cancel", &Form::default(), key).await
    }

    /// Erases, for good, what a session, its reports, events and logs tell of the person.
    ///
    /// # Errors
    /// See [`Client::create_session`]; also when the id names no object.
    pub async fn redact_session(
        &self,
        id: &SessionId,
        key: &IdempotencyKey,
    ) -> Result<Reply<Session>, Error> {
        self.change(Operation::RedactSession, id, "/redact", &Form::default(), key).await
    }

    async fn change(
        &self,
        operation: Operation,
        id: &SessionId,
        verb: &str,
        body: &Form,
        key: &IdempotencyKey,
    ) -> Result<Reply<Session>, Error> {
        let asked = self.transport().asked(operation, Some(id.as_str()));
        let path = path_of(id, &asked)?;
        let call = Call::post(asked, format!("{path}{verb}"), body, key);
        self.transport().send(&call).await?.read(&call.asked)
    }
}

fn path_of(id: &SessionId, asked: &Asked) -> Result<String, Error> {
    let segment = form::segment(id.as_str()).ok_or_else(|| Error::InvalidId { asked: asked.clone() })?;
    Ok(format!("{SESSIONS}/{segment}"))
}
