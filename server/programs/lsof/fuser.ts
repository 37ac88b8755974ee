import {
  attempt,
  Errno,
  parseSignal,
  SIGNAL_NAMES,
  type Process,
  type Program,
  type Signal,
} from "../../sim/host/index.ts";
import { namespaceOf } from "../../sim/net/index.ts";
import { serviceNames } from "../iptables/names.ts";
import { sendSignal } from "../procps/send-signal.ts";
import { socketsIn, type ShownSocket } from "../ss/sockets.ts";
import { FUSER_USAGE } from "./fuser-usage.ts";

type Space = "file" | "tcp" | "udp";

interface Given {
  readonly names: readonly { readonly word: string; readonly space: Space }[];
  readonly flags: ReadonlySet<string>;
  readonly signal: Signal;
}

/** Which processes have ports (psmisc 23.7). Files are not simulated. */
export const fuser: Program = {
  name: "fuser",
  summary: "identify processes using sockets",
  async run(process, args) {
    const given = parse(args);
    if ("answer" in given) {
      await process.print(given.answer);
      return 0;
    }
    if ("problem" in given) {
      await process.error(`${given.problem}\n`);
      return 1;
    }
    return search(process, given);
  },
};

const VERSION = `fuser (PSmisc) 23.7
Copyright (C) 1993-2024 Werner Almesberger and Craig Small

PSmisc comes with ABSOLUTELY NO WARRANTY.
This is free software, and you are welcome to redistribute it under
the terms of the GNU General Public License.
For more information about these matters, see the files named COPYING.
`;

const LONG: Readonly<Record<string, string>> = { all: "a", interactive: "i", inode: "I", kill: "k", "list-signals": "l", mount: "m",
  ismountpoint: "M", namespace: "n", silent: "s", user: "u", verbose: "v", writeonly: "w", version: "V", ipv4: "4", ipv6: "6" }; // prettier-ignore

function usage(problem: string): { readonly problem: string } {
  return { problem: `${problem}\n${FUSER_USAGE}`.replace(/\n$/, "") };
}

function parse(args: readonly string[]): Given | { readonly problem: string } | { readonly answer: string } {
  const words = [...args];
  const flags = new Set<string>();
  const names: { word: string; space: Space }[] = [];
  let space: Space = "file";
  let signal: Signal = "SIGKILL";
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (!word.startsWith("-") || word === "-") {
      names.push({ word, space });
      continue;
    }
    const long = word.startsWith("--") ? LONG[word.slice(2)] : undefined;
    if (word.startsWith("--") && long === undefined) return usage(`fuser: Invalid option ${word.slice(1)}`);
    const asSignal =
      long === undefined && /^-[A-Z]{2,}\d?$|^-\d\d?$/.test(word) && word !== "-4" && word !== "-6"
        ? parseSignal(word.slice(1))
        : undefined;
    if (asSignal !== undefined) {
      signal = asSignal;
      continue;
    }
    const letters = [...(long ?? word.slice(1))];
    for (let letter = letters.shift(); letter !== undefined; letter = letters.shift()) {
      if (letter === "V") return { answer: VERSION };
      if (letter === "l") return { answer: signalList() };
      if (!"aiIkmMnsuvw46cf".includes(letter)) return usage(`fuser: Invalid option ${letter}`);
      if (letter !== "n") {
        flags.add(letter);
        continue;
      }
      const value = letters.splice(0).join("") || words.shift();
      if (value !== "file" && value !== "tcp" && value !== "udp") return usage("Invalid namespace name");
      space = value;
    }
  }
  if (names.length === 0) return usage("No process specification given");
  return { names, flags, signal };
}

function signalList(): string {
  const names = SIGNAL_NAMES.slice(0, 31).map((name) => (name === "SIGIO" ? "POLL" : name.slice(3)));
  return `${names.slice(0, 16).join(" ")}\n${names.slice(16).join(" ")}\n`;
}

/** Prints the names on standard error and the pids on standard output, as scripts expect. */
async function search(process: Process, { names, flags, signal }: Given): Promise<number> {
  const sockets = socketsIn(namespaceOf(process), process);
  const found: { readonly word: string; readonly owners: Owner[] }[] = [];
  for (const { word, space } of names) {
    const match = /^(.*)\/(tcp|udp)$/.exec(word);
    const protocol = match && space === "file" ? (match[2] as "tcp" | "udp") : space;
    const text = match && space === "file" ? match[1]! : word;
    if (protocol === "file") return aboutFile(process, word);
    const [local, host, remote] = text.split(",");
    if (host !== undefined && host !== "") return refuse(process, word);
    const ports = [readPort(process, local ?? "", protocol), readPort(process, remote ?? "", protocol)];
    if (ports.includes(-1)) {
      const [which, bad] = ports[0] === -1 ? ["local", local!] : ["remote", remote!];
      await process.error(`Cannot resolve ${which} port ${bad}: Servname not supported for ai_socktype\n`);
      return 1;
    }
    const those = sockets.filter((socket) => isMeant(socket, protocol, ports[0], ports[1], flags));
    found.push({ word: `${text}/${protocol}`, owners: ownersOf(process, those) });
  }
  const shown = found.filter(({ owners }) => owners.length > 0 || flags.has("a"));
  if (!flags.has("s")) await show(process, shown, flags);
  if (flags.has("k"))
    for (const pid of new Set(found.flatMap(({ owners }) => owners.map((owner) => owner.pid))))
      sendSignal(process, pid, signal);
  return found.every(({ owners }) => owners.length === 0) ? 1 : 0;
}

interface Owner {
  readonly pid: number;
  readonly user: string;
  readonly command: string;
}

async function aboutFile(process: Process, word: string): Promise<number> {
  if (!(attempt(() => process.host.files.stat(word, process)) instanceof Errno)) return refuse(process, word);
  await process.error(`Specified filename ${word} does not exist.\n`);
  return 1;
}

async function refuse(process: Process, word: string): Promise<number> {
  await process.error(`drydock: fuser: '${word}' is not simulated\n`);
  return 64;
}

/** -1: there is no such service. */
function readPort(process: Process, text: string, protocol: string): number | undefined {
  if (text === "") return undefined;
  return /^\d+$/.test(text) ? Number(text) : (serviceNames(process.host).port(text, protocol) ?? -1);
}

function isMeant(
  socket: ShownSocket,
  protocol: string,
  local: number | undefined,
  remote: number | undefined,
  flags: ReadonlySet<string>,
): boolean {
  if (socket.protocol !== protocol) return false;
  if (flags.has("4") !== flags.has("6") && socket.family !== (flags.has("4") ? 4 : 6)) return false;
  return (local === undefined || socket.port === local) && (remote === undefined || socket.peerPort === remote);
}

function ownersOf({ host }: Process, sockets: readonly ShownSocket[]): Owner[] {
  const rows = new Set(sockets.flatMap(({ owner }) => (owner ? [owner.row] : [])));
  return [...rows]
    .map((row) => ({
      pid: host.pidOf(row),
      user: host.users.byUid(row.uid)?.name ?? String(row.uid),
      command: row.comm,
    }))
    .sort((a, b) => a.pid - b.pid);
}

async function show(
  process: Process,
  found: readonly { readonly word: string; readonly owners: Owner[] }[],
  flags: ReadonlySet<string>,
): Promise<void> {
  const verbose = flags.has("v");
  if (verbose && found.length > 0) await process.error("                     USER        PID ACCESS COMMAND\n");
  for (const { word, owners } of found) {
    await process.error(`${word}:${owners.length > 0 ? "".padEnd(20 - word.length - 1) : ""}`);
    for (const [at, { pid, user, command }] of owners.entries()) {
      if (verbose) {
        await process.error(`${at === 0 ? "" : "\n".padEnd(21)} ${user.padEnd(8)} `);
        await process.print(String(pid).padStart(6));
        await process.error(` F.... ${command}`);
      } else {
        await process.print(` ${String(pid).padStart(5)}`);
        if (flags.has("u")) await process.error(`(${user})`);
      }
    }
    await process.error("\n");
  }
}
