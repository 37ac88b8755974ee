import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { WebSocketServer } from "ws";
import type { Measured } from "../../../server/sim/kernel/bench.ts";
import {
  AFTER_PAINT,
  inBrowser,
  ofRounds,
  openLab,
  pageWork,
  percentile,
  PROMPT,
  shows,
  type BrowserBench,
} from "./in-browser.bench.ts";

const LINES = 6;
const KEYS = 60;
/** Milliseconds between two keys: different ones, so that they do not keep step with the frames. */
const PAUSES = [53, 71, 97, 61, 83];

/** From a key to its painted glyph, by way of the server's shell: of each typed line the time that 95 % of its keys keep. */
export function keyToGlyph(): Promise<Measured> {
  return inBrowser(async (bench) => {
    const page = await openLab(bench);
    await page.evaluate(AFTER_PAINT + WATCH);
    // What runs for the first time is compiled.
    await typeLine(page);
    const work = await pageWork(page);
    const before = await work();
    const lines: number[] = [];
    for (let count = 0; count < LINES; count++) lines.push(percentile(await typeLine(page), 0.95));
    const each = ((await work()) - before) / (LINES * KEYS);
    const bare = percentile(await bareEcho(bench), 0.95);
    return ofRounds(lines, `; ${each.toFixed(1)} of processor a key; a bare page with an echo: ${bare.toFixed(0)}`);
  });
}

/**
 * The same keys in a page without anything else, whose server answers each with a letter at once: what browser and machine take at
 * least. Chromium lets messages wait behind a key until the next frame, and draws what they bring in the one after that.
 */
async function bareEcho({ browser }: BrowserBench): Promise<number[]> {
  const server = createServer((_, reply) => void reply.setHeader("content-type", "text/html").end("<pre></pre>"));
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => socket.on("message", () => socket.send("a")));
  await new Promise<void>((listening) => void server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.evaluate(`${AFTER_PAINT}
    globalThis.keys = [];
    const pressed = [];
    const socket = new WebSocket(location.href.replace("http", "ws"));
    socket.onmessage = ({ data }) => {
      const at = pressed.shift();
      afterPaint(() => keys.push(performance.now() - at));
      document.querySelector("pre").textContent += data;
    };
    document.addEventListener("keydown", ({ key, timeStamp }) => {
      pressed.push(timeStamp);
      socket.send(key);
    });
    new Promise((open) => socket.onopen = open);
  `);
  for (let count = 0; count < KEYS; count++) {
    await page.keyboard.press("a");
    await page.waitForTimeout(PAUSES[count % PAUSES.length]!);
  }
  const keys = (await page.evaluate("keys")) as number[];
  await page.close();
  sockets.close();
  server.close();
  return keys;
}

/** How long each key of a line took, in milliseconds. */
async function typeLine(page: Page): Promise<number[]> {
  await page.keyboard.press("Control+c");
  await shows(page, PROMPT);
  await page.evaluate("globalThis.keys = []");
  for (let count = 0; count < KEYS; count++) {
    await page.keyboard.press(String.fromCharCode(97 + (count % 26)));
    await page.waitForTimeout(PAUSES[count % PAUSES.length]!);
  }
  const done = await page.waitForFunction((count) => {
    const { keys } = globalThis as unknown as { keys: number[] };
    return keys.length >= count ? keys : undefined;
  }, KEYS);
  return (await done.jsonValue())!;
}

/** In the page: `keys` are the times of the keys since the last prompt, each until so many letters were painted behind it. */
const WATCH = `
  globalThis.keys = [];
  const pressed = [];
  const rows = document.querySelector(".xterm-rows");
  const letters = () => /[#$] ?([a-z]*)\\s*$/.exec(rows.textContent)?.[1].length ?? 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey) pressed.length = 0;
    else pressed.push(event.timeStamp);
  }, { capture: true });
  new MutationObserver(() => {
    const drawn = letters();
    if (drawn > pressed.length) return;
    // xterm draws in a frame: the next task comes when that is painted.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      const now = performance.now();
      for (let at = keys.length; at < drawn; at++) keys.push(now - pressed[at]);
    };
    port2.postMessage(0);
  }).observe(rows, { subtree: true, childList: true, characterData: true });
`;
