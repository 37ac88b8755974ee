import { decode, SECOND } from "../../sim/kernel/index.ts";
import {
  exitCode,
  FdTable,
  MemoryInput,
  MemoryOutput,
  spawn,
  Tty,
  TtyFile,
  type ExitStatus,
  type Host,
} from "../../sim/host/index.ts";
import type { World } from "../../sim/world/index.ts";
import type { Pacing } from "./pacing.ts";

/** A recording of real tools (golden/README.md): `# key: value` lines, then `$ command` with its output and `[N]`. */
export interface Transcript {
  readonly head: Readonly<Record<string, string>>;
  /** The header as it stands, which is printed again. */
  readonly header: string;
  readonly steps: readonly TranscriptStep[];
}

export interface TranscriptStep {
  readonly command: string;
  /** With `[N]` for a status that is not 0, as in the file. */
  readonly output: string;
}

export function readTranscript(text: string): Transcript {
  const head: Record<string, string> = {};
  const steps: { command: string; output: string }[] = [];
  let header = "";
  for (const line of text.replace(/\n$/, "").split("\n")) {
    if (line.startsWith("$ ")) steps.push({ command: line.slice(2), output: "" });
    else if (steps.length > 0) steps.at(-1)!.output += `${line}\n`;
    else {
      header += `${line}\n`;
      const [, key, value] = /^# ([\w-]+): ?(.*)$/.exec(line) ?? [];
      if (key !== undefined) head[key] = value!;
    }
  }
  return { head, header, steps };
}

const ENDED = "transcript/ended";
/** Between two commands. */
const GAP = 2.6 * SECOND;
/** What the recorder takes to start a command on a terminal of its own, as allowances that fill with time show. */
const STARTING = 0.35 * SECOND;
/** As the recorder gives up. */
const LONGEST = 45 * SECOND;
const OUTPUT_LIMIT = 64 * 1024 * 1024;
/** After such a command the recorder went on at once with the next of the kind; before others it waited (golden/capture.mjs). */
const CHANGES =
  /^(sudo )?(ip( -[46n]( \w+)?)*( -n \w+)? (l|li|lin|link|a|ad|addr|address|netns) (add|del|delete|set|flush)|ip netns exec \S+ ip (link|addr) (add|del|set)|brctl (add|del)|ifconfig \S+ \S)/;
const ENVIRONMENT = {
  PATH: "/run/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  TERM: "xterm",
  LANG: "C.UTF-8",
  USER: "root",
};

/** Types the commands of transcripts as the recorder did: each its own bash, in /root, on a terminal of its own. */
export class TranscriptPlayer {
  readonly #world: World;
  readonly #pacing: Pacing;
  readonly #host: Host;
  #next = 0;
  #changed = false;
  readonly #running = new Map<number, (status: ExitStatus) => void>();

  constructor(world: World, pacing: Pacing, host: Host) {
    this.#world = world;
    this.#pacing = pacing;
    this.#host = host;
    world.kernel.handle(ENDED, ({ key, status }: { key: number; status: ExitStatus }) =>
      this.#running.get(key)?.(status),
    );
  }

  /** The same transcript with our output; `status` is the last command's. */
  async play({ head, header, steps }: Transcript): Promise<{ text: string; status: number }> {
    let text = header;
    let status = 0;
    await this.settle();
    for (const { command } of steps) {
      const ran = await this.run(command, head["tty"]);
      text += `$ ${command}\n${ran.shown}`;
      status = ran.status;
    }
    return { text, status };
  }

  /** Waits as the recorder did: links have settled and addresses are no longer tentative when the next command is typed. */
  settle(): Promise<void> {
    return this.#pacing.pass(this.#world.kernel.now + GAP);
  }

  /** What a command leaves in a transcript. `size` is `120x40`, or `none` for a pipe. */
  async run(command: string, size = "120x40"): Promise<{ shown: string; status: number }> {
    const changes = CHANGES.test(command);
    if (this.#changed && !changes) await this.settle();
    else await this.#pacing.pass(this.#world.kernel.now + STARTING);
    this.#changed = changes;
    const host = this.#host;
    const { machine, kernel } = host;
    const output = new MemoryOutput(OUTPUT_LIMIT);
    const terminal = size === "none" ? undefined : this.#terminal(size, output);
    const file = terminal && new TtyFile(terminal);
    let ended: ExitStatus | undefined;
    const key = ++this.#next;
    this.#running.set(key, (status) => (ended = status));
    const argv = terminal ? ["bash", "--norc", "-c", command] : ["bash", "-c", `exec 2>&1 </dev/null; ${command}`];
    const pid = spawn(host, {
      path: "/usr/bin/bash",
      argv,
      cwd: "/root",
      env: ENVIRONMENT,
      as: { uid: 0, gid: 0, groups: [0] },
      ppid: 1,
      pgid: 0,
      sid: 0,
      ...(terminal ? { tty: terminal.name } : {}),
      fds: new FdTable([
        [0, file ?? new MemoryInput("")],
        [1, file ?? output],
        [2, file ?? output],
      ]),
      onExit: { kind: ENDED, args: { key } },
    });
    if (terminal) terminal.foreground = { machine, pgid: pid };
    await this.#pacing.until(() => ended !== undefined, kernel.now + LONGEST);
    if (!ended) machine.signalGroup(pid, "SIGKILL");
    this.#running.delete(key);
    if (terminal) {
      // The recorder closes its end.
      terminal.hangUp();
      machine.removeTty(terminal.name);
    }
    const text = decode(output.take());
    const status = ended ? exitCode(ended) : 137;
    const whole = text === "" || text.endsWith("\n") ? text : `${text} (no-eol)\n`;
    return { shown: `${whole}${status === 0 ? "" : `[${status}]\n`}`, status };
  }

  #terminal(size: string, output: MemoryOutput): Tty {
    const [cols = 120, rows = 40] = size.split("x").map(Number);
    const { machine } = this.#host;
    const display = (bytes: string): void => output.writeNow(bytes);
    const tty = new Tty(machine.freeTtyName(), { cols, rows, inputLimit: 4096, display });
    machine.addTty(tty);
    return tty;
  }
}
