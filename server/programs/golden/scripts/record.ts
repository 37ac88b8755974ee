/**
 * Runs the cases of `cases/*.txt` with the real bash 5.2 and the programs of this machine (mawk as awk, as Ubuntu has it) and
 * writes what they print to `recorded/*.json`. `node server/programs/golden/scripts/record.ts [NAME…]`.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DIRECTORY, ENVIRONMENT, FILES, masked, readScripts, type RecordedScript, type Script } from "./scripts.ts";

const here = import.meta.dirname;
const programs = "/tmp/drydock-programs";
const wanted = process.argv.slice(2);

rmSync(programs, { recursive: true, force: true });
mkdirSync(programs);
symlinkSync("/usr/bin/mawk", join(programs, "awk"));
for (const file of readdirSync(join(here, "cases"))) {
  const group = file.replace(/\.txt$/, "");
  if (wanted.length > 0 && !wanted.includes(group)) continue;
  const rows = readScripts(readFileSync(join(here, "cases", file), "utf8")).map(record);
  writeFileSync(
    join(here, "recorded", `${group}.json`),
    `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`,
  );
  console.log(`${group}: ${rows.length}`);
}
rmSync(DIRECTORY, { recursive: true, force: true });

function record({ name, text }: Script): RecordedScript {
  rmSync(DIRECTORY, { recursive: true, force: true });
  mkdirSync(DIRECTORY);
  process.umask(0o022);
  for (const [path, content] of Object.entries(FILES)) writeFileSync(join(DIRECTORY, path), content);
  const [out, err] = ["/tmp/drydock-out", "/tmp/drydock-err"] as const;
  // Pipes, not sockets: bash takes a socket on its input for a remote login.
  const wrapper = `{ "$@" 2>&3 3>&- < /dev/null | cat > ${out}; exit \${PIPESTATUS[0]}; } 3>&1 | cat > ${err}; exit \${PIPESTATUS[0]}`;
  const variables = Object.entries({ ...ENVIRONMENT, PATH: `${programs}:/usr/bin:/bin` }).map(
    ([key, value]) => `${key}=${value}`,
  );
  const ran = spawnSync("bash", ["-c", wrapper, "record", "env", "-i", ...variables, "bash", "-c", text], {
    cwd: DIRECTORY,
    stdio: "ignore",
    timeout: 20_000,
  });
  const read = (path: string): string => masked(readFileSync(path, "utf8")).replaceAll(`${programs}:`, "");
  return { name, text, stdout: read(out), stderr: read(err), code: ran.status ?? -1 };
}
