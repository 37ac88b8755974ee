import { fromCalendar, run, type Duration } from "../kernel/index.ts";
import { testKernel } from "../kernel/testing.ts";
import { buildBaseFiles } from "./base-files.ts";
import type { Host } from "./host.ts";
import { Hosts } from "./hosts.ts";
import { FdTable } from "./process/fd-table.ts";
import { MemoryInput, MemoryOutput } from "./process/memory-file.ts";
import { exitCode, type ExitStatus } from "./process/process-row.ts";
import type { Daemon, Program } from "./process/program.ts";
import { spawn } from "./process/spawn.ts";
import { deviceFiles } from "./profiles/devices.ts";
import type { FileSpec } from "./profiles/file-spec.ts";
import { bindServices } from "./services.ts";

/** A world of one machine, `controlplane`, with the given programs in /usr/bin and files; bugs in programs are thrown. */
export function testHosts(
  programs: readonly (Program | Daemon)[] = [],
  files: readonly FileSpec[] = [],
  kernel = testKernel(),
): { hosts: Hosts; host: Host } {
  const registry = new Map(programs.map((program) => [program.name, program]));
  const specs: FileSpec[] = [
    {
      path: "/etc/passwd",
      text: "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
    },
    { path: "/etc/group", text: "root:x:0:\nnogroup:x:65534:\n" },
    { path: "/root", dir: true, mode: 0o700 },
    { path: "/tmp", dir: true, mode: 0o1777 },
    { path: "/bin", link: "usr/bin" },
    { path: "/usr/bin", dir: true },
    ...deviceFiles,
    ...programs.map((program) => ({ path: `/usr/bin/${program.name}`, program: program.name })),
    ...files,
  ];
  const profile = {
    name: "test",
    kernelRelease: "6.8.0-51-generic",
    kernelVersion: "#52-Ubuntu SMP PREEMPT_DYNAMIC Thu Dec 5 13:09:44 UTC 2024",
    architecture: "x86_64",
    versions: {},
    files: buildBaseFiles("profile:test", specs, fromCalendar(2026, 11, 1)),
  };
  const hosts = new Hosts(kernel, { find: (name) => registry.get(name) }, [profile]);
  hosts.reportBug = (program, error) => {
    throw new Error(`${program} threw`, { cause: error });
  };
  const machine = hosts.addMachine(
    {
      name: "controlplane",
      profile: "test",
      cpus: 2,
      memory: 2_048_000,
      bootedAt: kernel.now,
      bootId: "0".repeat(32),
      machineId: "1".repeat(32),
    },
    "controlplane",
    100,
  );
  bindServices(hosts);
  return { hosts, host: machine.host };
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const EXITED = "testing/exited";

/** Runs a program of /usr/bin to its end, in virtual time, without terminal. */
export async function runProgram(
  host: Host,
  argv: readonly string[],
  options: { stdin?: string; cwd?: string; env?: Record<string, string>; interruptAfter?: Duration } = {},
): Promise<Ran> {
  const stdout = new MemoryOutput(10_000_000);
  const stderr = new MemoryOutput(10_000_000);
  let status: ExitStatus | undefined;
  try {
    host.kernel.handle(EXITED, (args: { done: number; status: ExitStatus }) => endings.get(args.done)?.(args.status));
  } catch {
    // A second run in the same world: the handler is there.
  }
  const done = ++runs;
  endings.set(done, (ended) => (status = ended));
  const pid = spawn(host, {
    path: argv[0]!.startsWith("/") ? argv[0]! : `/usr/bin/${argv[0]!}`,
    argv,
    cwd: options.cwd ?? "/root",
    env: { PATH: "/usr/bin:/bin", HOME: "/root", ...options.env },
    as: { uid: 0, gid: 0, groups: [0] },
    ppid: 1,
    fds: new FdTable([
      [0, new MemoryInput(options.stdin ?? "")],
      [1, stdout],
      [2, stderr],
    ]),
    onExit: { kind: EXITED, args: { done } },
  });
  if (options.interruptAfter !== undefined) {
    await run(host.kernel, () => status !== undefined, host.kernel.now + options.interruptAfter);
    if (!status) host.machine.signal(pid, "SIGINT");
  }
  await run(host.kernel, () => status !== undefined);
  endings.delete(done);
  return { code: status ? exitCode(status) : -1, stdout: stdout.take(), stderr: stderr.take() };
}

let runs = 0;
const endings = new Map<number, (status: ExitStatus) => void>();
