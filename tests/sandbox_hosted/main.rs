//! The hosted page over real HTTP: every step, every refusal, links that open nothing, and what must never get through.

#![cfg(feature = "sandbox")]

#[expect(dead_code, reason = "the client serves other tests too")]
mod sandbox_http;

use std::collections::BTreeMap;

use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use sandbox_http::{Desk, REPORTS, Reply, path_of, send};
use serde_json::{Value, json};

const EVERYTHING: &str = "type=document&options[document][require_matching_selfie]=true\
    &options[document][require_id_number]=true&return_url=https://example.com/done?a=1%26b=2";
const PNG: &[u8] = b"\x89PNG\r\n\x1A\n and the rest of a picture";

/// A browser with cookies and without scripts, which shows one page at a time.
struct Browser {
    http: Client,
    base: String,
    cookies: BTreeMap<String, String>,
    /// Where it is, without the base.
    at: String,
    page: String,
}

impl Browser {
    /// Opens a session's page.
    async fn open(desk: &Desk, session: &Value) -> Self {
        let http = Client::builder().no_proxy().redirect(Policy::none()).build().expect("a client");
        let base = desk.running.api_base();
        let mut browser =
            Self { http, base, cookies: BTreeMap::new(), at: String::new(), page: String::new() };
        let url = session["url"].as_str().expect("a url");
        let path = url.strip_prefix(&browser.base).expect("a url of this sandbox").to_owned();
        let reply = browser.go(&path).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
        browser
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.http.request(method, format!("{}{path}", self.base)).header("cookie", cookies.join("; "))
    }

    /// Keeps cookies and follows redirects, as browsers do.
    async fn follow(&mut self, path: &str, request: RequestBuilder) -> Reply {
        let mut path = path.to_owned();
        let mut reply = send(request).await;
        loop {
            secure(&reply);
            for cookie in reply.headers.get_all("set-cookie") {
                let pair = cookie.to_str().expect("text").split(';').next().expect("a pair");
                let (name, value) = pair.split_once('=').expect("a cookie");
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            if reply.status != StatusCode::SEE_OTHER {
                break;
            }
            reply.header("location").expect("a location").clone_into(&mut path);
            reply = send(self.ask(Method::GET, &path)).await;
        }
        self.at = path;
        self.page.clone_from(&reply.text);
        reply
    }

    async fn go(&mut self, path: &str) -> Reply {
        let request = self.ask(Method::GET, path);
        self.follow(path, request).await
    }

    /// The address of the page that the link opens.
    fn start(&self) -> String {
        self.at.split('/').take(3).collect::<Vec<_>>().join("/")
    }

    fn step(&self) -> &str {
        self.at.split('/').nth(3).unwrap_or_default()
    }

    fn csrf(&self) -> String {
        let (_, rest) = self.page.split_once("name=\"csrf\" value=\"").expect("a form");
        rest.split('"').next().expect("a token").to_owned()
    }

    /// Sends the form of the step that the browser is at.
    async fn send(&mut self, fields: &str) -> Reply {
        let step = if self.step().is_empty() { "consent".to_owned() } else { self.step().to_owned() };
        self.send_to(&step, fields).await
    }

    async fn send_to(&mut self, step: &str, fields: &str) -> Reply {
        let path = format!("{}/{step}", self.start());
        let body = format!("csrf={}&{fields}", self.csrf());
        let request = self.form(&path, body);
        self.follow(&path, request).await
    }

    fn form(&self, path: &str, body: String) -> RequestBuilder {
        self.ask(Method::POST, path).header("content-type", "application/x-www-form-urlencoded").body(body)
    }

    /// Uploads a file at the step that the browser is at.
    async fn upload(&mut self, file: &[u8]) -> Reply {
        let path = self.at.clone();
        let mut body = format!(
            "--cut\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n--cut\r\nContent-Disposition: form-data; \
             name=\"picture\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n",
            self.csrf()
        )
        .into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(
            b"\r\n--cut\r\nContent-Disposition: form-data; name=\"use\"\r\n\r\nupload\r\n--cut--\r\n",
        );
        let request = self
            .ask(Method::POST, &path)
            .header("content-type", "multipart/form-data; boundary=cut")
            .body(body);
        self.follow(&path, request).await
    }

    /// Goes through every step with specimens, up to the choice of the outcome.
    async fn reach_outcome(&mut self) {
        while self.step() != "outcome" {
            let fields = match self.step() {
                "" => "answer=accept",
                "document" => "document=id_card",
                "email" | "phone" => "answer=code&code=000+000",
                _ => "use=specimen",
            };
            let before = self.at.clone();
            let reply = self.send(fields).await;
            assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
            assert_ne!(self.at, before, "the step is done");
        }
    }

    fn shows(&self, words: &str) -> bool {
        self.page.contains(words)
    }
}

/// What every reply of the page has to say, whatever it shows.
fn secure(reply: &Reply) {
    let policy = reply.header("content-security-policy").expect("a policy");
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(reply.header("referrer-policy"), Some("same-origin"), "the address is a secret");
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("access-control-allow-origin"), None);
    if reply.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
        assert!(!reply.text.contains("style=") && !reply.text.contains(" onclick"), "nothing inline");
        assert_eq!(reply.text.matches("<script").count(), 1, "{}", reply.text);
        assert!(reply.text.contains("<html lang=\"en\">"));
        assert_eq!(reply.text.matches("<h1>").count(), 1, "{}", reply.text);
    }
}

async fn session(desk: &Desk, path: &str) -> Value {
    desk.get(path).await.ok()
}

#[tokio::test]
async fn every_step_leads_to_a_verified_session() {
    let desk = Desk::open().await;
    let created = desk.create(EVERYTHING).await;
    let mut browser = Browser::open(&desk, &created).await;
    assert!(browser.shows("Pictures of an identity document") && browser.shows("Your ID number"));
    let mut steps = Vec::new();
    for fields in [
        "answer=accept",
        "document=driving_license",
        "use=specimen",
        "use=specimen",
        "use=specimen",
        "use=typed&kind=sg_nric&number=s1234567d",
    ] {
        browser.send(fields).await;
        steps.push(browser.step().to_owned());
    }
    assert_eq!(steps, ["document", "front", "back", "selfie", "id-number", "outcome"]);
    assert!(browser.shows("Step 7 of 7"), "{}", browser.page);
    browser.send("outcome=verified&delay=0").await;
    assert!(browser.shows("Your identity is verified"), "{}", browser.page);
    assert!(browser.shows("href=\"https://example.com/done?a=1&#38;b=2\""), "{}", browser.page);
    let verified = session(&desk, &path_of(&created)).await;
    assert_eq!((&verified["status"], &verified["url"]), (&json!("verified"), &Value::Null));
    let report = verified["last_verification_report"].as_str().expect("a report");
    let report = desk.get(&format!("{REPORTS}/{report}")).await.ok();
    for check in ["document", "selfie", "id_number"] {
        assert_eq!(report[check]["status"], "verified", "{check}");
    }
    assert!(!desk.get(&path_of(&created)).await.text.contains("1234567"), "what was typed is not kept");
}

#[tokio::test]
async fn every_refusal_that_is_offered_ends_with_its_code_and_can_be_tried_again() {
    let desk = Desk::open().await;
    let created = desk.create(EVERYTHING).await;
    let mut browser = Browser::open(&desk, &created).await;
    browser.reach_outcome().await;
    let offered: Vec<String> = browser
        .page
        .split("name=\"outcome\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().expect("a value").to_owned())
        .filter(|value| value != "verified")
        .collect();
    assert_eq!(offered.len(), 15, "{offered:?}");
    assert!(!offered.iter().any(|code| code.starts_with("email") || code.starts_with("phone")));
    for code in offered {
        browser.reach_outcome().await;
        browser.send(&format!("outcome={code}&delay=0")).await;
        assert!(browser.shows(&format!("<code>{code}</code>")), "{code}: {}", browser.page);
        let failed = session(&desk, &path_of(&created)).await;
        assert_eq!(
            (&failed["status"], &failed["last_error"]["code"]),
            (&json!("requires_input"), &json!(code))
        );
        let used = browser.start();
        browser.send_to("retry", "").await;
        assert_ne!(browser.start(), used, "another link");
        assert!(browser.shows("Agree and continue"), "{}", browser.page);
    }
}

#[tokio::test]
async fn steps_follow_the_options() {
    let desk = Desk::open().await;
    let live = desk
        .create("type=document&options[document][require_live_capture]=true&options[document][allowed_types][0]=passport")
        .await;
    let mut browser = Browser::open(&desk, &live).await;
    browser.send("answer=accept").await;
    assert!(browser.shows("value=\"passport\" required checked") && !browser.shows("value=\"id_card\""));
    let refused = browser.send("document=id_card").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.send("document=passport").await;
    assert!(!browser.shows("type=\"file\""), "{}", browser.page);
    assert_eq!(browser.upload(PNG).await.status, StatusCode::UNPROCESSABLE_ENTITY, "no way around it");
    browser.at = browser.start() + "/front";
    browser.send("use=specimen").await;
    assert_eq!(browser.step(), "outcome", "a passport has one side");

    let number = desk.create("type=id_number").await;
    let mut browser = Browser::open(&desk, &number).await;
    browser.send("answer=accept").await;
    assert_eq!(browser.step(), "id-number");
    for wrong in
        ["kind=us_ssn&number=12345", "kind=br_cpf&number=1", "kind=sg_nric&number=S12345678", "number=1234"]
    {
        let refused = browser.send(&format!("use=typed&{wrong}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(browser.shows("role=\"alert\"") && browser.shows("aria-invalid=\"true\""));
    }
    browser.send("use=typed&kind=br_cpf&number=111.444.777-35").await;
    assert_eq!(browser.step(), "outcome");
    assert!(!browser.shows("id_number_insufficient_document_data") && !browser.shows("document_expired"));
    assert_eq!(
        browser.send("outcome=document_expired&delay=0").await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "not offered, not taken"
    );
}

#[tokio::test]
async fn uploads_are_judged_by_their_content_and_size() {
    let desk = Desk::open().await;
    let created = desk.create("type=document").await;
    let mut browser = Browser::open(&desk, &created).await;
    browser.send("answer=accept").await;
    browser.send("document=id_card").await;
    let front = browser.at.clone();
    for (file, words) in [
        (b"".as_slice(), "Choose a picture first"),
        (b"<svg onload=alert(1)>", "no JPEG, PNG or WebP"),
        (b"GIF89a.........", "no JPEG, PNG or WebP"),
    ] {
        let refused = browser.upload(file).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(browser.shows(words), "{words}: {}", browser.page);
    }
    let mut huge = PNG.to_vec();
    huge.resize(10 * 1024 * 1024 + 1, 0);
    let refused = browser.upload(&huge).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.shows("larger than 10 MB"), "{}", browser.page);
    huge.pop();
    browser.upload(&huge).await;
    assert_eq!(browser.step(), "back");
    browser.go(&front).await;
    assert!(browser.shows("Your picture is in place (10 MB)."), "{}", browser.page);
    browser.upload(PNG).await;
    assert_eq!(browser.step(), "back", "a picture may be replaced");

    let path = browser.at.clone();
    let long = browser.form(&path, format!("csrf={}&use={}", browser.csrf(), "x".repeat(20_000)));
    assert_eq!(browser.follow(&path, long).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let broken = browser
        .ask(Method::POST, &path)
        .header("content-type", "multipart/form-data; boundary=cut")
        .body("no part at all");
    assert_eq!(browser.follow(&path, broken).await.status, StatusCode::BAD_REQUEST);
    browser.go(&path).await;
    assert_eq!(browser.step(), "back", "nothing was done");
}

#[tokio::test]
async fn forms_from_elsewhere_do_nothing() {
    let desk = Desk::open().await;
    let created = desk.create("type=document").await;
    let mut browser = Browser::open(&desk, &created).await;
    let (consent, token) = (format!("{}/consent", browser.start()), browser.csrf());
    let own_cookies = browser.cookies.clone();
    let body = format!("csrf={token}&answer=decline");

    for without in ["answer=decline", "csrf=&answer=decline", "csrf=wrong&answer=decline"] {
        let request = browser.form(&consent, without.to_owned());
        assert_eq!(browser.follow(&consent, request).await.status, StatusCode::FORBIDDEN, "{without}");
    }
    for (header, value) in
        [("origin", "http://127.0.0.1:1"), ("origin", "null"), ("sec-fetch-site", "same-site")]
    {
        let reply = send(browser.form(&consent, body.clone()).header(header, value)).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{header}: {value}");
    }
    browser.cookies.clear();
    let request = browser.form(&consent, body.clone());
    assert_eq!(browser.follow(&consent, request).await.status, StatusCode::FORBIDDEN, "no cookie");
    let other = Browser::open(&desk, &created).await;
    browser.cookies = other.cookies;
    let request = browser.form(&consent, body.clone());
    assert_eq!(
        browser.follow(&consent, request).await.status,
        StatusCode::FORBIDDEN,
        "another visit's cookie"
    );
    assert_eq!(session(&desk, &path_of(&created)).await["last_error"], Value::Null);

    browser.cookies = own_cookies;
    let own_origin = desk.running.api_base();
    let request =
        browser.form(&consent, body).header("origin", own_origin).header("sec-fetch-site", "same-origin");
    browser.follow(&consent, request).await;
    assert_eq!(session(&desk, &path_of(&created)).await["last_error"]["code"], "consent_declined");
}

#[tokio::test]
async fn whatever_the_integrator_wrote_is_only_text() {
    let desk = Desk::open().await;
    let hostile = "%22%27%3E%3Cscript%3Ealert(1)%3C/script%3E%E2%80%AE";
    for (return_url, leads) in [
        ("javascript://x/%250aalert(1)", false),
        ("https://example.com/%22%3E%3Cscript%3Ealert(1)%3C/script%3E", true),
    ] {
        let created = desk
            .create(&format!(
                "type=document&client_reference_id={hostile}&metadata[{hostile}]={hostile}&return_url={return_url}"
            ))
            .await;
        let mut browser = Browser::open(&desk, &created).await;
        assert!(browser.shows("&#60;script&#62;alert(1)"), "{}", browser.page);
        browser.reach_outcome().await;
        browser.send("outcome=document_expired&delay=0").await;
        let page = &browser.page;
        assert!(!page.contains("<script>") && !page.contains("alert(1)</script>"), "{page}");
        assert!(!page.contains('\u{202e}'), "direction marks are made visible");
        assert!(!page.contains("javascript:"), "{page}");
        assert_eq!(browser.shows("Return to example.com"), leads);
        assert_eq!(browser.shows("not one that this page opens"), !leads);
    }
}

#[tokio::test]
async fn a_link_works_for_one_submission() {
    let desk = Desk::open().await;
    let created = desk.create("type=document").await;
    let mut first = Browser::open(&desk, &created).await;
    let mut second = Browser::open(&desk, &created).await;
    first.reach_outcome().await;
    second.reach_outcome().await;
    first.send("outcome=document_expired&delay=0").await;
    let late = second.send("outcome=verified&delay=0").await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(second.shows("This link was used"), "{}", second.page);
    assert_eq!(session(&desk, &path_of(&created)).await["last_error"]["code"], "document_expired");
    // The browser that submitted still sees how it ended, and sending the same form again changes nothing.
    let start = first.start();
    first.go(&format!("{start}/outcome")).await;
    assert_eq!(first.at, start);
    assert!(first.shows("The document is expired."), "{}", first.page);
    first.send_to("outcome", "outcome=verified&delay=0").await;
    assert_eq!(session(&desk, &path_of(&created)).await["status"], "requires_input");
    // The link that the session has now is another one, and it works.
    let again = session(&desk, &path_of(&created)).await;
    assert_ne!(again["url"], created["url"]);
    Browser::open(&desk, &again).await.reach_outcome().await;
}

#[tokio::test]
async fn links_that_open_nothing_say_why() {
    let desk = Desk::open().await;
    let stranger = |url: &Value| {
        let path = url.as_str().expect("a url").replace(&desk.running.api_base(), "");
        let request = desk.ask(Method::GET, &path);
        async move {
            let reply = send(request).await;
            secure(&reply);
            reply
        }
    };
    for path in ["/start/test_nobody", "/start/live_x", "/start/x", "/start/test_nobody/document"] {
        let reply = send(desk.ask(Method::GET, path)).await;
        secure(&reply);
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert!(reply.text.contains("This link is not known"), "{}", reply.text);
    }
    let waiting = desk.create("type=document").await;
    let mut half_done = Browser::open(&desk, &waiting).await;
    half_done.reach_outcome().await;
    let canceled = desk.create("type=document").await;
    desk.post(&format!("{}/cancel", path_of(&canceled)), "").await.ok();
    let redacted = desk.create("type=document").await;
    desk.post(&format!("{}/redact", path_of(&redacted)), "").await.ok();
    let verified = desk.create("type=document").await;
    desk.submit(&path_of(&verified), "verified").await.ok();
    let failed = desk.create("type=document").await;
    desk.submit(&path_of(&failed), "document_expired").await.ok();
    for (session, status, words) in [
        (&canceled, StatusCode::GONE, "This check was canceled"),
        (&redacted, StatusCode::GONE, "The data of this check are erased"),
        (&verified, StatusCode::OK, "This check is done"),
        (&failed, StatusCode::GONE, "This link was used"),
    ] {
        let reply = stranger(&session["url"]).await;
        assert_eq!(reply.status, status, "{words}");
        assert!(reply.text.contains(words), "{words}: {}", reply.text);
        assert!(!reply.text.contains("<form"), "nothing to send: {}", reply.text);
    }
    desk.advance(48 * 3600 - 60).await;
    assert_eq!(stranger(&waiting["url"]).await.status, StatusCode::OK, "it lives for 48 hours");
    desk.advance(60).await;
    let expired = stranger(&waiting["url"]).await;
    assert_eq!(expired.status, StatusCode::GONE);
    assert!(expired.text.contains("This link has expired"), "{}", expired.text);
    let late = half_done.send("outcome=verified&delay=0").await;
    assert_eq!(late.status, StatusCode::GONE, "not even for who has begun");
    let again = session(&desk, &path_of(&waiting)).await;
    assert_eq!((&again["status"], &again["last_error"]), (&json!("requires_input"), &Value::Null));
    Browser::open(&desk, &again).await;
}

#[tokio::test]
async fn progress_survives_reloading_going_back_and_a_new_window() {
    let desk = Desk::open().await;
    let created = desk.create("type=document").await;
    let mut browser = Browser::open(&desk, &created).await;
    let start = browser.start();
    browser.go(&format!("{start}/outcome")).await;
    assert_eq!(browser.at, start, "no step is skipped");
    browser.send("answer=accept").await;
    browser.send("document=driving_license").await;
    browser.go(&start).await;
    assert!(browser.shows("Go on") && !browser.shows("Agree and continue"), "{}", browser.page);
    browser.go(&format!("{start}/document")).await;
    assert!(browser.shows("value=\"driving_license\" required checked"), "{}", browser.page);
    browser.go(&format!("{start}/outcome")).await;
    assert_eq!(browser.step(), "front", "to the first step that is not done");
    browser.go(&format!("{start}/nonsense")).await;
    assert_eq!(browser.step(), "front");
    browser.reach_outcome().await;
    // An update in between asks for more.
    desk.post(&path_of(&created), "options[document][require_matching_selfie]=true").await.ok();
    browser.send("outcome=verified&delay=0").await;
    assert_eq!(browser.step(), "selfie");
}

#[tokio::test]
async fn processing_is_shown_until_it_ends() {
    let desk = Desk::open().await;
    let created = desk.create("type=document&return_url=https://example.com/").await;
    let mut browser = Browser::open(&desk, &created).await;
    browser.reach_outcome().await;
    let wrong = browser.send("outcome=verified&delay=7").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.send("outcome=verified&delay=600").await;
    assert!(browser.shows("being checked") && browser.shows("role=\"status\""), "{}", browser.page);
    assert!(browser.shows("Return to example.com"));
    assert_eq!(session(&desk, &path_of(&created)).await["status"], "processing");
    let start = browser.start();
    assert_eq!(browser.go(&format!("{start}/status")).await.json(), json!({ "status": "processing" }));
    desk.advance(600).await;
    assert_eq!(browser.go(&format!("{start}/status")).await.json(), json!({ "status": "verified" }));
    browser.go(&start).await;
    assert!(browser.shows("Your identity is verified"), "{}", browser.page);
    desk.post(&format!("{}/redact", path_of(&created)), "").await.ok();
    assert_eq!(browser.go(&start).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn declining_and_leaving_are_said_and_can_be_taken_back() {
    let desk = Desk::open().await;
    let created = desk.create("type=document").await;
    let mut browser = Browser::open(&desk, &created).await;
    browser.send("answer=decline").await;
    assert!(browser.shows("The person declined to be verified."), "{}", browser.page);
    let declined = session(&desk, &path_of(&created)).await;
    assert_eq!(declined["last_error"]["code"], "consent_declined");
    assert_eq!(declined["last_verification_report"], Value::Null);
    browser.send_to("retry", "").await;
    browser.send("answer=accept").await;
    let leave = format!("{}/leave", browser.start());
    assert!(browser.shows(&leave), "{}", browser.page);
    browser.go(&leave).await;
    assert_eq!(
        session(&desk, &path_of(&created)).await["last_error"]["code"],
        "consent_declined",
        "only asked"
    );
    browser.send_to("leave", "").await;
    let left = session(&desk, &path_of(&created)).await;
    assert_eq!(
        (&left["status"], &left["last_error"]["code"]),
        (&json!("requires_input"), &json!("abandoned"))
    );
    assert!(browser.shows("<code>abandoned</code>"), "{}", browser.page);
    // Retrying uses the link that the session has got meanwhile.
    browser.send_to("retry", "").await;
    assert_eq!(
        format!("{}{}", desk.running.api_base(), browser.start()),
        left["url"].as_str().expect("a url")
    );
    // A retry of a session that takes nothing any more leads back to what is.
    browser.reach_outcome().await;
    browser.send("outcome=abandoned&delay=0").await;
    desk.post(&format!("{}/cancel", path_of(&created)), "").await.ok();
    assert_eq!(browser.send_to("retry", "").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn style_script_and_icon_are_served() {
    let desk = Desk::open().await;
    for (name, kind) in [
        ("page.css", "text/css; charset=utf-8"),
        ("page.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ] {
        let reply = send(desk.ask(Method::GET, &format!("/start/assets/{name}"))).await;
        assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, Some(kind)));
        secure(&reply);
        for elsewhere in ["http:", "https:", "url("] {
            let own = reply.text.replace("http://www.w3.org/2000/svg", "");
            assert!(!own.contains(elsewhere), "{name} loads nothing from elsewhere");
        }
    }
    assert_eq!(send(desk.ask(Method::GET, "/start/assets/base.html")).await.status, StatusCode::NOT_FOUND);
}
