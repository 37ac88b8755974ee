import chromium from "@sparticuz/chromium";
import { join } from "node:path";
import { build } from "vite";

/** Before all browser tests: Chromium is unpacked, the page is built. */
export async function setup(): Promise<void> {
  // vitest says "test", and React would be the slower one for development.
  process.env["NODE_ENV"] = "production";
  await Promise.all([chromium.executablePath(), build({ root: join(import.meta.dirname, ".."), logLevel: "warn" })]);
}
