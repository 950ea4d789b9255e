//! The vocabulary of the Identity API: objects, parameters, errors, and the lifecycle that ties them together.
//!
//! Floor 1: pure, no I/O; imports `clock`, `text` and `privacy` only. Everybody above may import it. The sandbox and the
//! client share these words and nothing else.

pub mod advice;
mod enums;
mod error;
mod field;
mod fits;
mod ids;
pub mod lifecycle;
pub mod outward;
mod page;
pub mod params;
pub mod personal;
mod progress;
mod report;
mod session;

pub use enums::{
    CheckKind, CheckStatus, DocumentType, ErrorCode, IdNumberType, Matching, RedactionStatus, Sex, Status,
    VerificationType,
};
pub use error::{ApiError, RawApiError};
pub use field::{Expandable, Field, HasId};
pub use ids::{FileId, ReportId, SessionId};
pub use page::{ListItem, ListPage};
pub use progress::Progress;
pub use report::{
    Address, CheckError, Date, DocumentCheck, EmailCheck, IdNumberCheck, PhoneCheck, Report, SelfieCheck,
    full_name,
};
pub use session::{
    DocumentOptions, EmailOptions, IdNumberOptions, LastError, MatchingOptions, Options, PhoneOptions,
    ProvidedDetails, Redaction, RelatedPerson, Session, VerifiedOutputs,
};

/// The API version that this vocabulary was written against, sent as `Stripe-Version`.
pub const API_VERSION: &str = "2026-10-28.endive";
