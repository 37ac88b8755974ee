import { encode } from "../../sim/kernel/index.ts";
import {
  FdTable,
  MemoryInput,
  spawn,
  type ExitStatus,
  type Host,
  type OpenFile,
  type User,
} from "../../sim/host/index.ts";
import type { World } from "../../sim/world/index.ts";

export interface DetachedOptions {
  readonly stdin?: string;
  readonly stdout: OpenFile;
  readonly stderr: OpenFile;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const ENDED = "detached/ended";
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** A bash of its own, without a terminal: scripts of labs and of the command line. */
export class Detached {
  readonly pid: number;
  readonly #host: Host;
  #ended: ExitStatus | undefined;

  constructor(world: World, host: Host, user: User, args: readonly string[], options: DetachedOptions) {
    const running = runningIn(world);
    this.#host = host;
    this.pid = spawn(host, {
      path: "/bin/bash",
      argv: ["bash", ...args],
      cwd: options.cwd ?? user.home,
      as: host.users.credentials(user),
      ppid: 1,
      sid: 0,
      pgid: 0,
      env: {
        HOME: user.home,
        USER: user.name,
        LOGNAME: user.name,
        SHELL: user.shell,
        PATH,
        LANG: "C.UTF-8",
        PWD: options.cwd ?? user.home,
        ...options.env,
      },
      fds: new FdTable([
        [0, new MemoryInput(encode(options.stdin ?? ""))],
        [1, options.stdout],
        [2, options.stderr],
      ]),
      onExit: { kind: ENDED, args: { key: `${host.machine.name}/${running.next}` } },
    });
    running.processes.set(`${host.machine.name}/${running.next++}`, (status) => (this.#ended = status));
  }

  /** How it ended, if it has. */
  get ended(): ExitStatus | undefined {
    return this.#ended;
  }

  kill(): void {
    this.#host.machine.signalGroup(this.pid, "SIGKILL");
  }
}

interface Running {
  next: number;
  readonly processes: Map<string, (status: ExitStatus) => void>;
}

const RUNNING = new WeakMap<World, Running>();

function runningIn(world: World): Running {
  let running = RUNNING.get(world);
  if (!running) {
    const made: Running = { next: 1, processes: new Map() };
    RUNNING.set(world, (running = made));
    world.kernel.handle(ENDED, ({ key, status }: { key: string; status: ExitStatus }) => {
      made.processes.get(key)?.(status);
      made.processes.delete(key);
    });
  }
  return running;
}
