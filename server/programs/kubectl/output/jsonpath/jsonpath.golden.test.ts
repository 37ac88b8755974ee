import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isFailure } from "../failure.ts";
import type { Json } from "../golang/kind.ts";
import { jsonPathPrinter } from "./print.ts";

interface Row {
  readonly format: string;
  readonly template: string;
  readonly extra?: readonly string[];
  readonly list?: true;
  readonly out: string;
  readonly err?: string;
}

const [inputs, ...rows] = JSON.parse(
  readFileSync(new URL("../fixtures/jsonpath.json", import.meta.url), "utf8"),
) as unknown as [{ object: Json; items: readonly Json[] }, ...Row[]];
const list: Json = { apiVersion: "v1", items: inputs.items, kind: "List", metadata: { resourceVersion: "" } };

test("-o jsonpath prints and complains as kubectl 1.33", () => {
  for (const row of rows) {
    const printer = jsonPathPrinter(row.template, {
      allowMissingKeys: row.extra === undefined,
      asJson: row.format === "jsonpath-as-json",
    });
    const printed = isFailure(printer) ? printer : printer.print(row.list ? list : inputs.object);
    const error = isFailure(printed) ? `error: ${printed.error}`.replace(/\n?$/, (end) => end || "\n") : "";
    expect({ ...row, out: isFailure(printed) ? "" : printed, err: error }).toEqual({ ...row, err: row.err ?? "" });
  }
});
