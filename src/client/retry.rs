//! When to try again, and how long to wait before.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(8);

/// Whether a refusal may be gone at the next try. `advice` is the reply's `Stripe-Should-Retry`, which decides.
pub(super) const fn is_passing(status: u16, advice: Option<bool>) -> bool {
    match advice {
        Some(advice) => advice,
        None => matches!(status, 409 | 429 | 500..),
    }
}

/// The longest wait after the `failed`th try (1 is the first): 0.5 s, 1 s, 2 s, … up to 8 s.
fn ceiling(failed: u8) -> Duration {
    let doublings = u32::from(failed.saturating_sub(1)).min(16);
    (FIRST * 2_u32.pow(doublings)).min(LONGEST)
}

/// How long to wait after the `failed`th try: anything up to the ceiling, so that clients that failed together do
/// not come back together.
pub(super) fn pause(failed: u8) -> Duration {
    ceiling(failed).mul_f64(rand::random())
}

/// How long to wait before asking for the `n`th time whether the API is done with an earlier try: there is nobody to
/// make room for.
pub(super) fn wait(n: u8) -> Duration {
    ceiling(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_eight_seconds() {
        let ceilings: Vec<u128> = (1..=7).map(|failed| ceiling(failed).as_millis()).collect();
        assert_eq!(ceilings, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(ceiling(u8::MAX), LONGEST);
        let pauses: Vec<Duration> = (0..64).map(|_| pause(3)).collect();
        assert!(pauses.iter().all(|pause| *pause <= Duration::from_secs(2)));
        assert!(pauses.iter().any(|pause| *pause != pauses[0]), "no jitter");
    }

    #[test]
    fn the_header_decides_over_the_status() {
        for status in [409, 429, 500, 502, 503, 504] {
            assert!(is_passing(status, None));
            assert!(!is_passing(status, Some(false)));
        }
        for status in [302, 400, 401, 403, 404] {
            assert!(!is_passing(status, None));
            assert!(is_passing(status, Some(true)));
        }
    }
}
