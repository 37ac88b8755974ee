import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const DIST = join(import.meta.dirname, "dist");
const BAR = 200_000;

test("the catalogue's scripts and styles are less than 200 kB, compressed; fonts of what it is written in come besides", () => {
  const html = readFileSync(join(DIST, "index.html"), "utf8");
  const files = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((match) => match[1]!);
  expect(files.some((file) => file.endsWith(".css"))).toBe(true);
  const sizes = files.map((file) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length);
  const sum = sizes.reduce((total, size) => total + size, 0);
  expect(sum, files.map((file, at) => `${file}: ${sizes[at]!}`).join("\n")).toBeLessThan(BAR);
  // What is sent compressed is the same.
  for (const file of files.filter((name) => name.startsWith("assets/")))
    expect(brotliDecompressSync(readFileSync(join(DIST, `${file}.br`))).equals(readFileSync(join(DIST, file)))).toBe(
      true,
    );
  // Chunks that those files import are named in the page, too, so that they are fetched at once.
  const scripts = files.filter((file) => file.endsWith(".js") && file.startsWith("assets/"));
  const imported = scripts.flatMap((file) =>
    [...readFileSync(join(DIST, file), "utf8").matchAll(/(?:from|^import|;import)\s*"\.\/([^"]+\.js)"/g)].map(
      (match) => `assets/${match[1]!}`,
    ),
  );
  expect(imported.filter((file) => !files.includes(file))).toEqual([]);
});
