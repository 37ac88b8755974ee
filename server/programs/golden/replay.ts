import { decode, encode, parseRfc3339 } from "../../sim/kernel/index.ts";
import { dirname, join, ROOT, type Host, type Program } from "../../sim/host/index.ts";
import { runProgram, testHosts } from "../../sim/host/testing.ts";
import { dash } from "../../shell/index.ts";
import { createRegistry, programNames } from "../registry.ts";
import {
  DIRECTORY,
  ENVIRONMENT,
  masked,
  MTIME,
  VERSIONS,
  words,
  type FileSetup,
  type Recorded,
  type Step,
  type Suite,
} from "./suite.ts";

/** All programs of the registry, loaded, and `sh`, which some of them start. */
export async function allPrograms(): Promise<Program[]> {
  const registry = createRegistry([]);
  const programs = programNames().map(async (name) => ({ ...((await registry.find(name)) as Program), name }));
  return [...(await Promise.all(programs)), { ...dash, name: "sh" }];
}

/** Replays a recorded suite; returns what differs, in words. */
export async function replay(rows: readonly Recorded[], suite: Suite): Promise<string[]> {
  const { host } = testHosts(await allPrograms());
  Object.assign(host.hosts.profile("test").versions, VERSIONS);
  const different: string[] = [];
  for (const row of rows) {
    if (row.differs !== undefined) continue;
    setUp(host, suite.files);
    for (const [at, line] of row.run.entries()) {
      const expected = row.steps[at]!;
      const ran = await runProgram(host, words(line), {
        stdin: at === 0 ? encode(row.stdin ?? "") : "",
        cwd: DIRECTORY,
        env: { ...ENVIRONMENT, ...row.env },
      });
      const got: Step = { stdout: masked(decode(ran.stdout)), stderr: decode(ran.stderr), code: ran.code };
      const wanted = show({ ...expected, stderr: expected.stderr ?? "" });
      if (show(got) !== wanted) {
        const before = row.run
          .slice(0, at)
          .map((other) => `${other}; `)
          .join("");
        different.push(
          `${before}${line}${row.stdin === undefined ? "" : ` <<< ${JSON.stringify(row.stdin)}`}\n  real ${wanted}\n  ours ${show(got)}`,
        );
        break;
      }
    }
  }
  return different;
}

function show({ stdout, stderr, code }: Step): string {
  return `${code} ${JSON.stringify(stdout)}${stderr ? ` stderr ${JSON.stringify(stderr)}` : ""}`;
}

function setUp(host: Host, files: Readonly<Record<string, FileSetup>>): void {
  const { files: tree } = host;
  tree.removeTree(DIRECTORY);
  tree.mkdir(DIRECTORY, { parents: true });
  const mtime = parseRfc3339(MTIME)!;
  for (const [path, setup] of Object.entries(files)) {
    const full = join(DIRECTORY, path);
    tree.mkdir(dirname(full), { parents: true });
    if (typeof setup === "string") tree.write(full, encode(setup));
    else if ("dir" in setup) tree.mkdir(full, { parents: true });
    else if ("link" in setup) tree.symlink(setup.link, full);
    else tree.write(full, encode(setup.text));
    if (typeof setup === "object" && "mode" in setup && setup.mode !== undefined) tree.chmod(full, setup.mode);
  }
  for (const path of [...Object.keys(files).reverse(), "."]) {
    const setup = files[path];
    const own = typeof setup === "object" && "mtime" in setup ? parseRfc3339(setup.mtime ?? MTIME)! : mtime;
    tree.utimes(join(DIRECTORY, path), own, ROOT, false);
    for (let parent = dirname(path); parent !== "."; parent = dirname(parent))
      tree.utimes(join(DIRECTORY, parent), mtime);
  }
}
