import { readFileSync } from "node:fs";
import { decode, MILLISECOND, pass, run, SECOND } from "../../sim/kernel/index.ts";
import {
  exitCode,
  FdTable,
  MemoryInput,
  spawn,
  Tty,
  TtyFile,
  type ExitStatus,
  type Host,
} from "../../sim/host/index.ts";
import { normalize } from "./normalize.mjs";
import { transcriptWorld } from "./worlds.ts";

interface Step {
  readonly command: string;
  /** With `[N]` for a status that is not 0, as in the file. */
  readonly output: string;
}

interface Transcript {
  readonly head: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export function readTranscript(text: string): Transcript {
  const head: Record<string, string> = {};
  const steps: { command: string; output: string }[] = [];
  for (const line of text.replace(/\n$/, "").split("\n")) {
    if (line.startsWith("$ ")) steps.push({ command: line.slice(2), output: "" });
    else if (steps.length > 0) steps.at(-1)!.output += `${line}\n`;
    else {
      const [, key, value] = /^# ([\w-]+): ?(.*)$/.exec(line) ?? [];
      if (key !== undefined) head[key] = value!;
    }
  }
  return { head, steps };
}

/** What changes the network: the recording waited for it to come to rest before what followed. */
const CHANGES =
  /^(sudo )?(ip( -[46n]( \w+)?)*( -n \w+)? (l|li|lin|link|a|ad|addr|address|netns) (add|del|delete|set|flush)|ip netns exec \S+ ip (link|addr) (add|del|set)|brctl (add|del)|ifconfig \S+ \S)/;

/** Replays a transcript; what differs, in words. `skips` names commands that are run and not compared. */
export async function replayTranscript(file: URL, skips: (command: string) => boolean): Promise<string[]> {
  const { head, steps } = readTranscript(readFileSync(file, "utf8"));
  const world = transcriptWorld(head["world"] ?? "bare");
  if (!world) return [`no world ${head["world"]!}`];
  const { host } = world;
  // The network has come to rest before the first command.
  await pass(host.kernel, host.kernel.now + 3 * SECOND);
  const different: string[] = [];
  let changed = false;
  for (const { command, output } of steps) {
    const changes = CHANGES.test(command);
    if (changed && !changes) await pass(host.kernel, host.kernel.now + 2600 * MILLISECOND);
    changed = changes;
    const got = await type(host, command, head["tty"] ?? "120x40");
    if (!skips(command) && got !== normalize(output))
      different.push(`$ ${command}\n--- real\n${output}--- ours\n${got}`);
  }
  return different;
}

const ENDED = "transcripts/ended";

/** Runs a command by `bash -c` on a terminal of its own, and shows it as transcripts do. */
async function type(host: Host, command: string, size: string): Promise<string> {
  let shown = "";
  let status: ExitStatus | undefined;
  const [cols, rows] = size === "none" ? [120, 40] : (size.split("x").map(Number) as [number, number]);
  const tty = new Tty(host.machine.freeTtyName(), {
    cols,
    rows,
    inputLimit: 4096,
    display: (bytes) => void (shown += bytes),
  });
  host.machine.addTty(tty);
  const file = new TtyFile(tty);
  const onEnd = `${ENDED}/${++commands}`;
  host.kernel.handle(onEnd, (args: { status: ExitStatus }) => (status = args.status));
  const pid = spawn(host, {
    path: "/usr/bin/bash",
    argv: ["bash", "--norc", "-c", command],
    cwd: "/root",
    env: {
      PATH: "/run/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: "/root",
      TERM: "xterm",
      LANG: "C.UTF-8",
      USER: "root",
    },
    as: { uid: 0, gid: 0, groups: [0] },
    ppid: 1,
    pgid: 0,
    sid: 0,
    tty: tty.name,
    fds: new FdTable([
      [0, size === "none" ? new MemoryInput("") : file],
      [1, file],
      [2, file],
    ]),
    onExit: { kind: onEnd, args: {} },
  });
  tty.foreground = { machine: host.machine, pgid: pid };
  await run(host.kernel, () => status !== undefined, host.kernel.now + 60 * SECOND);
  host.machine.removeTty(tty.name);
  const text = normalize(decode(shown));
  const code = status ? exitCode(status) : -1;
  const end = text === "" || text.endsWith("\n") ? text : `${text} (no-eol)\n`;
  return `${end}${code === 0 ? "" : `[${code}]\n`}`;
}

let commands = 0;
