import chromium from "@sparticuz/chromium";
import { join } from "node:path";
import { build } from "vite";

/** Before all browser tests: Chromium is unpacked, the page is built. */
export async function setup(): Promise<void> {
  await Promise.all([chromium.executablePath(), build({ root: join(import.meta.dirname, ".."), logLevel: "warn" })]);
}
