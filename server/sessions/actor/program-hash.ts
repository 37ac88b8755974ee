import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const SERVER = join(import.meta.dirname, "../..");
/** Everything that decides what a booted world is. */
const PARTS = ["sim", "shell", "programs", "sessions/actor"];
const IRRELEVANT = /\.(?:test|bench)\.ts$|\.md$|(?:^|\/)(?:fixtures|golden)\//;

let hash: string | undefined;

/**
 * Names the program that runs: another one if a file of the simulation, a library or Node is another one. Takes 80 ms once
 * in a thread.
 */
export function programHash(): string {
  return (hash ??= hashOf(SERVER));
}

export function hashOf(server: string): string {
  const sum = createHash("sha256").update(process.version);
  sum.update(readFileSync(join(server, "../package.json")));
  for (const part of PARTS) {
    const entries = readdirSync(join(server, part), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    for (const file of files.filter((path) => !IRRELEVANT.test(path.slice(server.length))).sort()) {
      const bytes = readFileSync(file);
      sum.update(`\n${file.slice(server.length)} ${bytes.length}\n`).update(bytes);
    }
  }
  return sum.digest("hex").slice(0, 20);
}
