//! What all lists have in common: filters, bounds of time, cursors, newest first. Sandbox only.

use sqlx::QueryBuilder;
use sqlx::sqlite::SqliteRow;

use super::{Backend, Connection};
use crate::clock::Timestamp;
use crate::identity::params::Created;
use crate::sandbox::errors::Failure;

/// The place of an object in its list; older ones come before newer ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sandbox) struct Place {
    pub(super) created: Timestamp,
    pub(super) seq: i64,
}

impl Place {
    /// Where the object with this id stands; `select` asks for `created` and `seq` of the one whose id is `$1`.
    pub(super) async fn find(
        connection: &mut Connection,
        select: &'static str,
        id: &str,
    ) -> Result<Option<Self>, Failure> {
        let found: Option<(Timestamp, i64)> =
            sqlx::query_as(select).bind(id).fetch_optional(connection).await?;
        Ok(found.map(|(created, seq)| Self { created, seq }))
    }
}

/// Which way a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Span {
    /// From the newest on.
    Newest,
    /// What is older than this place.
    OlderThan(Place),
    /// What is newer than this place, nearest first.
    NewerThan(Place),
}

/// A page, newest first.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Rows<T> {
    /// The rows.
    pub(in crate::sandbox) rows: Vec<T>,
    /// Whether there are more in the direction of reading.
    pub(in crate::sandbox) has_more: bool,
}

impl<T> Rows<T> {
    /// Cuts what was read with one row too many, and turns it newest first.
    fn cut(mut rows: Vec<T>, limit: i64, span: Span) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        if matches!(span, Span::NewerThan(_)) {
            rows.reverse();
        }
        Self { rows, has_more }
    }
}

/// What a row has to fulfil.
#[derive(Clone, Debug)]
enum Condition {
    /// This column has this value.
    Equal(&'static str, String),
    /// `expires_at` has passed at this time, or has not.
    Expired(bool, Timestamp),
    /// Something without values.
    Only(&'static str),
}

/// A `SELECT` under construction.
///
/// Whatever is said of `created` and of a cursor becomes one bound at each end: SQLite walks an index between two
/// bounds, and with two at the same end it would begin at one and read every row up to the other.
pub(super) struct Query {
    select: &'static str,
    table: &'static str,
    index: Option<&'static str>,
    conditions: Vec<Condition>,
    /// The column that has to have one of some values, and these.
    one_of: Option<(&'static str, Vec<&'static str>)>,
    after: Option<Place>,
    before: Option<Place>,
}

impl Query {
    /// Begins with `select`, the columns, and `table`, where they are.
    pub(super) fn new(select: &'static str, table: &'static str) -> Self {
        Self { select, table, index: None, conditions: Vec::new(), one_of: None, after: None, before: None }
    }

    /// Keeps rows whose `column` is `value`, if there is a value.
    pub(super) fn equal(&mut self, column: &'static str, value: Option<&str>) -> &mut Self {
        self.conditions.extend(value.map(|value| Condition::Equal(column, value.to_owned())));
        self
    }

    /// Names the index to walk, where SQLite would take one that leaves more rows to be looked at. It has to have
    /// every condition's column, or the query fails.
    pub(super) fn by(&mut self, index: Option<&'static str>) -> &mut Self {
        self.index = index;
        self
    }

    /// Keeps rows whose `expires_at` has passed at `now`, or those whose has not.
    pub(super) fn expired(&mut self, expired: bool, now: Timestamp) -> &mut Self {
        self.conditions.push(Condition::Expired(expired, now));
        self
    }

    /// Keeps rows whose `column` is one of `values`; none at all when there are no values. For one column only.
    pub(super) fn one_of(&mut self, column: &'static str, values: Vec<&'static str>) -> &mut Self {
        self.one_of = Some((column, values));
        self
    }

    /// Keeps rows that a condition without values lets through.
    pub(super) fn only(&mut self, condition: &'static str) -> &mut Self {
        self.conditions.push(Condition::Only(condition));
        self
    }

    /// Keeps rows created later than `since`.
    pub(super) fn later_than(&mut self, since: Timestamp) -> &mut Self {
        self.created(Created { gt: Some(since), ..Created::default() })
    }

    /// Keeps rows created within the bounds.
    pub(super) fn created(&mut self, created: Created) -> &mut Self {
        let first = |created| Place { created, seq: i64::MIN };
        let last = |created| Place { created, seq: i64::MAX };
        for after in [created.at.map(first), created.gte.map(first), created.gt.map(last)] {
            self.after = self.after.max(after);
        }
        for before in [created.at.map(last), created.lte.map(last), created.lt.map(first)] {
            self.end_before(before);
        }
        self
    }

    fn end_before(&mut self, place: Option<Place>) {
        self.before = match (self.before, place) {
            (Some(known), Some(place)) => Some(known.min(place)),
            (known, place) => known.or(place),
        };
    }

    /// Reads one page of rows that `decode` understands.
    pub(super) async fn rows<T>(
        &mut self,
        connection: &mut Connection,
        span: Span,
        limit: i64,
        decode: fn(&SqliteRow) -> Result<T, Failure>,
    ) -> Result<Rows<T>, Failure> {
        let found = self.page(span, limit).build().fetch_all(connection).await?;
        let rows = found.iter().map(decode).collect::<Result<_, _>>()?;
        Ok(Rows::cut(rows, limit, span))
    }

    /// Keeps one page and one row more, which tells whether there is another page.
    pub(super) fn page(&mut self, span: Span, limit: i64) -> QueryBuilder<Backend> {
        match span {
            Span::Newest => {}
            Span::OlderThan(place) => self.end_before(Some(place)),
            Span::NewerThan(place) => self.after = self.after.max(Some(place)),
        }
        let order = if matches!(span, Span::NewerThan(_)) { "ASC" } else { "DESC" };
        let most = limit + 1;
        let mut sql = QueryBuilder::new(format!("SELECT {} FROM {}", self.select, self.table));
        if let Some(index) = self.index {
            sql.push(" INDEXED BY ").push(index);
        }
        let Some((column, values)) = &self.one_of else {
            self.part(&mut sql, None, order, most);
            return sql;
        };
        // Each value has rows in order, and the page is among the first of each: no index has them in one order.
        sql.push(" WHERE seq IN (SELECT NULL WHERE FALSE");
        for value in values {
            sql.push(format_args!(" UNION ALL SELECT * FROM (SELECT seq FROM {}", self.table));
            self.part(&mut sql, Some((*column, *value)), order, most);
            sql.push(")");
        }
        sql.push(format_args!(") ORDER BY created {order}, seq {order} LIMIT ")).push_bind(most);
        sql
    }

    /// `WHERE`, `ORDER BY` and `LIMIT`.
    fn part(
        &self,
        sql: &mut QueryBuilder<Backend>,
        value: Option<(&'static str, &'static str)>,
        order: &str,
        most: i64,
    ) {
        let mut word = " WHERE ";
        if let Some((column, value)) = value {
            sql.push(word).push(column).push(" = ").push_bind(value);
            word = " AND ";
        }
        for condition in &self.conditions {
            sql.push(word);
            word = " AND ";
            match condition {
                Condition::Equal(column, value) => sql.push(column).push(" = ").push_bind(value.clone()),
                Condition::Expired(true, now) => sql.push("expires_at <= ").push_bind(*now),
                Condition::Expired(false, now) => {
                    sql.push("(expires_at IS NULL OR expires_at > ").push_bind(*now).push(")")
                }
                Condition::Only(text) => sql.push(text),
            };
        }
        for (comparison, place) in [(" > (", self.after), (" < (", self.before)] {
            let Some(Place { created, seq }) = place else { continue };
            sql.push(word).push("(created, seq)").push(comparison);
            sql.push_bind(created).push(", ").push_bind(seq).push(")");
            word = " AND ";
        }
        sql.push(format_args!(" ORDER BY created {order}, seq {order} LIMIT ")).push_bind(most);
    }
}
