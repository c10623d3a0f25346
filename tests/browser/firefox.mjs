// Firefox without a display in front of a server of ours, over WebDriver BiDi:
//
//     node tests/browser/firefox.mjs FIREFOX ADDRESS STEP...
//     node tests/browser/firefox.mjs FIREFOX ADDRESS --measure PLAYING WATCH
//
// Prints what the networks beside the player say about each step, the player's field there, and what went wrong; or what
// the function PLAYING makes of that canvas, in a page that ran WATCH first (see benchmarks/live.py).

import puppeteer from "puppeteer-core";

const [path, address, ...steps] = process.argv.slice(2);

/** Runs in the page, where components live in shadow roots: the canvas of player, pad or camera, once its networks
 * are there. */
async function find() {
  const until = (globalThis.until = async (value) => {
    for (let made; ; await new Promise((next) => setTimeout(next, 50))) if ((made = value())) return made;
  });
  const roots = () => [...document.querySelectorAll("*")].flatMap((one) => one.shadowRoot ?? []);
  globalThis.canvas = await until(() => roots().flatMap((root) => [...root.querySelectorAll(".frame canvas")])
    .find((canvas) => canvas.player ?? canvas.pad ?? canvas.camera));
  const { player, pad, camera } = globalThis.canvas, { answers, maps } = player ?? pad ?? camera;
  await until(() => (maps?.facts ? maps : answers).networks.length);
}
async function consult(step) {
  const { until, canvas: { player } } = globalThis;
  player.seek(step);
  const { shares } = await until(() => player.answers.strip.series.points.find((point) => point.step === step));
  return { step, shares: shares.map((one) => [...one]), field: [...player.read()] };
}

const browser = await puppeteer.launch({ browser: "firefox", executablePath: path, headless: true, protocolTimeout: 900_000,
  extraPrefsFirefox: { "media.navigator.streams.fake": true, "media.navigator.permission.disabled": true } });
const errors = [];
try {
  const page = await browser.newPage();
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/404|favicon/.test(message.text())) errors.push(message.text());
  });
  if (steps[0] === "--measure") await page.evaluateOnNewDocument(steps[2]);
  await page.goto(address);
  await page.evaluate(find);
  if (steps[0] === "--measure") {
    const played = await page.evaluate((code) => globalThis.eval(`(${code})`)(globalThis.canvas), steps[1]);
    console.log(JSON.stringify({ played, seen: await page.evaluate(() => globalThis.seen) }));
  } else {
    const found = [];
    for (const step of steps.map(Number)) found.push(await page.evaluate(consult, step));
    const about = await page.evaluate(() => ({ slow: globalThis.cableExplorerHub.brain.slow, agent: navigator.userAgent }));
    console.log(JSON.stringify({ found, errors, ...about }));
  }
} finally {
  await browser.close();
}
