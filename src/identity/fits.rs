//! Whether an object belongs to a list as it was asked for, as far as the object tells: a server may not keep to filters.

use super::params::{Created, ListReports, ListSessions};
use super::{Report, Session};
use crate::clock::Timestamp;
use crate::privacy::FreeText;
use crate::text::Clean;

impl Created {
    /// Whether something that was created at `time` is within these bounds.
    #[must_use]
    pub fn includes(&self, time: Timestamp) -> bool {
        self.at.is_none_or(|bound| time == bound)
            && self.gt.is_none_or(|bound| time > bound)
            && self.gte.is_none_or(|bound| time >= bound)
            && self.lt.is_none_or(|bound| time < bound)
            && self.lte.is_none_or(|bound| time <= bound)
    }
}

impl ListSessions {
    /// Whether a session belongs to what is asked for.
    #[must_use]
    pub fn fits(&self, session: &Session) -> bool {
        // What a redaction has erased tells nothing.
        let is_erased = session.redaction.is_some() && session.client_reference_id.is_none();
        (is_erased || is(self.client_reference_id.as_ref(), text(session.client_reference_id.as_ref())))
            && may_be(self.related_customer.as_ref(), session.related_customer.as_ref())
            && may_be(self.related_customer_account.as_ref(), session.related_customer_account.as_ref())
            && self.status.as_ref().is_none_or(|status| *status == session.status)
            && self.created.includes(session.created)
    }
}

impl ListReports {
    /// Whether a report belongs to what is asked for.
    #[must_use]
    pub fn fits(&self, report: &Report) -> bool {
        let of_session = &self.verification_session;
        // A report does not say whether it was redacted.
        may_be(self.client_reference_id.as_ref(), text(report.client_reference_id.as_ref()))
            && self.kind.as_ref().is_none_or(|kind| *kind == report.kind)
            && (of_session.is_none() || *of_session == report.verification_session)
            && self.created.includes(report.created)
    }
}

fn text(reference: Option<&FreeText>) -> Option<&Clean> {
    reference.map(FreeText::expose)
}

/// Whether a value that an object states is the one that was asked for, if one was.
fn is(asked: Option<&String>, stated: Option<&Clean>) -> bool {
    asked.is_none_or(|asked| stated.is_some_and(|stated| *stated == Clean::new(asked)))
}

/// The same for a field that need not be stated: older versions of the API do not have it, or it may be erased.
fn may_be(asked: Option<&String>, stated: Option<&Clean>) -> bool {
    stated.is_none() || is(asked, stated)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::identity::{SessionId, Status, VerificationType};

    fn session() -> Session {
        let body = json!({ "id": "vs_1", "object": "identity.verification_session", "created": 100, "livemode": false,
            "status": "verified", "type": "document", "client_reference_id": "user_1", "metadata": {}, "options": {} });
        serde_json::from_value(body).expect("a session")
    }

    fn report() -> Report {
        let body = json!({ "id": "vr_1", "object": "identity.verification_report", "created": 100, "livemode": false,
            "type": "document", "client_reference_id": null, "verification_session": "vs_1" });
        serde_json::from_value(body).expect("a report")
    }

    #[test]
    fn bounds_hold_as_the_api_means_them() {
        let at = Timestamp::from_secs;
        for (created, inside) in [
            (Created { at: Some(at(100)), ..Created::default() }, [false, true, false]),
            (Created { gt: Some(at(100)), ..Created::default() }, [false, false, true]),
            (Created { gte: Some(at(100)), ..Created::default() }, [false, true, true]),
            (Created { lt: Some(at(100)), ..Created::default() }, [true, false, false]),
            (Created { lte: Some(at(100)), ..Created::default() }, [true, true, false]),
            (Created { gt: Some(at(98)), lt: Some(at(101)), ..Created::default() }, [true, true, false]),
            (Created::default(), [true, true, true]),
        ] {
            assert_eq!([99, 100, 101].map(|secs| created.includes(at(secs))), inside, "{created:?}");
        }
    }

    #[test]
    fn every_filter_of_sessions_leaves_out_what_states_something_else() {
        let all = ListSessions::default;
        let some = |value: &str| Some(value.to_owned());
        let late = Created { gt: Some(Timestamp::from_secs(100)), ..Created::default() };
        for (asked, fits) in [
            (all(), true),
            (ListSessions { client_reference_id: some("user_1"), ..all() }, true),
            (ListSessions { client_reference_id: some("user_2"), ..all() }, false),
            (ListSessions { status: Some(Status::Verified), ..all() }, true),
            (ListSessions { status: Some(Status::Canceled), ..all() }, false),
            (ListSessions { created: late, ..all() }, false),
            // The session does not tell.
            (ListSessions { related_customer: some("cus_1"), ..all() }, true),
        ] {
            assert_eq!(asked.fits(&session()), fits, "{asked:?}");
        }
        let known = Session { related_customer: Some("cus_2".into()), ..session() };
        assert!(!ListSessions { related_customer: some("cus_1"), ..all() }.fits(&known));
        let nameless = Session { client_reference_id: None, ..session() };
        let asked = ListSessions { client_reference_id: some("user_1"), ..all() };
        assert!(!asked.fits(&nameless));
        let redaction =
            Some(crate::identity::Redaction { status: crate::identity::RedactionStatus::Redacted });
        assert!(asked.fits(&Session { redaction, ..nameless }), "it may have been its reference");
    }

    #[test]
    fn every_filter_of_reports_leaves_out_what_states_something_else() {
        let all = ListReports::default;
        for (asked, fits) in [
            (all(), true),
            (ListReports { kind: Some(VerificationType::Document), ..all() }, true),
            (ListReports { kind: Some(VerificationType::IdNumber), ..all() }, false),
            (ListReports { verification_session: Some(SessionId::new("vs_1")), ..all() }, true),
            (ListReports { verification_session: Some(SessionId::new("vs_2")), ..all() }, false),
            (ListReports { client_reference_id: Some("user_1".into()), ..all() }, true),
        ] {
            assert_eq!(asked.fits(&report()), fits, "{asked:?}");
        }
        let known = Report { client_reference_id: Some(FreeText::new("user_2".into())), ..report() };
        assert!(!ListReports { client_reference_id: Some("user_1".into()), ..all() }.fits(&known));
    }
}
