//! TLS for whatever opens connections: one provider of cryptography, and the certificates that this machine trusts.

use std::sync::Arc;

use rustls::client::WantsClientCert;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};
use rustls_platform_verifier::BuilderVerifierExt;

/// TLS that trusts what this machine trusts. Reads its certificates, which takes milliseconds: build it once.
///
/// # Errors
/// When the certificates cannot be read.
pub(crate) fn trusting_this_machine() -> Result<ClientConfig, rustls::Error> {
    builder()?.with_platform_verifier().map(ConfigBuilder::<_, WantsClientCert>::with_no_client_auth)
}

/// TLS that trusts nobody, for connections that are not encrypted: reads no certificate, and refuses each one.
///
/// # Errors
/// Never with the protocol versions of the library.
pub(crate) fn trusting_nobody() -> Result<ClientConfig, rustls::Error> {
    Ok(builder()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, rustls::Error> {
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
}
