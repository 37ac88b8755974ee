/**
 * Records the fixtures: runs the cases of golden/cases/NAME.ts with the real programs of this machine (Debian 12:
 * coreutils 9.1, grep 3.8, sed 4.9, procps 4.0.2, findutils 4.9) and writes golden/fixtures/NAME.json.
 *
 *     node server/programs/golden/record.ts [NAME…]
 */
import { spawnSync } from "node:child_process";
import { chmodSync, lutimesSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { decode, encode } from "../../sim/kernel/index.ts";
import {
  DIRECTORY,
  ENVIRONMENT,
  masked,
  MTIME,
  toCase,
  words,
  type FileSetup,
  type Recorded,
  type Suite,
} from "./suite.ts";

const here = import.meta.dirname;
const names =
  process.argv.length > 2
    ? process.argv.slice(2)
    : readdirSync(join(here, "cases")).map((file) => file.replace(/\.ts$/, ""));

for (const name of names) {
  const { suite } = (await import(`./cases/${name}.ts`)) as { suite: Suite };
  const rows = suite.cases.map((entry): Recorded => {
    const one = toCase(entry);
    setUp(suite.files);
    const env = { ...ENVIRONMENT, PATH: `${process.env["GOLDEN_PATH"] ?? ""}:${ENVIRONMENT["PATH"]}`, ...one.env };
    const steps = one.run.map((line, at) => {
      const [program, ...args] = words(line);
      const stdin = Buffer.from(at === 0 ? encode(one.stdin ?? "") : "", "latin1");
      const ran = spawnSync(
        program!,
        args.map((arg) => arg),
        { cwd: DIRECTORY, env, input: stdin, timeout: 20_000 },
      );
      if (ran.error && (ran.error as NodeJS.ErrnoException).code !== "EPIPE") throw ran.error;
      const stderr = decode(ran.stderr.toString("latin1"));
      return {
        stdout: masked(decode(ran.stdout.toString("latin1"))),
        ...(stderr === "" ? {} : { stderr }),
        code: ran.status ?? 128 + constants.signals[ran.signal!],
      };
    });
    return { ...one, steps };
  });
  const file = join(here, "fixtures", `${name}.json`);
  writeFileSync(file, `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`);
  console.log(`${name}: ${rows.length} cases`);
}
rmSync(DIRECTORY, { recursive: true, force: true });

function setUp(files: Readonly<Record<string, FileSetup>>): void {
  rmSync(DIRECTORY, { recursive: true, force: true });
  mkdirSync(DIRECTORY, { recursive: true });
  process.umask(0o022);
  const mtime = new Date(MTIME);
  for (const [path, setup] of Object.entries(files)) {
    const full = join(DIRECTORY, path);
    mkdirSync(dirname(full), { recursive: true });
    if (typeof setup === "string") writeFileSync(full, Buffer.from(encode(setup), "latin1"));
    else if ("dir" in setup) mkdirSync(full, { recursive: true });
    else if ("link" in setup) symlinkSync(setup.link, full);
    else writeFileSync(full, Buffer.from(encode(setup.text), "latin1"));
    if (typeof setup === "object" && "mode" in setup && setup.mode !== undefined) chmodSync(full, setup.mode);
  }
  for (const path of [...Object.keys(files).reverse(), "."]) {
    const setup = files[path];
    const own = typeof setup === "object" && "mtime" in setup && setup.mtime ? new Date(setup.mtime) : mtime;
    lutimesSync(join(DIRECTORY, path), own, own);
    for (let parent = dirname(path); parent !== "."; parent = dirname(parent))
      lutimesSync(join(DIRECTORY, parent), mtime, mtime);
  }
}
