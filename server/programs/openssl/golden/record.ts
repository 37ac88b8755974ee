/**
 * Records what the real openssl makes of the lines of cases.txt, in a shell, in a directory with the files of `files/`:
 *
 *     FAKETIME_LIB=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1 node server/programs/openssl/golden/record.ts
 *
 * openssl 3.0 takes the time of certificates from the clock, so it runs under libfaketime (Debian: libfaketime) at
 * 2026-11-21 10:00:00 UTC, which is the time of tests.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { masked, type RecordedLine } from "./lines.ts";

const WORK = "/tmp/openssl-golden";
const BIN = "/tmp/openssl-golden-bin";
const library = process.env["FAKETIME_LIB"];
if (library === undefined) throw new Error("FAKETIME_LIB names libfaketime.so.1");
mkdirSync(BIN, { recursive: true });
writeFileSync(
  `${BIN}/openssl`,
  `#!/bin/bash\nexport FAKETIME="2026-11-21 10:00:00" LD_PRELOAD=${library}\nexec /usr/bin/openssl "$@"\n`,
);
chmodSync(`${BIN}/openssl`, 0o755);

// Lines that are recorded already are kept, unless all are wanted again.
const file = new URL("recorded.json", import.meta.url);
const kept = new Map<string, RecordedLine>();
if (!process.argv.includes("--all") && existsSync(file))
  for (const row of JSON.parse(readFileSync(file, "utf8")) as RecordedLine[]) kept.set(row.line, row);
const lines = readFileSync(new URL("cases.txt", import.meta.url), "utf8").split("\n");
const rows: RecordedLine[] = [];
for (const line of lines.filter((text) => text !== "" && !text.startsWith("#"))) {
  const known = kept.get(line);
  if (known) {
    rows.push(known);
    continue;
  }
  rmSync(WORK, { recursive: true, force: true });
  cpSync(new URL("files", import.meta.url), WORK, { recursive: true });
  const ran = spawnSync("/bin/bash", ["-c", line], {
    cwd: WORK,
    env: { PATH: `${BIN}:/usr/bin:/bin`, HOME: "/root", LC_ALL: "C.UTF-8", TZ: "UTC" },
    input: "",
    encoding: "utf8",
  });
  rows.push({ line, stdout: masked(ran.stdout), stderr: masked(ran.stderr), code: ran.status ?? -1 });
}
writeFileSync(file, `${JSON.stringify(rows, null, 1)}\n`);
