//! The commands that only read: lists, and objects by id.

use super::api::Api;
use super::args::{GetArgs, GetReportsArgs, ListReportsArgs, ListSessionsArgs};
use super::each::{Halt, each};
use super::failure::{Failure, Stop};
use super::flags::{Output, Part};
use super::ids::{self, REPORT, SESSION};
use super::printer::{Printer, Progress, remark};
use crate::cli::{DONE, complain};
use crate::client::{LeftOut, Listing, Newer, Pager};
use crate::export::{Kind, Record};
use crate::identity::params::{Created, ListReports, ListSessions, Paging};
use crate::identity::{ReportId, SessionId, Status, VerificationType};
use crate::privacy::Sight;

/// The largest page that the API gives.
const PAGE: u8 = 100;

/// Read of a session that is shown for itself: nothing that needs a restricted key.
const OPENED: [&str; 3] = ["verified_outputs", "provided_details", "last_verification_report"];

impl Output {
    /// Whether personal data is shown.
    pub(super) const fn sight(&self) -> Sight {
        if self.reveal { Sight::Revealed } else { Sight::Masked }
    }

    /// What a reveal shows, for the audit.
    pub(super) fn fields(&self) -> Vec<&str> {
        self.columns.as_ref().map_or_else(|| vec!["all"], |names| names.iter().map(String::as_str).collect())
    }

    /// Prints records; if they are unmasked, after the audit says so.
    pub(super) async fn show(
        &self,
        api: &Api,
        via: &str,
        printer: &mut Printer,
        records: &[Record],
    ) -> Result<(), Stop> {
        if self.reveal {
            api.reveal(via, records, &self.fields()).await?;
        }
        printer.records(records)
    }
}

/// `vetty sessions list`.
pub(super) async fn list_sessions(api: &Api, args: &ListSessionsArgs) -> Result<u8, Stop> {
    let params = ListSessions {
        client_reference_id: args.client_reference_id.clone(),
        created: Created::from(&args.created),
        status: args.status.as_deref().map(Status::from),
        related_customer: args.related_customer.clone(),
        related_customer_account: args.related_customer_account.clone(),
        paging: paging(&args.part, SessionId::new),
        expand: of_data(&args.expand),
    };
    let lens = api.lens(args.output.sight());
    let list =
        List { api, part: &args.part, output: &args.output, kind: Kind::Sessions, via: "cli:sessions-list" };
    list.print(params, |session| Record::session(session, None, lens)).await
}

/// `vetty reports list`.
pub(super) async fn list_reports(api: &Api, args: &ListReportsArgs) -> Result<u8, Stop> {
    let params = ListReports {
        client_reference_id: args.client_reference_id.clone(),
        created: Created::from(&args.created),
        kind: args.kind.as_deref().map(VerificationType::from),
        verification_session: args.verification_session.as_deref().map(SessionId::new),
        paging: paging(&args.part, ReportId::new),
        expand: of_data(&args.expand),
    };
    let lens = api.lens(args.output.sight());
    let list =
        List { api, part: &args.part, output: &args.output, kind: Kind::Reports, via: "cli:reports-list" };
    list.print(params, |report| Record::report(report, lens)).await
}

fn paging<Id>(part: &Part, id: impl Fn(&str) -> Id) -> Paging<Id> {
    let limit = u8::try_from(part.limit).unwrap_or(u8::MAX).min(PAGE);
    Paging {
        limit: Some(if part.all { PAGE } else { limit }),
        starting_after: part.starting_after.as_deref().map(&id),
        ending_before: part.ending_before.as_deref().map(&id),
    }
}

/// Paths of the objects in a list begin with `data.`.
fn of_data(paths: &[String]) -> Vec<String> {
    let full = |path: &String| if path.starts_with("data.") { path.clone() } else { format!("data.{path}") };
    paths.iter().map(full).collect()
}

/// How a list ended.
#[derive(Default)]
struct End {
    /// Whether there is more than was printed.
    more: bool,
    failure: Option<Failure>,
    left_out: LeftOut,
}

/// A list on its way to standard output.
struct List<'a> {
    api: &'a Api,
    part: &'a Part,
    output: &'a Output,
    kind: Kind,
    via: &'static str,
}

impl List<'_> {
    async fn print<L: Listing>(&self, params: L, record: impl Fn(&L::Item) -> Record) -> Result<u8, Stop> {
        let mut printer = Printer::new(self.kind, self.output, false)?;
        let most = if self.part.all { usize::MAX } else { self.part.limit as usize };
        let progress = Progress::new(self.noun(), None);
        let mut end = End::default();
        if self.part.ending_before.is_some() {
            let most = u8::try_from(most).unwrap_or(u8::MAX).min(PAGE);
            let newer = Newer::read(self.api.client(), &params, most).await;
            (end.more, end.left_out) = (newer.has_more, newer.left_out);
            end.failure = newer.failure.map(Failure::from);
            self.show(&mut printer, newer.items.iter().map(&record).collect()).await?;
        } else {
            let mut pager = Pager::new(self.api.client().clone(), params);
            while printer.printed() < most && end.failure.is_none() {
                match pager.next_page().await {
                    Ok(None) => break,
                    Ok(Some(reply)) => {
                        let page = reply.value;
                        let room = most - printer.printed();
                        end.more = page.has_more || page.data.len() > room;
                        self.show(&mut printer, page.data.iter().take(room).map(&record).collect()).await?;
                        progress.add(page.data.len().min(room));
                    }
                    Err(error) => end.failure = Some(error.into()),
                }
            }
            end.left_out = pager.left_out();
        }
        drop(progress);
        self.conclude(&mut printer, end)
    }

    /// Ends what is printed as its format wants it, and says what is missing: what was read before is good.
    fn conclude(&self, printer: &mut Printer, end: End) -> Result<u8, Stop> {
        let End { more, failure, left_out } = end;
        if printer.printed() > 0 || failure.is_none() {
            printer.finish(more)?;
        }
        for (count, why) in [
            (left_out.repeated, "had come before"),
            (left_out.unasked, "were not asked for: the API does not keep to the filters"),
        ] {
            if count > 0 {
                complain(format!("{count} of the {} that came are left out: they {why}.", self.noun()));
            }
        }
        if let Some(failure) = failure {
            if printer.printed() > 0 {
                complain(format!(
                    "The list is not complete: {} {} are shown.",
                    printer.printed(),
                    self.noun()
                ));
            }
            return Err(Stop::Failed(failure));
        }
        self.epilogue(printer.printed(), more);
        Ok(DONE)
    }

    async fn show(&self, printer: &mut Printer, records: Vec<Record>) -> Result<(), Stop> {
        self.output.show(self.api, self.via, printer, &records).await
    }

    const fn noun(&self) -> &'static str {
        match self.kind {
            Kind::Sessions => "sessions",
            Kind::Reports => "reports",
        }
    }

    fn epilogue(&self, printed: usize, more: bool) {
        if printed == 0 {
            remark(&format!("There are no such {}.", self.noun()));
        } else if more && self.part.ending_before.is_none() {
            remark(&format!("{printed} {} shown, and there are more: --limit N, or --all.", self.noun()));
        }
    }
}

/// `vetty sessions get`.
pub(super) async fn get_sessions(api: &Api, args: &GetArgs) -> Result<u8, Stop> {
    let ids: Vec<SessionId> =
        ids::read(&args.ids.ids, SESSION)?.iter().map(|id| SessionId::new(id)).collect();
    let usual = OPENED.into_iter().filter(|_| !args.bare);
    let expand: Vec<&str> = usual.chain(args.expand.iter().map(String::as_str)).collect();
    let single = !ids::from_stdin(&args.ids.ids) && ids.len() == 1;
    let (lens, expand) = (api.lens(args.output.sight()), &expand);
    let ask = |id: SessionId| async move {
        let session = api.client().retrieve_session(&id, expand).await?.value;
        Ok(Record::session(&session, None, lens))
    };
    let got = Got { api, output: &args.output, kind: Kind::Sessions, via: "cli:sessions-get" };
    got.print(&ids, single, ask).await
}

/// `vetty reports get`.
pub(super) async fn get_reports(api: &Api, args: &GetReportsArgs) -> Result<u8, Stop> {
    let ids: Vec<ReportId> = ids::read(&args.ids, REPORT)?.iter().map(|id| ReportId::new(id)).collect();
    let expand: Vec<&str> = args.expand.iter().map(String::as_str).collect();
    let single = !ids::from_stdin(&args.ids) && ids.len() == 1;
    let (lens, expand) = (api.lens(args.output.sight()), &expand);
    let ask = |id: ReportId| async move {
        let report = api.client().retrieve_report(&id, expand).await?.value;
        Ok(Record::report(&report, lens))
    };
    let got = Got { api, output: &args.output, kind: Kind::Reports, via: "cli:reports-get" };
    got.print(&ids, single, ask).await
}

/// Objects by id on their way to standard output.
struct Got<'a> {
    api: &'a Api,
    output: &'a Output,
    kind: Kind,
    via: &'static str,
}

impl Got<'_> {
    async fn print<I: Clone, F>(&self, ids: &[I], single: bool, ask: impl Fn(I) -> F) -> Result<u8, Stop>
    where
        F: Future<Output = Result<Record, Failure>>,
    {
        let mut printer = Printer::new(self.kind, self.output, single)?;
        let halt = Halt::default();
        let show = async |record| self.output.show(self.api, self.via, &mut printer, &[record]).await;
        let tally = each(ids, "read", &halt, ask, show).await;
        let ended = tally.conclude("read", &halt, false)?;
        if printer.lists() || printer.printed() > 0 {
            printer.finish(false)?;
        }
        Ok(ended)
    }
}
