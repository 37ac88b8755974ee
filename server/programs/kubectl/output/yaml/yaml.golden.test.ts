import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isFailure } from "../failure.ts";
import type { Json } from "../golang/kind.ts";
import { printJson } from "../json.ts";
import { toYaml } from "./yaml.ts";

const rows = JSON.parse(readFileSync(new URL("../fixtures/yaml.json", import.meta.url), "utf8")) as readonly {
  readonly object: Json;
  readonly yaml: string;
  readonly error?: string;
  readonly json: string;
}[];

test("-o yaml prints what kubectl 1.33 prints", () => {
  for (const { object, yaml, error } of rows) {
    const printed = toYaml(object);
    expect(isFailure(printed) ? `error: ${printed.error}\n` : printed).toBe(error ?? yaml);
  }
});

test("-o json prints what kubectl 1.33 prints", () => {
  for (const { object, json } of rows) expect(printJson(object)).toBe(json);
});
