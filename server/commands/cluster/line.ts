import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { SECOND } from "../../sim/kernel/index.ts";
import { exitCode, MemoryOutput, ROOT, type Host, type User } from "../../sim/host/index.ts";
import type { World } from "../../sim/world/index.ts";
import { Detached } from "../../sessions/actor/detached.ts";
import type { Pacing } from "../exec/pacing.ts";

export interface LineResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly rc: number;
}

const OUTPUT_LIMIT = 16 * 1024 * 1024;
/** Files of this machine that a line may name. */
const FILES_LIMIT = 8 * 1024 * 1024;
const TIME_LIMIT = 600 * SECOND;
const KUBECONFIG = "/etc/kubernetes/admin.conf";
const PRELUDE = 'k() { kubectl "$@"; }\n';

let lines = 0;

/**
 * Runs `bash -c LINE` on a host, without a terminal, in a fresh home with the cluster's kubeconfig. Files that it names of
 * `folder` on this machine are there under the same relative path.
 */
export async function runLine(
  { world, pacing, host, user }: { world: World; pacing: Pacing; host: Host; user: User },
  line: string,
  stdin: string,
  folder: string = process.cwd(),
): Promise<LineResult> {
  const home = `/tmp/line-${++lines}`;
  const directory = `${home}/work`;
  host.files.mkdir(`${home}/.kube`, { parents: true });
  host.files.mkdir(directory, { parents: true });
  host.files.write(`${home}/.kube/config`, host.readText(KUBECONFIG) ?? "", { mode: 0o600 }, { ...ROOT, umask: 0 });
  copyNamedFiles(host, line, folder, directory);
  const stdout = new MemoryOutput(OUTPUT_LIMIT);
  const stderr = new MemoryOutput(OUTPUT_LIMIT);
  const env = { HOME: home, KUBE_EDITOR: "true" };
  const bash = new Detached(world, host, user, ["-c", PRELUDE + line], { stdin, stdout, stderr, cwd: directory, env });
  const ended = await pacing.until(() => bash.ended !== undefined, world.now + TIME_LIMIT);
  if (!ended) bash.kill();
  return {
    stdout: Buffer.from(stdout.take(), "latin1").toString("utf8"),
    stderr: Buffer.from(stderr.take(), "latin1").toString("utf8"),
    rc: bash.ended ? exitCode(bash.ended) : 137,
  };
}

/** Copies what a line names of a folder of this machine: `-f pod.yaml`, `-k overlays/dev`. */
function copyNamedFiles(host: Host, line: string, root: string, directory: string): void {
  let left = FILES_LIMIT;
  const copy = (path: string): void => {
    const within = relative(root, path);
    if (within === "" || within.startsWith("..")) return;
    const stat = statSync(path, { throwIfNoEntry: false });
    const target = `${directory}/${within}`;
    if (stat?.isDirectory()) {
      host.files.mkdir(target, { parents: true });
      for (const name of readdirSync(path)) if (name !== "node_modules" && name !== ".git") copy(join(path, name));
    } else if (stat?.isFile() && stat.size <= left) {
      left -= stat.size;
      host.files.mkdir(target.slice(0, target.lastIndexOf("/")), { parents: true });
      host.files.write(target, readFileSync(path, "latin1"));
    }
  };
  for (const word of line.split(/[\s'"=,;|&()<>]+/))
    if (/^[\w./-]+$/.test(word) && word !== ".") copy(resolve(root, word));
}
