//! Why there is no API to ask.

use crate::app::{Problem, ProblemKind};
use crate::blocking::Ending;
use crate::client::ClientBuildError;
use crate::config::ConfigError;
#[cfg(feature = "sandbox")]
use crate::sandbox::StartError;

/// Why there is no API to ask.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectError {
    /// The program ends before the state folder was opened.
    #[error(transparent)]
    Ending(#[from] Ending),
    /// The key or the settings of the client are no good.
    #[error("the API cannot be asked: {0}")]
    Client(#[from] ClientBuildError),
    /// The embedded sandbox does not start.
    #[cfg(feature = "sandbox")]
    #[error("the sandbox did not start: {0}")]
    Sandbox(#[from] StartError),
    /// The embedded sandbox started at an address that the client does not take.
    #[cfg(feature = "sandbox")]
    #[error("the sandbox did not start: {0}")]
    SandboxAddress(#[source] ConfigError),
    /// This build has no sandbox; the settings say so before it comes to this.
    #[cfg(not(feature = "sandbox"))]
    #[error("this build has no sandbox")]
    NoSandbox,
    /// The profile is not in the settings any more.
    #[error("profile {0} cannot be used: it is not there any more")]
    ProfileGone(String),
    /// The profile does not say what it should.
    #[error("profile {name} cannot be used: {source}")]
    Profile {
        /// Its name.
        name: String,
        /// What is wrong with it.
        source: Box<ConfigError>,
    },
}

impl From<ConnectError> for Problem {
    fn from(error: ConnectError) -> Self {
        let problem = Self::told(ProblemKind::Other, &error.to_string());
        match error {
            ConnectError::Ending(_) | ConnectError::Client(_) => problem,
            #[cfg(feature = "sandbox")]
            ConnectError::Sandbox(_) | ConnectError::SandboxAddress(_) => problem,
            #[cfg(not(feature = "sandbox"))]
            ConnectError::NoSandbox => problem.with_hint("Set STRIPE_API_KEY, or choose a profile."),
            ConnectError::ProfileGone(_) | ConnectError::Profile { .. } => {
                problem.with_hint("Everything stays as it was.")
            }
        }
    }
}
