import type { Host } from "../../sim/host/index.ts";

/** How processes are chosen, beside `a`, `x` and `-e`. */
export interface Selection {
  readonly by: "pid" | "ppid" | "name" | "user" | "group" | "tty" | "session";
  readonly values: readonly string[];
}

/** A column of -o, perhaps with its own heading and width. */
export interface Wanted {
  readonly name: string;
  readonly heading?: string;
  readonly width?: number;
}

export interface PsOptions {
  everyone: "all" | "terminals" | "not leaders" | undefined;
  bsdAll: boolean;
  bsdNoTty: boolean;
  negate: boolean;
  selections: Selection[];
  formats: Wanted[];
  /** A named layout: `full`, `user`, `long`… */
  layout: string | undefined;
  bsd: boolean;
  sort: string[];
  forest: boolean;
  hierarchy: boolean;
  headers: boolean;
  wide: number;
  environment: boolean;
  columns: number | undefined;
}

/** What is wrong, in the words of ps; or what ours does not simulate. */
export type PsError =
  | { readonly problem: string }
  | { readonly notSimulated: string }
  | { readonly info: "help" | "version" };

const SELECT: Readonly<Record<string, Selection["by"]>> = {
  p: "pid", q: "pid", C: "name", u: "user", U: "user", g: "session", G: "group", t: "tty", s: "session",
}; // prettier-ignore
const LONG_SELECT: Readonly<Record<string, Selection["by"]>> = {
  pid: "pid", ppid: "ppid", "quick-pid": "pid", user: "user", User: "user", group: "group", Group: "group", tty: "tty", sid: "session",
}; // prettier-ignore

/** Reads UNIX, BSD and GNU options, mixed as people type them (procps src/ps/parser.c). */
export function parsePs(args: readonly string[], host: Host): PsOptions | PsError {
  const first = parse(args);
  // `-aux`: there is no user `x`, so it is meant as BSD options.
  const [word] = args;
  if (
    word?.startsWith("-") &&
    !word.startsWith("--") &&
    !("problem" in first) &&
    !("notSimulated" in first) &&
    !("info" in first)
  ) {
    const unknown = first.selections.some(
      ({ by, values }) => by === "user" && values.some((value) => !isUser(host, value)),
    );
    if (unknown && /^-[a-z]*u[a-z]+$/.test(word)) {
      const again = parse([word.slice(1), ...args.slice(1)]);
      if (!("problem" in again)) return again;
    }
  }
  return first;
}

function isUser({ users }: Host, value: string): boolean {
  return /^\d+$/.test(value) || users.byName(value) !== undefined;
}

function parse(args: readonly string[]): PsOptions | PsError {
  const options: PsOptions = {
    everyone: undefined,
    bsdAll: false,
    bsdNoTty: false,
    negate: false,
    selections: [],
    formats: [],
    layout: undefined,
    bsd: false,
    sort: [],
    forest: false,
    hierarchy: false,
    headers: true,
    wide: 0,
    environment: false,
    columns: undefined,
  };
  const words = [...args];
  while (words.length > 0) {
    const word = words.shift()!;
    const problem = word.startsWith("--")
      ? long(word, words, options)
      : word.startsWith("-") && word.length > 1
        ? unix(word.slice(1), words, options)
        : /^[0-9]/.test(word)
          ? void options.selections.push(list("pid", word))
          : bsd(word, words, options);
    if (problem) return problem;
  }
  return options;
}

function list(by: Selection["by"], text: string): Selection {
  return { by, values: text.split(/[, \t]+/).filter((part) => part !== "") };
}

function formats(text: string): Wanted[] {
  const wanted: Wanted[] = [];
  // `name=Heading` takes the rest of the text.
  for (let rest = text; rest !== "";) {
    const match = /^[, ]*([A-Za-z_%0-9]+)(?::(\d+))?(?:=([^]*))?/.exec(rest);
    if (!match) return [...wanted, { name: rest }];
    const [whole, name, width, heading] = match as unknown as [string, string, string?, string?];
    const more = heading !== undefined && heading.startsWith(",");
    wanted.push({
      name,
      ...(width === undefined ? {} : { width: Number(width) }),
      ...(heading === undefined ? {} : { heading: more ? "" : heading }),
    });
    rest = more ? heading : heading === undefined ? rest.slice(whole.length) : "";
  }
  return wanted;
}

/** The rest of a cluster, or the next word. */
function valueOf(rest: string, words: string[]): string | undefined {
  return rest === "" ? words.shift() : rest;
}

function unix(cluster: string, words: string[], options: PsOptions): PsError | undefined {
  for (let at = 0; at < cluster.length; at++) {
    const letter = cluster[at]!;
    const rest = cluster.slice(at + 1);
    if (SELECT[letter] !== undefined) {
      const value = valueOf(rest, words);
      if (value === undefined) return { problem: missing(letter) };
      options.selections.push(list(SELECT[letter], value));
      return undefined;
    }
    switch (letter) {
      case "A":
      case "e":
        options.everyone = "all";
        break;
      case "a":
        options.everyone = "terminals";
        break;
      case "d":
        options.everyone = "not leaders";
        break;
      case "N":
        options.negate = true;
        break;
      case "f":
        options.layout = options.layout === "long" ? "long full" : "full";
        break;
      case "F":
        options.layout = "extra full";
        break;
      case "l":
        options.layout = options.layout === "full" ? "long full" : "long";
        break;
      case "j":
        options.layout = "jobs";
        break;
      case "y":
      case "c":
      case "Z":
      case "M":
      case "L":
      case "T":
      case "m":
      case "P":
        return { notSimulated: `-${letter}` };
      case "H":
        options.hierarchy = true;
        break;
      case "w":
        options.wide++;
        break;
      case "V":
        return { info: "version" };
      case "o":
      case "O": {
        const value = valueOf(rest, words);
        if (value === undefined) return { problem: `format specification must follow -${letter}` };
        if (letter === "O") return { notSimulated: "-O" };
        options.formats.push(...formats(value));
        return undefined;
      }
      default:
        return { problem: "unsupported SysV option" };
    }
  }
  return undefined;
}

function missing(letter: string): string {
  const what: Record<string, string> = {
    p: "list of process IDs", q: "process ID", C: "list of command names", u: "list of users", U: "list of real users", g: "list of session leaders OR effective group names", G: "list of real groups", t: "list of terminals (pty, tty...)", s: "list of sessions",
  }; // prettier-ignore
  return `${what[letter] ?? "value"} must follow -${letter}`;
}

function bsd(cluster: string, words: string[], options: PsOptions): PsError | undefined {
  options.bsd = true;
  for (let at = 0; at < cluster.length; at++) {
    const letter = cluster[at]!;
    const rest = cluster.slice(at + 1);
    switch (letter) {
      case "a":
        options.bsdAll = true;
        break;
      case "x":
        options.bsdNoTty = true;
        break;
      case "u":
        options.layout = "user";
        break;
      case "l":
        options.layout = "bsd long";
        break;
      case "j":
        options.layout = "bsd jobs";
        break;
      case "f":
        options.forest = true;
        break;
      case "w":
        options.wide++;
        break;
      case "e":
        options.environment = true;
        break;
      case "h":
        options.headers = false;
        break;
      case "r":
        return { notSimulated: "r" };
      case "c":
      case "n":
      case "s":
      case "v":
      case "X":
      case "m":
      case "S":
      case "Z":
        return { notSimulated: letter };
      case "V":
        return { info: "version" };
      case "p":
      case "q":
      case "U":
      case "t": {
        const value = letter === "t" ? rest : valueOf(rest, words);
        if (value === undefined || value === "")
          return letter === "t" ? { notSimulated: "t" } : { problem: missing(letter) };
        options.selections.push(list(letter === "U" ? "user" : letter === "t" ? "tty" : "pid", value));
        return undefined;
      }
      case "o": {
        const value = valueOf(rest, words);
        if (value === undefined) return { problem: "format specification must follow o" };
        options.formats.push(...formats(value));
        return undefined;
      }
      case "k": {
        const value = valueOf(rest, words);
        if (value === undefined) return { problem: "long sort specification must follow 'k'" };
        options.sort.push(...value.split(","));
        return undefined;
      }
      default:
        return { problem: "unsupported option (BSD syntax)" };
    }
  }
  return undefined;
}

function long(word: string, words: string[], options: PsOptions): PsError | undefined {
  const equals = word.indexOf("=");
  const name = word.slice(2, equals < 0 ? undefined : equals);
  const value = (): string | undefined => (equals < 0 ? words.shift() : word.slice(equals + 1));
  if (LONG_SELECT[name] !== undefined) {
    const given = value();
    if (given === undefined) return { problem: `list of process IDs must follow --${name}` };
    options.selections.push(list(LONG_SELECT[name], given));
    return undefined;
  }
  switch (name) {
    case "help":
      return { info: "help" };
    case "version":
      return { info: "version" };
    case "info":
    case "context":
    case "cumulative":
    case "signames":
      return { notSimulated: `--${name}` };
    case "forest":
      options.forest = true;
      return undefined;
    case "deselect":
      options.negate = true;
      return undefined;
    case "headers":
    case "heading":
      return undefined;
    case "no-headers":
    case "no-heading":
    case "noheader":
    case "noheaders":
    case "noheading":
    case "noheadings":
      options.headers = false;
      return undefined;
    case "format": {
      const given = value();
      if (given === undefined) return { problem: "format specification must follow --format" };
      options.formats.push(...formats(given));
      return undefined;
    }
    case "sort": {
      const given = value();
      if (given === undefined) return { problem: "long sort specification must follow --sort" };
      options.sort.push(...given.split(","));
      return undefined;
    }
    case "cols":
    case "columns":
    case "width": {
      const given = value();
      if (given === undefined || !/^\d+$/.test(given))
        return { problem: `number of columns must follow --cols, --width, or --columns` };
      options.columns = Number(given);
      return undefined;
    }
    default:
      return { problem: "unknown gnu long option" };
  }
}
