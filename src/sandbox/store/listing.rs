//! What all lists have in common: filters, bounds of time, cursors, newest first. Sandbox only.

use sqlx::QueryBuilder;
use sqlx::sqlite::SqliteRow;

use super::{Backend, Connection};
use crate::identity::Timestamp;
use crate::identity::params::Created;
use crate::sandbox::errors::Failure;

/// The place of an object in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        let found: Option<(i64, i64)> = sqlx::query_as(select).bind(id).fetch_optional(connection).await?;
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

/// A `SELECT` under construction.
pub(super) struct Query {
    builder: QueryBuilder<Backend>,
    filtered: bool,
}

impl Query {
    /// Begins with `select`, which names columns and table.
    pub(super) fn new(select: &'static str) -> Self {
        Self { builder: QueryBuilder::new(select), filtered: false }
    }

    fn and(&mut self, condition: &str) {
        self.builder.push(if self.filtered { " AND " } else { " WHERE " }).push(condition);
        self.filtered = true;
    }

    /// Keeps rows whose `column` is `value`, if there is a value.
    pub(super) fn equal(&mut self, column: &'static str, value: Option<&str>) -> &mut Self {
        if let Some(value) = value {
            self.and(column);
            self.builder.push(" = ").push_bind(value.to_owned());
        }
        self
    }

    /// Keeps rows whose `expires_at` has passed at `now`, or those whose has not.
    pub(super) fn expired(&mut self, expired: bool, now: Timestamp) -> &mut Self {
        self.and(if expired { "expires_at <= " } else { "(expires_at IS NULL OR expires_at > " });
        self.builder.push_bind(now);
        if !expired {
            self.builder.push(")");
        }
        self
    }

    /// Keeps rows whose `column` is one of `values`; none at all when there are no values.
    pub(super) fn one_of(&mut self, column: &'static str, values: &[&'static str]) -> &mut Self {
        self.and(column);
        self.builder.push(" IN (");
        let mut list = self.builder.separated(", ");
        for value in values {
            list.push_bind(*value);
        }
        self.builder.push(")");
        self
    }

    /// Keeps rows that a condition without values lets through.
    pub(super) fn only(&mut self, condition: &'static str) -> &mut Self {
        self.and(condition);
        self
    }

    /// Keeps rows created later than `since`.
    pub(super) fn later_than(&mut self, since: Timestamp) -> &mut Self {
        self.and("created");
        self.builder.push(" > ").push_bind(since);
        self
    }

    /// Keeps rows created within the bounds.
    pub(super) fn created(&mut self, created: Created) -> &mut Self {
        let bounds = [
            (" = ", created.at),
            (" > ", created.gt),
            (" >= ", created.gte),
            (" < ", created.lt),
            (" <= ", created.lte),
        ];
        for (comparison, bound) in bounds {
            if let Some(bound) = bound {
                self.and("created");
                self.builder.push(comparison).push_bind(bound);
            }
        }
        self
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
    pub(super) fn page(&mut self, span: Span, limit: i64) -> &mut QueryBuilder<Backend> {
        let (place, comparison, order) = match span {
            Span::Newest => (None, "", "DESC"),
            Span::OlderThan(place) => (Some(place), " < ", "DESC"),
            Span::NewerThan(place) => (Some(place), " > ", "ASC"),
        };
        if let Some(Place { created, seq }) = place {
            self.and("(created, seq)");
            self.builder.push(comparison).push("(").push_bind(created).push(", ").push_bind(seq).push(")");
        }
        self.builder.push(format_args!(" ORDER BY created {order}, seq {order} LIMIT "));
        self.builder.push_bind(limit + 1)
    }
}
