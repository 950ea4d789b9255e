//! Versions of the API: which there are, and which one a request asks for. For the rest of the sandbox.
//!
//! The sandbox answers in the shapes of the newest version whatever is asked for; what it knows of versions is which
//! names are refused, and which name its answers and events carry.

use std::fmt;
use std::str::FromStr;

use axum::http::HeaderMap;

use super::errors::Refused;
use crate::identity::API_VERSION;

/// The header that carries a version.
pub(super) const HEADER: &str = "stripe-version";

/// Every published version, oldest first, as the official SDKs list them for `api_version` of a webhook endpoint:
/// `WebhookEndpointCreateParams.ApiVersion` of stripe-node 23.1.0, <https://www.npmjs.com/package/stripe>.
const PUBLISHED: &[&str] = &[
    "2011-01-01",
    "2011-06-21",
    "2011-06-28",
    "2011-08-01",
    "2011-09-15",
    "2011-11-17",
    "2012-02-23",
    "2012-03-25",
    "2012-06-18",
    "2012-06-28",
    "2012-07-09",
    "2012-09-24",
    "2012-10-26",
    "2012-11-07",
    "2013-02-11",
    "2013-02-13",
    "2013-07-05",
    "2013-08-12",
    "2013-08-13",
    "2013-10-29",
    "2013-12-03",
    "2014-01-31",
    "2014-03-13",
    "2014-03-28",
    "2014-05-19",
    "2014-06-13",
    "2014-06-17",
    "2014-07-22",
    "2014-07-26",
    "2014-08-04",
    "2014-08-20",
    "2014-09-08",
    "2014-10-07",
    "2014-11-05",
    "2014-11-20",
    "2014-12-08",
    "2014-12-17",
    "2014-12-22",
    "2015-01-11",
    "2015-01-26",
    "2015-02-10",
    "2015-02-16",
    "2015-02-18",
    "2015-03-24",
    "2015-04-07",
    "2015-06-15",
    "2015-07-07",
    "2015-07-13",
    "2015-07-28",
    "2015-08-07",
    "2015-08-19",
    "2015-09-03",
    "2015-09-08",
    "2015-09-23",
    "2015-10-01",
    "2015-10-12",
    "2015-10-16",
    "2016-02-03",
    "2016-02-19",
    "2016-02-22",
    "2016-02-23",
    "2016-02-29",
    "2016-03-07",
    "2016-06-15",
    "2016-07-06",
    "2016-10-19",
    "2017-01-27",
    "2017-02-14",
    "2017-04-06",
    "2017-05-25",
    "2017-06-05",
    "2017-08-15",
    "2017-12-14",
    "2018-01-23",
    "2018-02-05",
    "2018-02-06",
    "2018-02-28",
    "2018-05-21",
    "2018-07-27",
    "2018-08-23",
    "2018-09-06",
    "2018-09-24",
    "2018-10-31",
    "2018-11-08",
    "2019-02-11",
    "2019-02-19",
    "2019-03-14",
    "2019-05-16",
    "2019-08-14",
    "2019-09-09",
    "2019-10-08",
    "2019-10-17",
    "2019-11-05",
    "2019-12-03",
    "2020-03-02",
    "2020-08-27",
    "2022-08-01",
    "2022-11-15",
    "2023-08-16",
    "2023-10-16",
    "2024-04-10",
    "2024-06-20",
    "2024-09-30.acacia",
    "2024-10-28.acacia",
    "2024-11-20.acacia",
    "2024-12-18.acacia",
    "2025-01-27.acacia",
    "2025-02-24.acacia",
    "2025-03-01.dashboard",
    "2025-03-31.basil",
    "2025-04-30.basil",
    "2025-05-28.basil",
    "2025-06-30.basil",
    "2025-07-30.basil",
    "2025-08-27.basil",
    "2025-09-30.clover",
    "2025-10-29.clover",
    "2025-11-17.clover",
    "2025-12-15.clover",
    "2026-01-28.clover",
    "2026-02-25.clover",
    "2026-03-25.dahlia",
    "2026-04-22.dahlia",
    "2026-05-27.dahlia",
    "2026-06-24.dahlia",
    "2026-07-29.dahlia",
    "2026-08-26.dahlia",
    "2026-09-30.endive",
    "2026-10-28.endive",
];

/// The first version with a public preview beside it, which is called by the same date and [`PREVIEW`]: the first that
/// stripe-node was released for, by `src/apiVersion.ts` in <https://github.com/stripe/stripe-node>.
const FIRST_WITH_PREVIEW: &str = "2025-03-31.basil";
/// What the name of a public preview ends with.
const PREVIEW: &str = ".preview";

/// A version of the API that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiVersion(String);

/// There is no such version of the API, or no such beta.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct UnknownVersion {
    version: String,
    beta: Option<String>,
}

impl fmt::Display for UnknownVersion {
    /// The API's own sentences; the second one as in <https://github.com/stripe-samples/link/issues/58>.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Invalid Stripe API version: {}", self.version)?;
        match &self.beta {
            None => Ok(()),
            Some(beta) => write!(
                f,
                ". You do not have permission to pass this beta header: {beta}. If you have any questions, we can help \
                 at https://support.stripe.com/."
            ),
        }
    }
}

impl ApiVersion {
    /// Its name on the wire: `2026-10-28.endive`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ApiVersion {
    /// The newest one.
    fn default() -> Self {
        Self(API_VERSION.to_owned())
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ApiVersion {
    type Err = UnknownVersion;

    /// Takes the published versions and their previews. Betas come behind a semicolon, as in
    /// `2020-08-27; link_beta=v1`, and the account of a sandbox has none.
    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        let refuse = |beta: Option<&str>| {
            Err(UnknownVersion { version: text.to_owned(), beta: beta.map(str::to_owned) })
        };
        let (version, betas) = text.split_once(';').map_or((text, None), |(it, betas)| (it, Some(betas)));
        if !exists(version.trim()) {
            return refuse(None);
        }
        let beta = betas.and_then(|betas| betas.split(';').next()).map(str::trim);
        match beta {
            None => Ok(Self(version.trim().to_owned())),
            Some(beta) => refuse(beta.split('=').next().filter(|name| !name.is_empty())),
        }
    }
}

impl From<UnknownVersion> for Refused {
    fn from(unknown: UnknownVersion) -> Self {
        Self::new(unknown.to_string())
    }
}

fn exists(version: &str) -> bool {
    if PUBLISHED.contains(&version) {
        return true;
    }
    let dated = |date: &str| {
        let published = PUBLISHED.iter().rev().take_while(|known| **known >= FIRST_WITH_PREVIEW);
        published.filter_map(|known| known.split_once('.')).any(|(known, _)| known == date)
    };
    version.strip_suffix(PREVIEW).is_some_and(dated)
}

/// The version that a request names, if it names one. Headers that come several times are read as one list, which is
/// no version: <https://github.com/beam-community/stripity-stripe/pull/613>.
pub(super) fn asked(headers: &HeaderMap) -> Result<Option<ApiVersion>, Refused> {
    let named: Vec<_> =
        headers.get_all(HEADER).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    if named.is_empty() { Ok(None) } else { Ok(Some(named.join(", ").parse()?)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<String> {
        text.parse::<ApiVersion>().err().map(|unknown| unknown.to_string())
    }

    #[test]
    fn every_published_version_is_taken_and_nothing_near_it() {
        assert!(PUBLISHED.is_sorted());
        assert_eq!(PUBLISHED.last(), Some(&API_VERSION));
        for version in PUBLISHED {
            assert_eq!(said(version), None, "{version}");
            for near in [format!("{version}x"), version[1..].to_owned(), format!("{version}.preview")] {
                assert_eq!(said(&near), Some(format!("Invalid Stripe API version: {near}")));
            }
        }
    }

    #[test]
    fn what_sdks_were_released_with_is_taken() {
        // Some of those that stripe-node has pinned, by the history of its `src/apiVersion.ts`.
        for pinned in ["2022-11-15", "2023-10-16", "2024-06-20"] {
            assert_eq!(said(pinned), None, "{pinned}");
        }
        for pinned in ["2025-03-31.basil", "2025-03-31.preview", "2025-08-27.preview", "2026-03-25.preview"] {
            assert_eq!(said(pinned), None, "{pinned}");
        }
    }

    #[test]
    fn what_does_not_exist_is_refused_as_it_was_sent() {
        for nonsense in ["", "nonsense", "2023-99-99", "2019-2-19", "2025-12-15", "2022-11-15.preview", "é"]
        {
            assert_eq!(said(nonsense), Some(format!("Invalid Stripe API version: {nonsense}")));
        }
        for (sent, beta) in
            [("2020-08-27;link_beta=v1", "link_beta"), ("2020-03-02; oxxo_beta=v1; b=v2", "oxxo_beta")]
        {
            assert_eq!(
                said(sent),
                Some(format!(
                    "Invalid Stripe API version: {sent}. You do not have permission to pass this beta header: {beta}. \
                     If you have any questions, we can help at https://support.stripe.com/."
                ))
            );
        }
        assert_eq!(
            said("nonsense; link_beta=v1").as_deref(),
            Some("Invalid Stripe API version: nonsense; link_beta=v1")
        );
    }
}
