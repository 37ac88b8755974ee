import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COLOURS, SIZES, SPACES } from "./tokens.ts";

test("the design page shows every colour, size and space of the theme", () => {
  const css = readFileSync(join(import.meta.dirname, "../theme/tokens.css"), "utf8");
  const root = css.slice(0, css.indexOf("}"));
  const all = [...root.matchAll(/^ {2}(--[\w-]+): (.*);$/gm)].map((match) => [match[1]!, match[2]!] as const);
  const names = (fits: RegExp): string[] => all.filter(([, value]) => fits.test(value)).map(([name]) => name);
  expect(COLOURS.map(([token]) => token)).toEqual(names(/oklch/));
  expect([...SIZES, ...SPACES]).toEqual(names(/rem$/));
});
