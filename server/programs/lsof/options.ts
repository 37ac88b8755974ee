import { serviceNames } from "../iptables/names.ts";
import type { Process } from "../../sim/host/index.ts";
import { parseInternet, type Internet } from "./internet.ts";

/** Words that choose, and those (after `^`) that rule out. */
export interface Choice {
  readonly wanted: readonly string[];
  readonly excluded: readonly string[];
}

export interface LsofOptions {
  readonly internet?: readonly Internet[];
  readonly and: boolean;
  readonly pids: Choice;
  readonly users: Choice;
  readonly commands: Choice;
  /** States of TCP by the names of lsof. */
  readonly states: Choice;
  readonly numericHosts: boolean;
  readonly numericPorts: boolean;
  readonly numericUsers: boolean;
  readonly terse: boolean;
  readonly parents: boolean;
  readonly groups: boolean;
  readonly verbose: boolean;
  readonly commandWidth: number;
  /** Letters of `-F`; empty: all of them. */
  readonly fields?: string;
  /** Letters of `-T`: s(tate), q(ueues). */
  readonly information: string;
}

export type Parsed =
  | { readonly options: LsofOptions }
  | { readonly problem: string; readonly withUsage: boolean }
  | { readonly notSimulated: string }
  | { readonly ask: "help" | "version" };

/** Options whose argument must be there. */
const NEEDS = "cdDegpu";
/** Options whose argument is the next word unless that is another option. */
const MAY_HAVE = "FfgiKLorsSTZx";
const WITHOUT = "?abChlMnNOPQRtUvVwXE";
const NOT_SIMULATED = "dDefKLomMNrSUXZxE";
const TCP_STATES = ["ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE", "CLOSED", "IDLE",
  "BOUND", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING"]; // prettier-ignore
const MOST_COMMAND = 15;

/** Reads the command line: option letters in one word, an argument in the same word or the next. */
export function parse(process: Process, args: readonly string[]): Parsed {
  const words = [...args];
  const seen = new Seen(process);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--") break;
    const sign = word[0];
    if (word.length < 2 || (sign !== "-" && sign !== "+")) return { notSimulated: word };
    for (let at = 1; at < word.length; at++) {
      const letter = word[at]!;
      if (![NEEDS, MAY_HAVE, WITHOUT].some((letters) => letters.includes(letter)))
        return complaint(`illegal option character: ${letter}`);
      const takes = (NEEDS + MAY_HAVE).includes(letter);
      let value = takes && at + 1 < word.length ? word.slice(at + 1) : undefined;
      if (takes && value === undefined && words[0] !== undefined && !/^[-+]/.test(words[0])) value = words.shift();
      if (value === undefined && NEEDS.includes(letter) && letter !== "g")
        return complaint(`missing ${sign}${letter} option value`);
      const bad = seen.take(sign, letter, value);
      if (bad) return bad;
      if (takes) break;
    }
  }
  if (words.length > 0) return { notSimulated: words[0]! };
  return { options: seen.options() };
}

function complaint(problem: string): Parsed {
  return { problem, withUsage: true };
}

class Seen {
  readonly #services;
  readonly #flags = new Set<string>();
  readonly #internet: Internet[] = [];
  readonly #choices = { c: emptyChoice(), p: emptyChoice(), s: emptyChoice(), u: emptyChoice() };
  #commandWidth = 9;
  #fields: string | undefined;
  #information = "s";

  constructor(process: Process) {
    this.#services = serviceNames(process.host);
  }

  /** Takes an option; what is wrong with it otherwise. */
  take(sign: string, letter: string, value: string | undefined): Parsed | undefined {
    if (letter === "h" || letter === "?") return { ask: "help" };
    if (letter === "v") return { ask: "version" };
    if (NOT_SIMULATED.includes(letter)) return { notSimulated: `${sign}${letter}` };
    if (letter === "c" && sign === "+") return this.#takeWidth(value!);
    if (sign === "+" && letter !== "w") return { notSimulated: `+${letter}` };
    if (letter === "F") this.#fields = value ?? "";
    else if (letter === "T") this.#information = value ?? "";
    else if (letter === "i") return this.#takeInternet(value);
    else if (letter === "s" && value !== undefined) return this.#takeStates(value);
    else if (letter === "c" || letter === "p" || letter === "u") return this.#choose(letter, value!.split(","));
    else if (letter === "g" && value !== undefined) return { notSimulated: "-g" };
    else this.#flags.add(letter);
    return undefined;
  }

  options(): LsofOptions {
    const has = (letter: string): boolean => this.#flags.has(letter);
    return {
      ...(has("i") ? { internet: this.#internet } : {}),
      and: has("a"),
      pids: this.#choices.p,
      users: this.#choices.u,
      commands: this.#choices.c,
      states: this.#choices.s,
      numericHosts: has("n"),
      numericPorts: has("P"),
      numericUsers: has("l"),
      terse: has("t"),
      parents: has("R"),
      groups: has("g"),
      verbose: has("V"),
      commandWidth: this.#commandWidth,
      ...(this.#fields === undefined ? {} : { fields: this.#fields }),
      information: this.#information,
    };
  }

  #takeWidth(value: string): Parsed | undefined {
    const width = Number(value);
    if (width > MOST_COMMAND) return complaint(`+c ${value} > what system provides (${MOST_COMMAND})`);
    this.#commandWidth = width === 0 ? MOST_COMMAND : width;
    return undefined;
  }

  #takeInternet(value: string | undefined): Parsed | undefined {
    this.#flags.add("i");
    if (value === undefined) return undefined;
    const internet = parseInternet(value, this.#services);
    if ("problem" in internet) return complaint(internet.problem);
    this.#internet.push(internet);
    return undefined;
  }

  #takeStates(value: string): Parsed | undefined {
    const match = /^([^:]+):(.*)$/.exec(value);
    const protocol = (match?.[1] ?? value).toUpperCase();
    if (!match || (protocol !== "TCP" && protocol !== "UDP"))
      return complaint(`unknown -s protocol: "${match?.[1] ?? value}"`);
    if (protocol === "UDP") return { notSimulated: `-s ${value}` };
    const names = match[2]!.split(",");
    const unknown = names.find((name) => !TCP_STATES.includes(name.replace(/^\^/, "").toUpperCase()));
    if (unknown !== undefined) return complaint(`unknown TCP state name: ${unknown.replace(/^\^/, "")}`);
    return this.#choose("s", names.map((name) => name.toUpperCase())); // prettier-ignore
  }

  #choose(letter: "c" | "p" | "s" | "u", words: readonly string[]): Parsed | undefined {
    for (const word of words) {
      const excludes = word.startsWith("^");
      const bare = excludes ? word.slice(1) : word;
      if (letter === "p" && !/^\d+$/.test(bare)) return complaint(`illegal process ID: ${bare}`);
      this.#choices[letter][excludes ? "excluded" : "wanted"].push(bare);
    }
    return undefined;
  }
}

function emptyChoice(): { readonly wanted: string[]; readonly excluded: string[] } {
  return { wanted: [], excluded: [] };
}
