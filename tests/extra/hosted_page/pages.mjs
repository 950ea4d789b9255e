// A browser on the hosted page, and what has to hold on every page that it shows.
import { createRequire } from "node:module";
import { mkdirSync } from "node:fs";

const require = createRequire(`${process.env.HOSTED_MODULES}/`);
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const SHOTS = process.env.HOSTED_SHOTS;
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 900 };

let passed = 0;
const failures = [];

/** One thing that has to hold; whatever comes of it is counted and the walk goes on. */
export async function check(name, run) {
  try {
    const wrong = await run();
    if (wrong) throw new Error(wrong);
    passed += 1;
  } catch (error) {
    failures.push(name);
    console.log(`FAILED ${name}: ${error.message}`);
  }
}

export function summary() {
  console.log(`${passed} passed, ${failures.length} failed`);
  return failures.length === 0;
}

export async function launch() {
  return chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, args: FLAGS });
}

/** A page of its own cookies that reports whatever it loads from elsewhere and whatever its console complains of. */
export async function newPage(browser, base, options = {}) {
  const context = await browser.newContext({ viewport: PHONE, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.wrong = [];
  // A page outside the sandbox is where return_url leads: it is answered here, so that nothing leaves this machine.
  await context.route((url) => !url.href.startsWith(base), (route) => {
    if (!route.request().isNavigationRequest()) page.wrong.push(`loads ${route.request().url()}`);
    return route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Elsewhere</title>" });
  });
  page.on("console", (message) => {
    // Refusals are pages with a status of their own, which the console repeats.
    const status = /the server responded with a status of (4\d\d)/.test(message.text());
    if (message.type() === "error" && !status) page.wrong.push(message.text());
  });
  page.on("pageerror", (error) => page.wrong.push(error.message));
  return page;
}

const seen = new Set();

/** Looks at the page that is shown: accessible in both schemes, nothing cut off, nothing loaded from elsewhere. */
export async function look(page, name) {
  if (seen.has(name)) return;
  seen.add(name);
  if (name === "consent") await page.locator("summary").click();
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await check(`${name}: accessible, ${colorScheme}`, () => violations(page));
    for (const [size, viewport] of [["phone", PHONE], ["desktop", DESKTOP]]) {
      await page.setViewportSize(viewport);
      await check(`${name}: fits ${size}`, () => overflow(page));
      if (SHOTS) {
        mkdirSync(SHOTS, { recursive: true });
        await page.screenshot({ path: `${SHOTS}/${name}-${size}-${colorScheme}.png`, fullPage: true });
      }
    }
    await page.setViewportSize(PHONE);
  }
  await check(`${name}: fits 320 pixels`, async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    const wrong = await overflow(page);
    await page.setViewportSize(PHONE);
    return wrong;
  });
  await check(`${name}: stands still`, () => moving(page));
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "no-preference" });
  await check(`${name}: loads and complains of nothing`, () => page.wrong.splice(0).join("; "));
}

async function violations(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  if (found.passes.length < 10) return `only ${found.passes.length} rules were looked at`;
  const bad = found.violations.filter((it) => it.impact === "serious" || it.impact === "critical");
  const minor = found.violations.filter((it) => !bad.includes(it));
  for (const it of minor) console.log(`note: ${page.url().replace(/test_\w+/, "…")}: ${it.impact} ${it.id}`);
  return bad.map((it) => `${it.id} (${it.impact}): ${it.nodes.map((node) => node.target).join(", ")}`).join("; ");
}

async function overflow(page) {
  const [content, window_] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  return content > window_ ? `${content} pixels wide in ${window_}` : "";
}

async function moving(page) {
  const running = await page.evaluate(() => document.getAnimations().length);
  return running ? `${running} animations for people who asked for none` : "";
}
