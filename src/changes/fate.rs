//! What became of one try of a change.

/// What became of one try, as far as its own answer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It never left this machine, or never arrived: no name, no connection.
    NotSent,
    /// The API was too busy to begin (429).
    TurnedAway,
    /// The API said no.
    Refused,
    /// The API is still working on an earlier try under the same key (409).
    Busy,
    /// It may have been sent, and nothing that came back proves what became of it: no answer, one that is cut or
    /// cannot be read, a failure of the server, or an object that is not as wanted.
    Open,
    /// The API answered with the object that was asked for, as wanted.
    Proven,
}

impl Fate {
    /// Whether the change may have happened in this try, or may still happen, with nothing to prove it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Busy | Self::Open)
    }
}
