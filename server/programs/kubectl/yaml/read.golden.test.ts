import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isFailure } from "../output/index.ts";
import { readYaml } from "./read.ts";

interface Row {
  readonly text: string;
  readonly error?: string;
  readonly value?: unknown;
}

const rows = JSON.parse(readFileSync(new URL("fixtures/yaml.json", import.meta.url), "utf8")) as readonly Row[];

/** A merge patch loses what is null, and what metadata says is not recorded. */
function patched(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => patched(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([name, inner]) => [name, patched(inner)]),
  );
}

test("YAML is read, and refused, as kubectl 1.33 does", () => {
  for (const { text, error, value } of rows) {
    const read = readYaml(text);
    const ours = isFailure(read) ? { text, error: read.error } : { text, value: patched(read.value) };
    expect(ours).toEqual(error === undefined ? { text, value: patched(value) } : { text, error });
  }
});
