// Walks the hosted page as testers do. Prints `N passed, N failed`.
import { check, launch, look, newPage, summary } from "./pages.mjs";
import { startSandbox } from "./sandbox.mjs";

const EVERYTHING = {
  type: "document",
  "options[document][require_matching_selfie]": "true",
  "options[document][require_id_number]": "true",
  client_reference_id: "user_8123",
  "metadata[plan]": "team",
  return_url: "https://example.com/account/identity?from=vetty",
};
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

const sandbox = await startSandbox(process.argv[2]);
const browser = await launch();

const step = (page) => new URL(page.url()).pathname.split("/")[3] ?? "";
const heading = (page) => page.locator("h1").innerText();
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const visit = (options) => newPage(browser, sandbox.base, options);

/** Every step with specimens, up to the choice of the outcome. */
async function reachOutcome(page, seen = async () => {}) {
  for (let steps = 0; steps < 12 && step(page) !== "outcome"; steps += 1) {
    await seen(step(page) || "consent");
    const before = page.url();
    if (step(page) === "") {
      await press(page, "Agree and continue");
    } else if (step(page) === "document") {
      await page.getByRole("radio", { name: "Identity card" }).check();
      await press(page, "Continue");
    } else if (await page.getByLabel("Six-digit code").count()) {
      await page.getByLabel("Six-digit code").fill("000 000");
      await press(page, "Continue");
    } else {
      await check(`${step(page)}: the specimen is drawn`, () => drawn(page));
      await press(page, /specimen/);
    }
    await page.waitForURL((url) => url.href !== before);
  }
  await seen("outcome");
}

/** The picture on the page has arrived whole, in the size that the page kept for it. */
async function drawn(page) {
  const picture = page.locator("figure img");
  if ((await picture.count()) === 0) return "";
  return picture.evaluate(async (image) => {
    await image.decode();
    const kept = `${image.getAttribute("width")}x${image.getAttribute("height")}`;
    const found = `${image.naturalWidth}x${image.naturalHeight}`;
    return kept === found && image.alt.includes("specimen") ? "" : `${found} for ${kept}, ${image.alt}`;
  });
}

async function choose(page, outcome, delay) {
  await page.locator(`input[value="${outcome}"]`).check();
  await page.getByLabel("Processing takes").selectOption(delay);
  await press(page, "Submit");
}

async function expectHeading(page, words) {
  await page.getByRole("heading", { level: 1, name: words }).waitFor();
}

/** The status and error of a session are these. */
async function stands(id, status, code) {
  const session = await sandbox.get(id);
  const error = session.last_error?.code ?? null;
  return session.status === status && error === (code ?? null) ? "" : `${session.status}, ${error}`;
}

async function success() {
  const session = await sandbox.create(EVERYTHING);
  const page = await visit();
  await page.goto(session.url);
  await reachOutcome(page, (name) => look(page, name));
  await choose(page, "verified", "600");
  await expectHeading(page, "being checked");
  await look(page, "processing");
  await check("a link says where it leads while it is checked", async () => {
    const href = await page.getByRole("link", { name: "Return to example.com" }).getAttribute("href");
    return href === EVERYTHING.return_url ? "" : href;
  });
  await sandbox.advance(600);
  // The page's own script notices.
  await expectHeading(page, "verified");
  await look(page, "verified");
  await check("success verifies the session", () => stands(session.id, "verified"));
  await check("the way back is the return_url", async () => {
    await page.getByRole("link", { name: "Return to example.com" }).click();
    await page.waitForURL(EVERYTHING.return_url);
  });
  await page.context().close();
}

async function refusals() {
  const session = await sandbox.create(EVERYTHING);
  const page = await visit();
  await page.goto(session.url);
  await reachOutcome(page);
  const offered = await page.locator("input[name=outcome]").evaluateAll((all) => all.map((it) => it.value));
  const codes = offered.filter((code) => code !== "verified");
  await check("every refusal of the session is offered", () => (codes.length === 15 ? "" : codes.join(" ")));
  for (const code of codes) {
    await check(`refusal ${code}, then another try`, async () => {
      const link = page.url();
      await reachOutcome(page);
      await choose(page, code, "0");
      await page.locator(".hint code", { hasText: code }).waitFor();
      if (code === "document_expired") await look(page, "failed");
      const wrong = await stands(session.id, "requires_input", code);
      if (wrong) return wrong;
      await press(page, "Try again");
      await expectHeading(page, "Confirm who you are");
      return page.url() === link ? "the same link again" : "";
    });
  }
  await check("after every refusal it can still succeed", async () => {
    await reachOutcome(page);
    await choose(page, "verified", "0");
    await expectHeading(page, "verified");
    return stands(session.id, "verified");
  });
  await page.context().close();
}

async function closedLinks() {
  const page = await visit();
  const shows = async (name, url, words) => {
    await page.goto(url);
    await check(`a link that is ${name}`, () => expectHeading(page, words));
    await look(page, name);
  };
  const waiting = await sandbox.create(EVERYTHING);
  const canceled = await sandbox.create(EVERYTHING);
  await sandbox.act(canceled.id, "cancel");
  const redacted = await sandbox.create(EVERYTHING);
  await sandbox.act(redacted.id, "redact");
  await shows("unknown", `${sandbox.base}/start/test_nobody`, "not known");
  await shows("canceled", canceled.url, "canceled");
  await shows("redacted", redacted.url, "erased");

  await page.goto(waiting.url);
  await press(page, "Decline");
  await expectHeading(page, "Nothing was submitted");
  await look(page, "declined");
  await check("declining is consent_declined", () => stands(waiting.id, "requires_input", "consent_declined"));
  const stranger = await visit();
  await stranger.goto(waiting.url);
  await check("a used link, elsewhere", () => expectHeading(stranger, "was used"));
  await look(stranger, "used");
  await stranger.context().close();

  const aging = await sandbox.create(EVERYTHING);
  await page.goto(aging.url);
  await press(page, "Agree and continue");
  await sandbox.advance(48 * 3600);
  await page.getByRole("radio", { name: "Passport" }).check();
  await press(page, "Continue");
  await check("a link that expires halfway", () => expectHeading(page, "expired"));
  await shows("expired", aging.url, "expired");
  await check("expiry changes nothing", () => stands(aging.id, "requires_input"));
  await check("a fresh link opens", async () => {
    await page.goto((await sandbox.get(aging.id)).url);
    return (await heading(page)) === "Confirm who you are" ? "" : heading(page);
  });
  await page.context().close();
}

async function wrongInput() {
  const session = await sandbox.create(EVERYTHING);
  const page = await visit();
  await page.goto(session.url);
  await press(page, "Agree and continue");
  await page.getByRole("radio", { name: "Passport" }).check();
  await press(page, "Continue");
  await look(page, "front-passport");
  await page.getByLabel("Or upload a picture").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: Buffer.from("text") });
  await press(page, "Upload");
  await check("a file that is no picture is refused, and the field says so", async () => {
    await page.getByRole("alert").getByText("no JPEG, PNG or WebP").waitFor();
    const described = await page.getByLabel("Or upload a picture").getAttribute("aria-describedby");
    return described.includes("problem") ? "" : described;
  });
  await look(page, "upload-refused");
  const huge = Buffer.concat([PNG, Buffer.alloc(11 * 1024 * 1024)]);
  await page.getByLabel("Or upload a picture").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: huge });
  await press(page, "Upload");
  await check("a picture that is too large is refused on a page", () =>
    page.getByRole("alert").getByText("larger than 10 MB").waitFor());
  await page.getByLabel("Or upload a picture").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: PNG });
  await press(page, "Upload");
  await expectHeading(page, "face");
  await check("going back shows what was given", async () => {
    await page.goBack();
    await page.reload();
    await page.getByText("Your picture is in place").waitFor();
  });
  await look(page, "uploaded");
  await page.getByRole("link", { name: "Leave without finishing" }).click();
  await expectHeading(page, "Leave");
  await look(page, "leave");
  await press(page, "Leave");
  await check("leaving is abandoned", async () => {
    await expectHeading(page, "Nothing was submitted");
    return stands(session.id, "requires_input", "abandoned");
  });
  await page.context().close();
}

async function idNumberOnly() {
  const session = await sandbox.create({ type: "id_number" });
  const page = await visit();
  await page.goto(session.url);
  await press(page, "Agree and continue");
  await page.getByLabel("kind of number").selectOption("br_cpf");
  await page.getByLabel("Number", { exact: true }).fill("12");
  await press(page, "Use this number");
  await check("a number of the wrong form is refused", () => page.getByRole("alert").getByText("11 digits").waitFor());
  await look(page, "id-number-refused");
  await page.getByLabel("Number", { exact: true }).fill("111.444.777-35");
  await press(page, "Use this number");
  await choose(page, "id_number_mismatch", "0");
  await check("an ID number session ends as chosen", async () => {
    await expectHeading(page, "could not be verified");
    return stands(session.id, "requires_input", "id_number_mismatch");
  });
  await page.context().close();
}

/** The codes of e-mail and phone: typed wrong, typed right, and not to be had. */
async function codes() {
  const session = await sandbox.create({
    verification_flow: "vf_1VettyEmailPhone",
    "provided_details[email]": "jenny.rosen@example.com",
  });
  const page = await visit();
  await page.goto(session.url);
  await check("consent says what will be asked", async () => {
    const asks = await page.locator(".asks").innerText();
    return asks.includes("email") && asks.includes("phone") ? "" : asks;
  });
  await reachCode(page, "email");
  await look(page, "email");
  await check("the address is masked", async () => {
    const words = await page.locator("main").innerText();
    return words.includes("j•••@example.com") && !words.includes("jenny") ? "" : words;
  });
  await page.getByLabel("Six-digit code").fill("123456");
  await press(page, "Continue");
  await check("a wrong code is refused, and the field says so", async () => {
    await page.getByRole("alert").getByText("not the code").waitFor();
    const described = await page.getByLabel("Six-digit code").getAttribute("aria-describedby");
    return described === "problem" ? "" : described;
  });
  await look(page, "code-refused");
  await page.getByLabel("Six-digit code").fill("000000");
  await press(page, "Continue");
  await page.waitForURL(/phone$/);
  await look(page, "phone");
  await check("going back says that the code was given", async () => {
    await page.getByRole("link", { name: "Back" }).click();
    await page.getByText("You have given the code").waitFor();
    await page.getByRole("link", { name: "Go on" }).click();
    await page.waitForURL(/phone$/);
  });
  await press(page, "I cannot get a code");
  await page.locator(".hint code", { hasText: "phone_verification_declined" }).waitFor();
  await check("no code for the phone", () => stands(session.id, "requires_input", "phone_verification_declined"));
  await press(page, "Try again");
  await expectHeading(page, "Confirm who you are");
  await reachCode(page, "email");
  await press(page, "I cannot get a code");
  await page.locator(".hint code", { hasText: "email_verification_declined" }).waitFor();
  await check("no code for the e-mail", () => stands(session.id, "requires_input", "email_verification_declined"));
  await press(page, "Try again");
  await expectHeading(page, "Confirm who you are");
  await reachOutcome(page);
  await check("outcomes of e-mail and phone are offered", async () => {
    const offered = await page.locator("input[name=outcome]").evaluateAll((all) => all.map((it) => it.value));
    const wanted = ["email_unverified_other", "phone_unverified_other"];
    return wanted.every((code) => offered.includes(code)) ? "" : offered.join(" ");
  });
  await choose(page, "verified", "0");
  await expectHeading(page, "verified");
  await check("both codes end verified", () => stands(session.id, "verified"));
  await page.context().close();
}

/** Up to the step that asks for this code. */
async function reachCode(page, wanted) {
  while (step(page) !== wanted) {
    const before = page.url();
    if (step(page) === "") {
      await press(page, "Agree and continue");
    } else if (step(page) === "document") {
      await page.getByRole("radio", { name: "Passport" }).check();
      await press(page, "Continue");
    } else {
      await press(page, /specimen/);
    }
    await page.waitForURL((url) => url.href !== before);
  }
}

async function liveCapture() {
  const session = await sandbox.create({
    type: "document",
    "options[document][require_live_capture]": "true",
    "options[document][allowed_types][0]": "driving_license",
  });
  const page = await visit();
  await page.goto(session.url);
  await press(page, "Agree and continue");
  await check("one accepted document is one choice, taken", async () => {
    const all = await page.getByRole("radio").count();
    return all === 1 && (await page.getByRole("radio").isChecked()) ? "" : `${all} choices`;
  });
  await press(page, "Continue");
  await check("live capture hides the upload", async () =>
    (await page.locator("input[type=file]").count()) === 0 ? "" : "an upload is offered");
  await look(page, "live");
  await page.context().close();
}

/** Without scripts, with the keyboard alone. */
async function keyboardWithoutScripts() {
  const session = await sandbox.create({ type: "document" });
  const page = await visit({ javaScriptEnabled: false });
  const focusOn = async (words) => {
    for (let tabs = 0; tabs < 40; tabs += 1) {
      await page.keyboard.press("Tab");
      const focused = page.locator(":focus");
      if ((await focused.count()) && words.test((await focused.innerText()) || (await focused.getAttribute("value")) || "")) return;
    }
    throw new Error(`the keyboard does not reach ${words}`);
  };
  const enter = async () => {
    const before = page.url();
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.href !== before);
  };
  await check("the keyboard alone leads through, without scripts", async () => {
    await page.goto(session.url);
    await page.keyboard.press("Tab");
    if (!(await page.locator(":focus").innerText()).startsWith("Skip")) return "the first stop is not the skip link";
    await focusOn(/^Agree/);
    await enter();
    await focusOn(/^passport$/);
    await page.keyboard.press("Space");
    await focusOn(/^Continue/);
    await enter();
    await focusOn(/^Use the specimen/);
    await enter();
    await focusOn(/^verified$/);
    await page.keyboard.press("ArrowDown");
    await focusOn(/^Submit/);
    await enter();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await sandbox.advance(3);
    const again = page.getByRole("link", { name: "Look again" });
    if (await again.count()) await again.click();
    await expectHeading(page, "could not be verified");
    return stands(session.id, "requires_input", "document_expired");
  });
  await page.context().close();
}

const walks = [success, refusals, closedLinks, wrongInput, idNumberOnly, codes, liveCapture, keyboardWithoutScripts];
let good = false;
try {
  for (const walk of walks) await check(`${walk.name}: to its end`, walk);
  good = summary();
} finally {
  await browser.close();
  sandbox.stop();
}
process.exitCode = good ? 0 : 1;
