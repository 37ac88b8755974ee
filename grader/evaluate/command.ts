import { decode, run, SECOND } from "../../server/sim/kernel/index.ts";
import {
  Errno,
  exitCode,
  FdTable,
  MemoryInput,
  MemoryOutput,
  spawn,
  type ExitStatus,
} from "../../server/sim/host/index.ts";
import type { World } from "../../server/sim/world/index.ts";
import { Broken, NotSimulated } from "../broken.ts";
import type { Place } from "../scene/place.ts";

export interface Ran {
  /** Undefined: it did not end in time. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const TIME_LIMIT = 60 * SECOND;
const OUTPUT_LIMIT = 4 * 1024 * 1024;
/** What Drydock itself says: something is not simulated, or a program of it failed. Neither is the learner's doing. */
const OWN_WORDS = /^drydock: .*(?: not simulated|internal error).*$/m;
const ENDED = "grader/command-ended";
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

type Endings = Map<number, ExitStatus | "running">;

const ENDINGS = new WeakMap<World, Endings>();

/** Runs a script at a place as root, without terminal, to its end: the world's clock moves on. */
export async function runCommand(world: World, { host, ns, netns }: Place, script: string): Promise<Ran> {
  const endings = endingsOf(world);
  const shell = host.isContainer && !host.files.exists("/bin/bash") ? "/bin/sh" : "/bin/bash";
  const root = host.users.byName("root");
  const home = root?.home ?? "/root";
  const [stdout, stderr] = [new MemoryOutput(OUTPUT_LIMIT), new MemoryOutput(OUTPUT_LIMIT)];
  const id = endings.size;
  endings.set(id, "running");
  let pid: number;
  try {
    pid = spawn(host, {
      path: shell,
      argv: [shell.slice(5), "-c", script],
      cwd: host.files.exists(home) ? home : "/",
      as: root ? host.users.credentials(root) : { uid: 0, gid: 0, groups: [0] },
      ppid: 1,
      sid: 0,
      pgid: 0,
      ...(netns === undefined ? {} : { netns: ns.id }),
      env: { HOME: home, USER: "root", LOGNAME: "root", SHELL: shell, PATH, LANG: "C.UTF-8" },
      fds: new FdTable([
        [0, new MemoryInput("")],
        [1, stdout],
        [2, stderr],
      ]),
      onExit: { kind: ENDED, args: { id } },
    });
  } catch (error) {
    if (error instanceof Errno) throw new Broken(`no shell can be started there: ${shell}: ${error.message}`);
    throw error;
  }
  await run(world.kernel, () => endings.get(id) !== "running", world.kernel.now + TIME_LIMIT);
  const status = endings.get(id)!;
  if (status === "running") host.machine.signalGroup(pid, "SIGKILL");
  const result = {
    exitCode: status === "running" ? undefined : exitCode(status),
    stdout: decode(stdout.take()),
    stderr: decode(stderr.take()),
  };
  const complaint = OWN_WORDS.exec(result.stderr)?.[0];
  if (complaint !== undefined) throw new NotSimulated(complaint);
  return result;
}

function endingsOf(world: World): Endings {
  let endings = ENDINGS.get(world);
  if (!endings) {
    const made: Endings = new Map();
    ENDINGS.set(world, (endings = made));
    world.kernel.handle(ENDED, ({ id, status }: { id: number; status: ExitStatus }) => made.set(id, status));
  }
  return endings;
}
