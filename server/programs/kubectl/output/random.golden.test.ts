import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ours, type RandomRow } from "./fixtures/random-row.ts";

const rows = JSON.parse(readFileSync(new URL("fixtures/random.json", import.meta.url), "utf8")) as readonly RandomRow[];

test("random JSONPaths and templates print and complain as in kubectl 1.33", () => {
  for (const row of rows) {
    const { format, template, object, strict, out, err } = row;
    expect({ format, template, object, strict, ...ours(row) }).toEqual({ format, template, object, strict, out, err });
  }
});
