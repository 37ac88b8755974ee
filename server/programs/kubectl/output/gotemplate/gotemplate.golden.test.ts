import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decode, encode } from "../../../../sim/kernel/index.ts";
import { isFailure } from "../failure.ts";
import type { JsonObject } from "../golang/kind.ts";
import { goTemplatePrinter } from "./print.ts";

interface Inputs {
  readonly object: JsonObject;
  readonly items: readonly JsonObject[];
  /** What errors tell about the object. */
  readonly dumps: readonly string[];
}

interface Row {
  readonly template: string;
  readonly extra?: readonly string[];
  readonly list?: true;
  readonly out: string;
  readonly dump?: number;
  readonly err?: string;
}

const [inputs, ...rows] = JSON.parse(
  readFileSync(new URL("../fixtures/gotemplate.json", import.meta.url), "utf8"),
) as unknown as [Inputs, ...Row[]];
const list: JsonObject = { apiVersion: "v1", items: inputs.items, kind: "List", metadata: { resourceVersion: "" } };

test("-o go-template prints and complains as kubectl 1.33", () => {
  for (const row of rows) {
    const printer = goTemplatePrinter(row.template, { allowMissingKeys: row.extra === undefined });
    const printed = isFailure(printer) ? printer : printer.print(row.list ? list : inputs.object);
    const failed = isFailure(printed) ? printed : undefined;
    const out = failed ? (failed.out ?? "") : (printed as string);
    const err = failed ? `error: ${failed.error}`.replace(/\n?$/, (end) => end || "\n") : "";
    const wanted = row.out + (row.dump === undefined ? "" : inputs.dumps[row.dump]!);
    expect({ template: row.template, out: written(out), err }).toEqual({
      template: row.template,
      out: wanted,
      err: row.err ?? "",
    });
  }
});

/** Output as the recorder has read it: with U+FFFD for what is not UTF-8. */
function written(text: string): string {
  return decode(encode(text)).replace(/[\udc80-\udcff]/g, "\ufffd");
}

test("a template that would run for long is stopped", () => {
  for (const template of ["{{range 1000000000}}{{end}}", '{{range 1000000}}{{printf "%999999d" 1}}{{end}}']) {
    const printer = goTemplatePrinter(template);
    const printed = isFailure(printer) ? printer : printer.print({});
    expect(isFailure(printed) ? printed.error : printed.length).toMatch(/more than .* are not simulated$/);
  }
  const deep = goTemplatePrinter(`{{${"(".repeat(100_000)}`);
  expect(isFailure(deep) && deep.error.endsWith("deeper nesting is not simulated")).toBe(true);
});
