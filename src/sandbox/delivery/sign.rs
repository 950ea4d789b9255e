//! The `Stripe-Signature` header. Sandbox only.

use std::fmt::Write as _;

use hmac::digest::InvalidLength;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::clock::Timestamp;

/// `t=…,v1=…,v0=…`: `time` and `body` signed with the whole `whsec_…` text. `time` is on the wall clock, since it is
/// there for the receiver to compare with its own. `v0` is the decoy of test mode: a receiver that accepts it has
/// forgotten to look at the scheme.
///
/// # Errors
/// Never for a key of any length; the construction of the code allows for other codes.
pub(super) fn header(secret: &str, time: Timestamp, body: &str) -> Result<String, InvalidLength> {
    let code = Hmac::<Sha256>::new_from_slice(secret.as_bytes())?;
    let time = time.as_secs();
    let mut header = format!("t={time}");
    for (scheme, before) in [("v1", ""), ("v0", "decoy.")] {
        let mut code = code.clone();
        code.update(format!("{before}{time}.").as_bytes());
        code.update(body.as_bytes());
        // Writing into a String does not fail.
        let _ = write!(header, ",{scheme}=");
        for byte in code.finalize().into_bytes() {
            let _ = write!(header, "{byte:02x}");
        }
    }
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_signature() {
        // printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test
        let expected = "t=1700000000,v1=c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925";
        let signed = header("whsec_test", Timestamp::from_secs(1_700_000_000), "{\"id\":\"evt_1\"}")
            .expect("a header");
        let (signature, decoy) = signed.rsplit_once(",v0=").expect("a decoy");
        assert_eq!(signature, expected);
        assert!(decoy.len() == 64 && !signature.ends_with(decoy), "{signed}");
    }
}
