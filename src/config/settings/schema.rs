//! Keeps the committed JSON schema equal to the types.

use super::{SETTINGS_SCHEMA, Settings};

/// The variable that makes the test write the schema instead of comparing it.
const WRITE: &str = "VETTY_WRITE_SCHEMA";

#[test]
fn the_committed_schema_is_that_of_the_types() {
    let schema = schemars::schema_for!(Settings);
    let mut text = serde_json::to_string_pretty(&schema).unwrap();
    text.push('\n');
    if std::env::var_os(WRITE).is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/settings.schema.json");
        std::fs::write(path, &text).unwrap();
        return;
    }
    let stale = "assets/settings.schema.json is stale; run: VETTY_WRITE_SCHEMA=1 cargo test --lib schema";
    assert!(text == SETTINGS_SCHEMA, "{stale}");
}

#[test]
fn the_schema_has_ranges_defaults_and_no_other_names() {
    let schema: serde_json::Value = serde_json::from_str(SETTINGS_SCHEMA).unwrap();
    let hold = &schema["properties"]["hold_seconds"];
    assert_eq!((hold["minimum"].as_u64(), hold["maximum"].as_u64()), (Some(0), Some(600)));
    assert_eq!(hold["default"], 10);
    assert_eq!(schema["properties"]["reasons"]["default"][4]["note"], true);
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["$defs"]["ProfileSettings"]["additionalProperties"], false);
    // What is read is what is described: every name in the file is a name in the schema.
    let file: toml::Table = toml::from_str(super::DEFAULT_SETTINGS).unwrap();
    for name in file.keys() {
        assert!(schema["properties"][name].is_object(), "{name}");
    }
}
