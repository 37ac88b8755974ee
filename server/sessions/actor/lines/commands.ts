import type { Bytes, JournalEntry, Kernel } from "../../../sim/kernel/index.ts";
import {
  exitCode,
  FdTable,
  makePipe,
  OpenFile,
  spawn,
  type ExitStatus,
  type Host,
  type Process,
  type User,
  type WriteEnd,
} from "../../../sim/host/index.ts";
import type { FromWorker } from "../../protocol/index.ts";

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games:/snap/bin";
/** So much input may wait for a command. */
const MOST_INPUT = 8 * 1024 * 1024;
/** So much input of all commands is kept in the session's journal; then no more is taken. */
const MOST_KEPT = 128 * 1024 * 1024;

const MB = 1024 * 1024;
const WAITED = `more than ${MOST_INPUT / MB} MB waited for the command there to read them: it was ended`;
const KEPT = `${MOST_KEPT / MB} MB have gone to this host by ssh in this exam, and no more can: the command there was ended`;

export interface RemoteCommandsTools {
  readonly kernel: Kernel;
  readonly act: (run: () => void) => void;
  /** Where lines log in. Throws Refused. */
  readonly login: () => { readonly host: Host; readonly user: User };
  /** Arguments of the event by which a process' end is heard. */
  readonly onEnd: (number: number, ended: (status: ExitStatus) => void) => NonNullable<Parameters<typeof spawn>[1]["onExit"]>; // prettier-ignore
}

type Said = Extract<FromWorker, { kind: "command-output" | "command-ended" | "command-refused" }>;
type Without<T> = T extends unknown ? Omit<T, "session"> : never;
export type CommandSaid = Without<Said>;

interface Running {
  readonly host: Host;
  readonly pid: number;
  readonly input: WriteEnd;
  /** Input that the pipe had no room for. */
  backlog: Bytes;
  ending: boolean;
}

/** Commands without a terminal that a base's `ssh HOST COMMAND` runs in the session of a part. */
export class RemoteCommands {
  readonly #tools: RemoteCommandsTools;
  readonly #running = new Map<number, Running>();
  #said: CommandSaid[] = [];
  /** Bytes of input that all commands have had. */
  #kept = 0;

  constructor(tools: RemoteCommandsTools) {
    this.#tools = tools;
  }

  /** How many run. */
  get size(): number {
    return this.#running.size;
  }

  open(line: number, command: string): void {
    this.#act({ kind: "command", line, command });
  }

  input(line: number, bytes: Bytes): void {
    this.#act({ kind: "command-input", line, bytes });
  }

  end(line: number): void {
    this.#act({ kind: "command-end", line });
  }

  /** The connection is gone, if the command runs still. */
  cut(line: number): void {
    this.#tools.act(() => {
      if (this.#running.has(line)) this.#enterNow({ kind: "command-cut", line });
    });
  }

  /** What commands printed and how they ended, since the last call. */
  take(): readonly CommandSaid[] {
    if (this.#said.length === 0) return [];
    const said = this.#said;
    this.#said = [];
    return said;
  }

  /** What entered, now or when the session was first played. */
  enter(entry: Entry): void {
    if (entry.kind === "command") return this.#run(entry.line, entry.command);
    const running = this.#running.get(entry.line);
    if (!running) return;
    if (entry.kind === "command-cut") {
      running.host.machine.signalGroup(running.pid, "SIGHUP");
      this.#running.delete(entry.line);
      return;
    }
    if (entry.kind === "command-input") {
      this.#kept += entry.bytes.length;
      if (running.backlog.length + entry.bytes.length > MOST_INPUT) return this.#refuse(entry.line, running, WAITED);
      if (this.#kept > MOST_KEPT) return this.#refuse(entry.line, running, KEPT);
      running.backlog += entry.bytes;
    } else running.ending = true;
    feed(running);
  }

  /** What was left out would be missing in the middle: the connection ends. */
  #refuse(line: number, { host, pid }: Running, message: string): void {
    this.#running.delete(line);
    this.#said.push({ kind: "command-refused", line, message });
    host.machine.signalGroup(pid, "SIGHUP");
  }

  #act(entry: Entry): void {
    this.#tools.act(() => this.#enterNow(entry));
  }

  #enterNow(entry: Entry): void {
    this.#tools.kernel.journal.add(entry);
    this.enter(entry);
  }

  #run(line: number, command: string): void {
    const { host, user } = this.#tools.login();
    const pipe = makePipe(0, this.#tools.kernel.limits.pipeBuffer);
    let offset = 0;
    const output = (stream: 1 | 2): OpenFile =>
      new LineOutput((bytes) => {
        this.#said.push({ kind: "command-output", line, stream, offset, bytes });
        offset += bytes.length;
      });
    const input = pipe.writer.retain();
    const atHome = host.files.exists(user.home);
    const shell = user.shell.slice(user.shell.lastIndexOf("/") + 1);
    // Without a command a login shell reads its input.
    const argv = command === "" ? [`-${shell}`] : [shell, "-c", command];
    const ran = host.hosts.onCommand?.({ host: host.name, tty: undefined, text: command === "" ? argv[0]! : command });
    const pid = spawn(host, {
      path: user.shell,
      argv,
      env: {
        USER: user.name,
        LOGNAME: user.name,
        HOME: user.home,
        PATH,
        SHELL: user.shell,
        LANG: "C.UTF-8",
        PWD: atHome ? user.home : "/",
      },
      cwd: atHome ? user.home : "/",
      as: host.users.credentials(user),
      ppid: 1,
      sid: 0,
      pgid: 0,
      fds: new FdTable([
        [0, pipe.reader],
        [1, output(1)],
        [2, output(2)],
      ]),
      onExit: this.#tools.onEnd(-line, (status) => {
        this.#running.delete(line);
        input.drop();
        ran?.(exitCode(status));
        this.#said.push({ kind: "command-ended", line, status: "signal" in status ? 255 : exitCode(status) });
      }),
    });
    const running = { host, pid, input, backlog: "", ending: false };
    this.#running.set(line, running);
    input.onChange(() => feed(running));
  }
}

type Entry = Extract<
  Parameters<Kernel["journal"]["add"]>[0],
  { kind: "command" | "command-input" | "command-end" | "command-cut" }
>;

export function isCommandEntry(entry: JournalEntry): entry is Extract<JournalEntry, Entry> {
  return entry.kind.startsWith("command");
}

/** Gives the pipe what it has room for; behind the last of it, its end. */
function feed(running: Running): void {
  const { input } = running;
  if (running.backlog !== "" && input.room > 0) {
    const piece = running.backlog.slice(0, Math.min(input.room, running.backlog.length));
    running.backlog = running.backlog.slice(piece.length);
    input.writeNow(piece);
  }
  if (running.backlog !== "" || !running.ending) return;
  running.ending = false;
  input.drop();
}

class LineOutput extends OpenFile {
  readonly name = "pipe:[0]";
  readonly #tell: (bytes: Bytes) => void;

  constructor(tell: (bytes: Bytes) => void) {
    super();
    this.#tell = tell;
  }

  override write(_process: Process, data: Bytes): void {
    this.#tell(data);
  }

  override writeNow(data: Bytes): void {
    this.#tell(data);
  }
}
