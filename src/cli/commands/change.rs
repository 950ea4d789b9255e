//! The commands that change sessions. Every change is written down before it is sent.

use std::collections::BTreeMap;

use super::api::Api;
use super::args::{AfterChange, CancelArgs, CreateArgs, DetailsArgs, DocumentArgs, RedactArgs, UpdateArgs};
use super::bulk::Bulk;
use super::failure::{Failure, Stop};
use super::flags::Output;
use super::ids::{self, SESSION};
use super::printer::{Printer, remark};
use super::values::kept;
use super::{confirm, url};
use crate::cli::DONE;
use crate::export::{Kind, Record};
use crate::identity::params::{
    self, CreateSession, DocumentOptionsParams, MetadataChange, ProvidedDetailsParams, RelatedPersonParams,
    UpdateSession,
};
use crate::identity::{DocumentType, SessionId, VerificationType};
use crate::journal::{JobAct, Reason};
use crate::privacy::{Email, Phone, Pii};
use crate::worker::{Change, Intent};

/// `vetty sessions create`.
pub(super) async fn create(api: &Api, args: &CreateArgs) -> Result<u8, Stop> {
    api.need_write()?;
    let related = args.related_person_account.as_ref().zip(args.related_person.as_ref());
    let params = CreateSession {
        kind: args.kind.as_deref().map(VerificationType::from),
        verification_flow: args.verification_flow.clone(),
        document: options(&args.document),
        provided_details: details(&args.details, false, false)?,
        client_reference_id: args.client_reference_id.clone(),
        metadata: args.metadata.iter().cloned().collect(),
        related_customer: args.related_customer.clone(),
        related_customer_account: args.related_customer_account.clone(),
        related_person: related.map(|(account, person)| RelatedPersonParams {
            account: account.clone(),
            person: person.clone(),
        }),
        return_url: args.return_url.clone(),
        expand: args.after.expand.clone(),
    };
    let via = "cli:sessions-create";
    // Checked before anything is sent: a wrong column must not leave a session behind.
    let mut printer = Printer::new(Kind::Sessions, &args.after.output, true)?;
    let made = api.make(&Intent::via(via), Change::Create(Box::new(params))).await?;
    if args.url {
        url::print_link(&made.session)?;
        return Ok(DONE);
    }
    let record = Record::session(&made.session, None, api.lens(args.after.output.sight()));
    args.after.output.show(api, via, &mut printer, &[record]).await?;
    printer.finish(false)?;
    remark(&format!("The person's link: vetty sessions url {}", made.session.id));
    Ok(DONE)
}

/// `vetty sessions update`.
pub(super) async fn update(api: &Api, args: &UpdateArgs) -> Result<u8, Stop> {
    api.need_write()?;
    let params = update_params(args)?;
    if params.is_empty() {
        return Err(Failure::usage("There is nothing to update: name what to change. See --help.").into());
    }
    let ids = sessions(&args.ids.ids)?;
    let AfterChange { output, .. } = &args.after;
    let work = Work { api, output, via: "cli:sessions-update", done: "updated", given: &args.ids.ids };
    let act = metadata_act(&params);
    work.run(&ids, act, None, |id| Change::Update(id, Box::new(params.clone()))).await
}

/// `vetty sessions cancel`.
pub(super) async fn cancel(api: &Api, args: &CancelArgs) -> Result<u8, Stop> {
    api.need_write()?;
    let ids = sessions(&args.ids.ids)?;
    let reason = confirm::reason(api, &args.reason, ("cancel", &ids), &args.ids.ids)?;
    confirm::cancel(api, args, &ids)?;
    let work = Work {
        api,
        output: &args.output,
        via: "cli:sessions-cancel",
        done: "canceled",
        given: &args.ids.ids,
    };
    work.run(&ids, Some(JobAct::Cancel), reason, Change::Cancel).await
}

/// `vetty sessions redact`.
pub(super) async fn redact(api: &Api, args: &RedactArgs) -> Result<u8, Stop> {
    api.need_write()?;
    let ids = sessions(&args.ids.ids)?;
    let reason = confirm::reason(api, &args.reason, ("redact", &ids), &args.ids.ids)?;
    confirm::redact(api, args, &ids).await?;
    let work = Work {
        api,
        output: &args.output,
        via: "cli:sessions-redact",
        done: "redacted",
        given: &args.ids.ids,
    };
    work.run(&ids, Some(JobAct::Redact), reason, Change::Redact).await
}

/// The same change to one or many sessions.
struct Work<'a> {
    api: &'a Api,
    output: &'a Output,
    via: &'static str,
    /// What has been done then: `canceled`.
    done: &'static str,
    /// The ids as they were given.
    given: &'a [String],
}

impl Work<'_> {
    async fn run(
        &self,
        ids: &[SessionId],
        act: Option<JobAct>,
        reason: Option<Reason>,
        change: impl Fn(SessionId) -> Change,
    ) -> Result<u8, Stop> {
        let single = ids.len() == 1 && !ids::from_stdin(self.given);
        let mut printer = Printer::new(Kind::Sessions, self.output, single)?;
        let lens = self.api.lens(self.output.sight());
        let show = async |record| self.output.show(self.api, self.via, &mut printer, &[record]).await;
        let bulk = Bulk { api: self.api, via: self.via, done: self.done, act, reason };
        let ended = bulk.run(ids, change, |session| Record::session(session, None, lens), show).await?;
        if printer.lists() || printer.printed() > 0 {
            printer.finish(false)?;
        }
        Ok(ended)
    }
}

fn sessions(given: &[String]) -> Result<Vec<SessionId>, Failure> {
    Ok(ids::read(given, SESSION)?.iter().map(|id| SessionId::new(id)).collect())
}

fn update_params(args: &UpdateArgs) -> Result<UpdateSession, Failure> {
    let document = options(&args.document);
    let document = if args.clear.clear_options {
        Some(params::Change::Remove)
    } else {
        (document != DocumentOptionsParams::default()).then_some(params::Change::Set(document))
    };
    let metadata = if args.clear_metadata {
        MetadataChange::Clear
    } else if args.metadata.is_empty() {
        MetadataChange::Keep
    } else {
        let change = |value: &String| {
            if value.is_empty() { params::Change::Remove } else { params::Change::Set(value.clone()) }
        };
        MetadataChange::Keys(args.metadata.iter().map(|(key, value)| (key.clone(), change(value))).collect())
    };
    Ok(UpdateSession {
        kind: args.kind.as_deref().map(VerificationType::from),
        document,
        provided_details: details(&args.details, args.clear.clear_email, args.clear.clear_phone)?,
        metadata,
        expand: args.after.expand.clone(),
    })
}

/// The job that sets the same metadata, and nothing else, on many sessions.
fn metadata_act(params: &UpdateSession) -> Option<JobAct> {
    match &params.metadata {
        MetadataChange::Keys(keys) if params.is_metadata_only() => {
            let values: BTreeMap<String, Option<String>> = keys
                .iter()
                .map(|(key, change)| match change {
                    params::Change::Set(value) => (key.clone(), Some(value.clone())),
                    params::Change::Remove => (key.clone(), None),
                })
                .collect();
            Some(JobAct::Metadata(values))
        }
        _ => None,
    }
}

fn options(args: &DocumentArgs) -> DocumentOptionsParams {
    let types = args.allowed_types.as_ref();
    DocumentOptionsParams {
        allowed_types: types
            .map(|types| types.iter().map(|kind| DocumentType::from(kind.as_str())).collect()),
        require_id_number: args.require_id_number,
        require_live_capture: args.require_live_capture,
        require_matching_selfie: args.require_matching_selfie,
    }
}

fn details(args: &DetailsArgs, no_email: bool, no_phone: bool) -> Result<ProvidedDetailsParams, Failure> {
    let given = |flag: &str, value: Option<&String>| value.map(|value| kept(flag, value)).transpose();
    let email = given("--email", args.email.as_ref())?;
    let phone = given("--phone", args.phone.as_ref())?;
    Ok(ProvidedDetailsParams {
        email: email
            .map(|email| params::Change::Set(Pii::new(Email::new(&email))))
            .or_else(|| no_email.then_some(params::Change::Remove)),
        phone: phone
            .map(|phone| params::Change::Set(Pii::new(Phone::new(&phone))))
            .or_else(|| no_phone.then_some(params::Change::Remove)),
    })
}
