import { HOUR, type Duration } from "../sim/kernel/index.ts";
import type { FileSpec, Host, ProcessRow } from "../sim/host/index.ts";
import { runProgram, testHosts, type Ran } from "../sim/host/testing.ts";
import { allPrograms } from "./golden/replay.ts";

/** A machine with all programs of the registry, for tests. */
export interface ProgramWorld {
  readonly host: Host;
  /** Runs words as a program and gives what it wrote. */
  run(words: string | readonly string[], options?: { stdin?: string; env?: Record<string, string> }): Promise<Ran>;
  /** Enters a process that just is there, started some time ago. */
  add(row: Partial<ProcessRow> & { readonly argv: readonly string[] }, age?: Duration): number;
}

export async function programWorld(files: readonly FileSpec[] = []): Promise<ProgramWorld> {
  const { host } = testHosts(await allPrograms(), files);
  host.kernel.advance(host.kernel.now + HOUR);
  return {
    host,
    run: (words, options) =>
      runProgram(host, typeof words === "string" ? words.split(" ") : words, {
        ...options,
        env: { LANG: "C.UTF-8", ...options?.env },
      }),
    add(row, age = HOUR) {
      const name = row.argv[0]!;
      const pid = host.machine.addProcess(host, {
        host: host.name,
        ppid: 1,
        pgid: 0,
        sid: 0,
        uid: 0,
        gid: 0,
        groups: [0],
        umask: 0o022,
        comm: name.slice(name.lastIndexOf("/") + 1).slice(0, 15),
        exe: name,
        cwd: "/",
        env: {},
        ...row,
      });
      host.machine.updateProcess(pid, {
        startedAt: host.kernel.now - age,
        ...(row.pid === undefined ? {} : { pid: row.pid }),
      });
      return pid;
    },
  };
}
