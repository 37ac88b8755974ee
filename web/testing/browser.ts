import chromium from "@sparticuz/chromium";
import { chromium as playwright, type Browser } from "playwright-core";

/** What a sandboxed machine without a screen needs. The package's own arguments also switch off web security; a test wants it on. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--font-render-hinting=none",
  "--hide-scrollbars",
  "--disable-gpu",
];

/** A real Chromium, from an npm package. Its archive is unpacked once a run (setup.ts). */
export async function launchChromium(): Promise<Browser> {
  return playwright.launch({ executablePath: await chromium.executablePath(), args: ARGUMENTS });
}
