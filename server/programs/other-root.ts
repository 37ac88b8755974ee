import {
  Errno, exitCode, findInPath, resolveExecutable, spawn, type Host, type Process,
} from "../sim/host/index.ts"; // prettier-ignore
import type { Environment } from "./gnu/execute.ts";

/**
 * Runs a command among the files of another host of the same machine (after chroot or setns), with the terminal, the
 * descriptors, the network and the capabilities that the process has, and waits for its end. Where the host is a machine, its
 * services and processes are there as well. An Errno if there is no such command.
 */
export async function runAmongFilesOf(
  process: Process,
  host: Host,
  words: readonly string[],
  {
    env = process.env,
    netns,
    cwd = "/",
  }: { readonly env?: Environment; readonly netns?: string; readonly cwd?: string } = {},
): Promise<number | Errno> {
  const { row } = process;
  const as = { uid: row.uid, gid: row.gid, groups: row.groups, cwd, umask: row.umask };
  const name = words[0] ?? "";
  const path = name.includes("/") ? name : findInPath(host, name, env["PATH"], as);
  if (path === undefined) return new Errno("ENOENT");
  const capabilities = row.capabilities ?? process.host.row.capabilities;
  try {
    resolveExecutable(host, path, words, as);
    const pid = spawn(host, {
      path,
      argv: words,
      env,
      cwd,
      as,
      umask: row.umask,
      fds: process.fds.copy(),
      ppid: process.pid,
      pgid: row.pgid,
      sid: row.sid,
      netns: netns ?? row.netns ?? process.host.row.netns,
      ignored: process.ignoredSignals,
      ...(row.tty === undefined ? {} : { tty: row.tty }),
      ...(capabilities ? { capabilities } : {}),
    });
    for (;;) {
      const { change, status } = await process.wait([pid]);
      if (change === "exited") return exitCode(status!);
    }
  } catch (error) {
    if (error instanceof Errno) return error;
    throw error;
  }
}
