import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DESCRIBE, TabWriter } from "./tabwriter.ts";

const rows = JSON.parse(readFileSync(new URL("fixtures/describe.json", import.meta.url), "utf8")) as readonly {
  readonly out: string;
}[];

/** The line with its tabs as describe has written it: a value that goes on in another line is indented far. */
function withTabs(line: string): string {
  return line
    .replace(/^ {8,}/, "\t")
    .replace(/(?<=\S) {2,}(?=\S)/g, "\t")
    .replace(/: {2}$/, ":\t");
}

test("describe's columns line up as in kubectl 1.33", () => {
  for (const { out } of rows) {
    const lines = out.split("\n").map(withTabs).join("\n");
    const writer = new TabWriter(DESCRIBE);
    writer.write(lines);
    expect(writer.take()).toBe(out);
    for (const char of lines) writer.write(char);
    expect(writer.take()).toBe(out);
  }
});
