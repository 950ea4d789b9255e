//! Files and links as the API shows them. For this folder only.

use serde_json::{Value, json};

use crate::clock::Timestamp;
use crate::sandbox::render;
use crate::sandbox::store::file_links::FileLinkRow;
use crate::sandbox::store::files::FileRow;

/// A file with its newest links. `gone` after a redaction: the object stays, and has no contents.
pub(super) fn file(row: &FileRow, gone: bool, links: &Value, api_base: &str) -> Value {
    let url = (!gone).then(|| format!("{api_base}/v1/files/{}/contents", row.id));
    json!({
        "id": row.id,
        "object": "file",
        "created": row.created,
        "expires_at": null,
        "filename": format!("{}.png", row.picture.name()),
        "links": links,
        "purpose": row.picture.purpose(),
        "size": row.picture.size(),
        "title": null,
        "type": "png",
        "url": url,
    })
}

/// The list of links inside a file.
pub(super) fn links_of(id: &str, links: Vec<Value>, has_more: bool) -> Value {
    render::list(&format!("/v1/file_links?file={id}"), links, has_more)
}

/// A link. `file` is its file's id, or the file itself when that is expanded. Its address is shown to those who may
/// open what it opens.
pub(super) fn link(
    row: &FileLinkRow,
    file: &Value,
    shows_url: bool,
    now: Timestamp,
    api_base: &str,
) -> Value {
    let expired = row.expired(now);
    let url = (shows_url && !expired).then(|| format!("{api_base}/links/{}", row.token));
    json!({
        "id": row.id,
        "object": "file_link",
        "created": row.created,
        "expired": expired,
        "expires_at": row.expires_at,
        "file": file,
        "livemode": false,
        "metadata": row.metadata,
        "url": url,
    })
}
