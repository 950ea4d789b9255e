//! Pictures and links to them.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::TryStreamExt as _;
use stripe_core::file::{ListFile, RetrieveFile};
use stripe_core::file_link::{
    CreateFileLink, ListFileLink, RetrieveFileLink, UpdateFileLink, UpdateFileLinkExpiresAt,
};
use stripe_shared::FilePurpose;

use crate::{Sandbox, plain};

/// Finds a picture, links to it, opens the link and ends it.
pub async fn files(sandbox: &mut Sandbox) {
    let Some(session) = sandbox.create("rust files").await else { return };
    sandbox.submit(&session, "verified", 0);
    for purpose in [FilePurpose::Selfie, FilePurpose::IdentityDocumentDownloadable] {
        let pages = ListFile::new().purpose(purpose.clone()).limit(100).paginate();
        let all = pages.stream(&sandbox.secret).try_collect::<Vec<_>>().await;
        let count = sandbox.tally.answer("files", all).map_or(0, |all| all.len());
        sandbox.tally.check(purpose.as_str(), count > 5, count);
    }
    let newest = ListFile::new().limit(1).send(&sandbox.restricted).await;
    let newest = sandbox.tally.answer("the newest file", newest);
    let Some(file) = newest.and_then(|page| page.data.into_iter().next()) else { return };
    let url = file.url.clone().unwrap_or_default();
    let (status, picture) = plain::ask("GET", &url, Some(&sandbox.restricted_key), "");
    sandbox.tally.check("its contents", status.contains(" 200 ") && picture.starts_with(b"\x89PNG"), &status);
    sandbox.tally.equal("its size", picture.len() as u64, file.size);
    let (status, _) = plain::ask("GET", &url, Some(&sandbox.secret_key), "");
    sandbox.tally.check("not for secret keys", status.contains(" 403 "), &status);
    links(sandbox, file.id.as_str(), &picture).await;
    let again = RetrieveFile::new(file.id).send(&sandbox.restricted).await;
    let links =
        sandbox.tally.answer("retrieve a file", again).and_then(|file| file.links).map(|it| it.data.len());
    sandbox.tally.equal("its links", links, Some(1));
}

async fn links(sandbox: &mut Sandbox, file: &str, picture: &[u8]) {
    // The sandbox's clock may be ahead of ours: its own time stands on what it makes.
    let ours = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs().cast_signed());
    let theirs = sandbox.create("rust clock").await.map_or(ours, |session| session.created);
    let made = CreateFileLink::new(file)
        .expires_at(theirs + 25)
        .metadata(HashMap::from([("a".to_owned(), "1".to_owned())]))
        .send(&sandbox.restricted)
        .await;
    let Some(link) = sandbox.tally.answer("create a link", made) else { return };
    let (status, seen) = plain::ask("GET", link.url.as_deref().unwrap_or_default(), None, "");
    sandbox.tally.check("the link opens", status.contains(" 200 ") && seen == picture, &status);
    let expand =
        RetrieveFileLink::new(link.id.clone()).expand(["file".to_owned()]).send(&sandbox.restricted).await;
    let inside = sandbox.tally.answer("a link", expand).map(|link| link.file.is_object());
    sandbox.tally.equal("its file", inside, Some(true));
    let listed = ListFileLink::new().file(file).expired(false).send(&sandbox.restricted).await;
    let listed = sandbox.tally.answer("links", listed).map(|page| page.data.len());
    sandbox.tally.equal("one link", listed, Some(1));
    let ended =
        UpdateFileLink::new(link.id).expires_at(UpdateFileLinkExpiresAt::Now).send(&sandbox.restricted).await;
    let ended = sandbox.tally.answer("end a link", ended).map(|link| link.expired);
    sandbox.tally.equal("it has ended", ended, Some(true));
    let late = CreateFileLink::new(file).expires_at(theirs + 3600).send(&sandbox.restricted).await;
    sandbox.tally.refused("an hour", late, 400, "invalid_request_error", None, Some("expires_at"));
}
