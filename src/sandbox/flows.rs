//! Verification flows: checks that a session takes from its `vf_…` instead of its own options. Sandbox only.
//!
//! The API has no call that makes flows; they are made in its Dashboard. Here a few are built in, and scenarios bring
//! more. Every flow checks a document.

use std::sync::LazyLock;

use serde_json::{Value, json};

/// A flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Flow {
    /// `vf_…`.
    pub(in crate::sandbox) id: String,
    /// The `options` of its sessions.
    pub(in crate::sandbox) options: Value,
}

impl Flow {
    /// Whether its sessions have the check or setting called `name`.
    pub(in crate::sandbox) fn has(&self, name: &str) -> bool {
        self.options[name].is_object()
    }
}

static BUILT_IN: LazyLock<Vec<Flow>> = LazyLock::new(|| {
    let code = json!({ "require_verification": true });
    let similar = json!({ "dob": "similar", "name": "similar" });
    let selfie = json!({ "require_live_capture": true, "require_matching_selfie": true });
    let flow = |id: &str, options| Flow { id: id.to_owned(), options };
    vec![
        flow("vf_1VettyDocument", json!({ "document": {} })),
        flow("vf_1VettySelfie", json!({ "document": selfie })),
        flow("vf_1VettyIdNumber", json!({ "document": {}, "id_number": {}, "matching": similar })),
        flow("vf_1VettyEmail", json!({ "document": {}, "email": code })),
        flow("vf_1VettyPhone", json!({ "document": {}, "phone": code })),
        flow(
            "vf_1VettyEmailPhone",
            json!({ "document": selfie, "email": code, "matching": similar, "phone": code }),
        ),
    ]
});

/// The flows that every sandbox has.
pub(in crate::sandbox) fn built_in() -> &'static [Flow] {
    &BUILT_IN
}
