import { beforeAll, describe, expect, test } from "vitest";
import { caseFile, caseFileNames, compared, fingerprint, recording } from "./recording.ts";
import { boot, replayed } from "./virtual.ts";

const only = process.env["PARITY"];

/**
 * Replays cases that the real kubectl was recorded with (record.ts). They are dealt out to `of` test files, so that they run
 * in parallel; `PARITY=TEXT` selects lines.
 */
export function replay({ part, of }: { readonly part: number; readonly of: number }): void {
  beforeAll(boot, 60_000);
  for (const name of caseFileNames()) {
    const file = caseFile(name);
    const recorded = recording(name);
    describe(name, () => {
      test("the recording is that of the list", () => {
        const rows = recorded.map((row) => `${row.of} ${row.line}`);
        expect(rows).toEqual(file.cases.map((one) => `${fingerprint(one)} ${one.line}`));
      });
      file.cases.forEach((one, at) => {
        if (at % of !== part || (only !== undefined && !one.line.includes(only))) return;
        (one.differs === undefined ? test : test.fails)(one.line, async () => {
          expect(compared(one, file, await replayed(one))).toEqual(compared(one, file, recorded[at]!));
        });
      });
    });
  }
}
