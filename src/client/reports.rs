//! The two calls about VerificationReports.

use super::Client;
use super::error::Error;
use super::form;
use super::operation::Operation;
use super::reply::Reply;
use super::transport::Call;
use crate::identity::params::ListReports;
use crate::identity::{ListPage, Report, ReportId};

const REPORTS: &str = "/v1/identity/verification_reports";

impl Client {
    /// Fetches a report with the paths in `expand`.
    ///
    /// # Errors
    /// See [`Client::create_session`]; also when the id names no object.
    pub async fn retrieve_report(&self, id: &ReportId, expand: &[&str]) -> Result<Reply<Report>, Error> {
        let asked = self.transport().asked(Operation::RetrieveReport, Some(id.as_str()));
        let Some(segment) = form::segment(id.as_str()) else {
            return Err(Error::InvalidId { asked });
        };
        let call = Call::get(asked, &format!("{REPORTS}/{segment}"), &form::expand(expand));
        self.transport().send(&call).await?.read(&call.asked)
    }

    /// Fetches one page of reports, newest first.
    ///
    /// # Errors
    /// See [`Client::create_session`].
    pub async fn list_reports(&self, params: &ListReports) -> Result<Reply<ListPage<Report>>, Error> {
        let form = |limit| ListReports { paging: params.paging.limited(limit), ..params.clone() }.form();
        self.list(Operation::ListReports, REPORTS, params.paging.limit, form).await
    }
}
