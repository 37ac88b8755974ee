import { compile, isRegexError } from "../../shell/regex/index.ts";
import type { Process, ProcessRow, Program } from "../../sim/host/index.ts";
import { namespaceOf, parseAddress, resolveName } from "../../sim/net/index.ts";
import { ReverseNames } from "../netstat/reverse.ts";
import { socketsIn } from "../ss/sockets.ts";
import { selects, type Internet } from "./internet.ts";
import { parse, type LsofOptions } from "./options.ts";
import { fieldOutput, stateName, table, type Held } from "./table.ts";
import { SHORT_USAGE, USAGE } from "./usage.ts";

/** Lists open sockets (lsof 4.95.0). Other open files are not simulated. */
export const lsof: Program = {
  name: "lsof",
  summary: "list open files: sockets of IP",
  async run(process, args) {
    const parsed = parse(process, args);
    if ("ask" in parsed) {
      if (parsed.ask === "help") await process.print(USAGE);
      else await process.print(VERSION);
      return 0;
    }
    if ("notSimulated" in parsed) return refuse(process, parsed.notSimulated);
    if ("problem" in parsed) return complain(process, parsed.problem);
    return list(process, parsed.options);
  },
};

const VERSION = `lsof version information:
    revision: 4.95.0
    latest revision: https://github.com/lsof-org/lsof
    latest FAQ: https://github.com/lsof-org/lsof/blob/master/00FAQ
    latest (non-formatted) man page: https://github.com/lsof-org/lsof/blob/master/Lsof.8
`;

async function refuse(process: Process, what: string): Promise<number> {
  await process.error(`drydock: lsof: '${what}' is not simulated\n`);
  return 64;
}

async function complain(process: Process, problem: string): Promise<number> {
  await process.error(`lsof: ${problem}\n${SHORT_USAGE}`);
  return 1;
}

async function list(process: Process, options: LsofOptions): Promise<number> {
  const owners = new Owners(process, options);
  if (owners.problem !== undefined) return complain(process, owners.problem);
  const byProcess = owners.chooses;
  if (!options.internet && (!byProcess || owners.any)) return refuse(process, "open files other than sockets");
  if (options.internet && byProcess && !options.and && owners.any)
    return refuse(process, "open files other than sockets");

  let found = owners.allFound;
  let sockets = held(process);
  if (!options.internet || (options.and && byProcess)) sockets = sockets.filter(({ owner }) => owners.has(owner.row));
  sockets = sockets.filter(({ owner }) => !owners.excludes(owner.row));
  if (options.internet) {
    const chosen = new Set<Held>();
    for (const wanted of options.internet) {
      const addresses = await addressesOf(process, wanted);
      if (addresses?.size === 0) return complain(process, `unknown host name (${wanted.host!}) in: -i ${wanted.text}`);
      const those = sockets.filter((socket) => selects(wanted, socket, addresses));
      if (those.length === 0) {
        found = false;
        if (options.verbose) await process.print(`lsof: Internet address not located: ${wanted.text}\n`);
      }
      for (const socket of those) chosen.add(socket);
    }
    if (options.internet.length > 0) sockets = sockets.filter((socket) => chosen.has(socket));
  }
  sockets = sockets.filter((socket) => hasState(socket, options));
  if (sockets.length === 0) return 1;
  if (options.terse) {
    const pids = new Set(sockets.map(({ owner }) => process.host.pidOf(owner.row)));
    await process.print([...pids].map((pid) => `${pid}\n`).join(""));
  } else {
    const names = new ReverseNames(process);
    await process.print(await (options.fields === undefined ? table : fieldOutput)(process, sockets, options, names));
  }
  return found ? 0 : 1;
}

/** Sockets of IP whose holder may be seen, by process and file descriptor. */
function held(process: Process): Held[] {
  const { host } = process;
  return socketsIn(namespaceOf(process), process)
    .filter(
      (socket): socket is Held =>
        socket.owner !== undefined && (socket.protocol === "tcp" || socket.protocol === "udp"),
    )
    .sort((a, b) => host.pidOf(a.owner.row) - host.pidOf(b.owner.row) || a.owner.fd - b.owner.fd);
}

/** What the host of `-i` stands for; empty: nothing, undefined: any. */
async function addressesOf(process: Process, { host }: Internet): Promise<ReadonlySet<string> | undefined> {
  if (host === undefined) return undefined;
  if (parseAddress(host) !== undefined) return new Set([host]);
  if (/^[\d.]+$/.test(host)) return new Set();
  return new Set((await resolveName(process, host)).addresses);
}

function hasState(socket: Held, { states: { wanted, excluded } }: LsofOptions): boolean {
  const state = stateName(socket);
  if (state === undefined) return true;
  return (wanted.length === 0 || wanted.includes(state)) && !excluded.includes(state);
}

/** The processes that -p, -u and -c choose. */
class Owners {
  /** What is wrong with a choice. */
  readonly problem: string | undefined;
  /** Is any choice made at all? */
  readonly chooses: boolean;
  readonly #tests: ((row: ProcessRow) => boolean)[][] = [];
  readonly #excluding: ((row: ProcessRow) => boolean)[] = [];
  readonly #rows: readonly ProcessRow[];
  readonly #and: boolean;

  constructor(process: Process, { pids, users, commands, and }: LsofOptions) {
    const { host } = process;
    this.#rows = host.processes();
    this.#and = and;
    const ofPid = (word: string) => (row: ProcessRow): boolean => host.pidOf(row) === Number(word); // prettier-ignore
    const ofUser = (word: string): ((row: ProcessRow) => boolean) => {
      const uid = /^\d+$/.test(word) ? Number(word) : host.users.byName(word)?.uid;
      return (row) => row.uid === uid;
    };
    for (const [choice, test] of [
      [pids, ofPid],
      [users, ofUser],
      [commands, ofCommand],
    ] as const) {
      if (choice.wanted.length > 0) this.#tests.push(choice.wanted.map(test));
      this.#excluding.push(...choice.excluded.map(test));
    }
    this.chooses = this.#tests.length > 0;
    const unknown = [...users.wanted, ...users.excluded].find(
      (word) => !/^\d+$/.test(word) && !host.users.byName(word),
    );
    if (unknown !== undefined) this.problem = `can't get UID for ${unknown}`;
  }

  /** Are there such processes? */
  get any(): boolean {
    return this.#rows.some((row) => this.has(row));
  }

  /** Is there a process for each word of the choice? */
  get allFound(): boolean {
    return this.#tests.flat().every((test) => this.#rows.some(test));
  }

  has(row: ProcessRow): boolean {
    if (this.excludes(row)) return false;
    const matches = this.#tests.map((tests) => tests.some((test) => test(row)));
    return this.#and ? matches.every(Boolean) : matches.some(Boolean);
  }

  excludes(row: ProcessRow): boolean {
    return this.#excluding.some((test) => test(row));
  }
}

/** A beginning of the name, or `/regular expression/` with `b`, `i` or `x` after it. */
function ofCommand(word: string): (row: ProcessRow) => boolean {
  const match = /^\/(.*)\/([bix]*)$/.exec(word);
  if (!match) return ({ comm }) => comm.startsWith(word.slice(0, 15));
  const regex = compile(match[1]!, {
    syntax: match[2]!.includes("b") ? "basic" : "extended",
    ignoreCase: match[2]!.includes("i"),
  });
  if (isRegexError(regex)) return () => false;
  return ({ comm }) => regex.test(comm);
}
