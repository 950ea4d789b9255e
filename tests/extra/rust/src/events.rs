//! Events, and webhooks with the SDK's own verifier.

use futures_util::TryStreamExt as _;
use stripe_core::event::{ListEvent, RetrieveEvent};
use stripe_misc::webhook_endpoint::{
    CreateWebhookEndpoint, CreateWebhookEndpointEnabledEvents as Enabled, DeleteWebhookEndpoint,
    ListWebhookEndpoint, RetrieveWebhookEndpoint, UpdateWebhookEndpoint, UpdateWebhookEndpointEnabledEvents,
};
use stripe_webhook::{EventObject, Webhook};

use crate::Sandbox;
use crate::plain::{self, Webhooks};

/// What has happened so far, read page by page.
pub async fn events(sandbox: &mut Sandbox) {
    let all = ListEvent::new().limit(100).paginate().stream(&sandbox.secret).try_collect::<Vec<_>>().await;
    let Some(all) = sandbox.tally.answer("every event", all) else { return };
    sandbox.tally.check("many of them", all.len() > 100, all.len());
    for kind in ["created", "processing", "verified", "requires_input", "canceled", "redacted"] {
        let name = format!("identity.verification_session.{kind}");
        let count = all.iter().filter(|event| event.type_.as_str() == name).count();
        let pages = ListEvent::new().types([name.clone()]).limit(100).paginate();
        let found = pages.stream(&sandbox.secret).try_collect::<Vec<_>>().await;
        let found = sandbox.tally.answer("by type", found).unwrap_or_default();
        sandbox.tally.equal(&name, found.len(), count);
        let Some(event) = found.first() else {
            sandbox.tally.check(&name, false, "there is none");
            continue;
        };
        let one = RetrieveEvent::new(event.id.clone()).send(&sandbox.secret).await;
        let one = sandbox.tally.answer("one event", one).map(|one| one.type_.as_str().to_owned());
        sandbox.tally.equal("its type", one, Some(name.clone()));
        // The webhook half of the SDK reads the object inside as one of its own types, too.
        let url = format!("{}/v1/events/{}", sandbox.api_base, event.id);
        let (_, plain) = plain::ask("GET", &url, Some(&sandbox.secret_key), "");
        match Webhook::insecure(&String::from_utf8_lossy(&plain)) {
            Ok(event) => sandbox.tally.object("its object", &event),
            Err(error) => sandbox.tally.check("its object", false, error),
        }
    }
    let wild = ListEvent::new().type_("identity.*.canceled").send(&sandbox.secret).await;
    let wild = sandbox.tally.answer("a wildcard", wild).map_or(0, |page| page.data.len());
    sandbox.tally.check("finds some", wild > 0, wild);
}

/// Registers an endpoint, and reads what is sent there.
pub async fn webhooks(sandbox: &mut Sandbox) {
    let receiver = Webhooks::listen();
    let made = CreateWebhookEndpoint::new([Enabled::All], receiver.url.as_str()).description("first");
    let Some(hook) = sandbox.tally.answer("create a hook", made.send(&sandbox.secret).await) else { return };
    let secret = hook.secret.clone().unwrap_or_default();
    sandbox.tally.check("its secret", secret.starts_with("whsec_"), &secret);
    sandbox.tally.check("another secret", secret != sandbox.webhook_secret, &secret);
    let Some(session) = sandbox.create("rust webhooks").await else { return };
    let (body, signature) = receiver.next().unwrap_or_default();
    match Webhook::construct_event(&body, &signature, &secret) {
        Ok(event) => {
            let about = match &event.data.object {
                EventObject::IdentityVerificationSessionCreated(about) => Some(about.id.clone()),
                _ => None,
            };
            sandbox.tally.equal("who was created", about, Some(session.id));
        }
        Err(error) => sandbox.tally.check("an event", false, (error, &body)),
    }
    let forged = Webhook::construct_event(&format!("{body} "), &signature, &secret);
    sandbox.tally.check("a forged body", forged.is_err(), &forged);
    let read = RetrieveWebhookEndpoint::new(hook.id.clone()).send(&sandbox.secret).await;
    let read = sandbox.tally.answer("retrieve a hook", read).map(|it| (it.description, it.secret));
    sandbox.tally.equal("as it was", read, Some((Some("first".to_owned()), None)));
    let listed = ListWebhookEndpoint::new().limit(100).send(&sandbox.secret).await;
    let listed = sandbox.tally.answer("list hooks", listed);
    let found = listed.is_some_and(|page| page.data.iter().any(|it| it.id == hook.id));
    sandbox.tally.check("it is among them", found, &hook.id);
    let changed = UpdateWebhookEndpoint::new(hook.id.clone())
        .enabled_events([UpdateWebhookEndpointEnabledEvents::IdentityVerificationSessionRedacted])
        .disabled(true)
        .send(&sandbox.secret)
        .await;
    let changed = sandbox.tally.answer("update a hook", changed).map(|it| it.status);
    sandbox.tally.equal("disabled", changed.as_deref(), Some("disabled"));
    let gone = DeleteWebhookEndpoint::new(hook.id).send(&sandbox.secret).await;
    sandbox.tally.answer("delete a hook", gone);
}
