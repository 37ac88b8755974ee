import type { Process } from "../../sim/host/index.ts";
import { rfc3339 } from "../../sim/kernel/index.ts";
import { klogLine } from "../../sim/kube/components/index.ts";

export type Level = "info" | "warning" | "error" | "fatal";

const COLORS: Readonly<Record<Level, readonly [number, string]>> = {
  info: [36, "INFO"],
  warning: [33, "WARN"],
  error: [31, "ERRO"],
  fatal: [31, "FATA"],
};

/** A line of logrus' TextFormatter: coloured on a terminal, else `time="…" level=fatal msg="…"`. */
export async function say(process: Process, level: Level, message: string): Promise<void> {
  await process.error(process.isTty(2) ? coloured(process, level, message) : plain(process, level, message));
}

function coloured(process: Process, level: Level, message: string): string {
  const [color, word] = COLORS[level];
  const seconds = String(Math.floor((process.now - process.row.startedAt) / 1_000_000)).padStart(4, "0");
  return `\x1b[${color}m${word}\x1b[0m[${seconds}] ${message.replace(/\n$/, "").padEnd(44)} \n`;
}

function plain(process: Process, level: Level, message: string): string {
  const quoted = message !== "" && /^[A-Za-z0-9\-._/@^+]*$/.test(message) ? message : JSON.stringify(message);
  return `time=${JSON.stringify(rfc3339(process.now))} level=${level} msg=${quoted}\n`;
}

/** A call of the runtime has failed: what cri-client tells of it before the program does. `words`: `containerID`, `"abc"`… */
export async function rpcFailed(
  process: Process,
  call: string,
  error: string,
  words: readonly (readonly [name: string, value: string])[],
): Promise<void> {
  const rest = words.map(([name, value]) => ` ${name}=${value}`).join("");
  const message = `"${call}" err=${JSON.stringify(error)}${rest}`;
  await process.error(`${klogLine("E", process.now, process.host.pidOf(process.row), "log.go:32", message)}\n`);
}

/** crictl ends: with `message` as its last words. */
export class Fatal extends Error {}

/** crictl ends: the words are printed as they are. */
export class Exit extends Error {
  readonly code: number;

  constructor(message: string, code = 1) {
    super(message);
    this.code = code;
  }
}
