import { calendar, SECOND, WEEKDAYS, MONTHS, pad, type Time } from "../../sim/kernel/index.ts";
import { basename } from "../../sim/host/index.ts";
import { expandText } from "../expansion/expand.ts";
import { strftime } from "../history/strftime.ts";
import { polite } from "../jobs/listing.ts";
import { parseQuoted } from "../syntax/index.ts";
import type { Shell } from "./shell.ts";
import type { Steps } from "./steps.ts";

/** Between these stands what takes no room on the screen: `\[` and `\]`. */
export const INVISIBLE_START = "\x01";
export const INVISIBLE_END = "\x02";

/** What a prompt shows: first its escapes, then parameters, commands and arithmetic. As decode_prompt_string of parse.y. */
export function* decodePrompt(shell: Shell, text: string): Steps<string> {
  const decoded = decodeEscapes(shell, text);
  if (!shell.options.shopt("promptvars") || !/[$`\\]/.test(decoded)) return decoded;
  const { lastStatus } = shell;
  const expanded = yield* expandText(shell, parseQuoted(decoded));
  shell.lastStatus = lastStatus;
  return expanded;
}

function decodeEscapes(shell: Shell, text: string): string {
  if (!text.includes("\\")) return text;
  let out = "";
  for (const piece of piecesOf(text)) {
    if (typeof piece === "string") out += piece;
    else if (piece.format === undefined) out += escape(shell, piece.letter) ?? `\\${piece.letter}`;
    else {
      const { now } = shell.process;
      out += protect(strftime(piece.format || "%X", calendar(now), Math.floor(now / SECOND)));
    }
  }
  return out;
}

/** What stands for itself, a letter behind a backslash, or the format of `\D{…}`. */
type Piece = string | { readonly letter: string; readonly format?: string };

/** A prompt is the same for most of a shell's life. */
const pieces = new Map<string, readonly Piece[]>();
const PROMPTS = 256;

function piecesOf(text: string): readonly Piece[] {
  let known = pieces.get(text);
  if (!known) {
    if (pieces.size >= PROMPTS) pieces.clear();
    pieces.set(text, (known = takeApart(text)));
  }
  return known;
}

function takeApart(text: string): readonly Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(/\\(?:([0-7]{3})|D\{([^}]*)\}|(.))/gs)) {
    const [whole, octal, format, letter = "D"] = match as (string | undefined)[];
    if (match.index > end) found.push(text.slice(end, match.index));
    if (octal !== undefined) found.push(String.fromCharCode(parseInt(octal, 8) & 0xff));
    else found.push(format === undefined ? { letter } : { letter, format });
    end = match.index + whole!.length;
  }
  if (end < text.length) found.push(text.slice(end));
  return found;
}

/** A value is shown as it is: `$` in a directory's name starts no expansion. */
function protect(text: string): string {
  return /[$`\\"]/.test(text) ? text.replace(/[$`\\"]/g, "\\$&") : text;
}

const identities = new WeakMap<Shell, { readonly user: string; readonly host: string }>();

/** A shell looks only once who it is and where (shell.c, get_current_user_info and current_host_name). */
function whoIs(shell: Shell): { readonly user: string; readonly host: string } {
  let identity = identities.get(shell);
  if (!identity) {
    const { host, process } = shell;
    identity = { user: host.users.byUid(process.uid)?.name ?? "I have no name!", host: host.hostname };
    identities.set(shell, identity);
  }
  return identity;
}

function timeText(now: Time, letter: "d" | "t" | "T" | "@" | "A"): string {
  const { hour, minute, second, weekday, month, day } = calendar(now);
  const twelve = pad(hour % 12 || 12, 2);
  switch (letter) {
    case "d":
      return `${WEEKDAYS[weekday]!.slice(0, 3)} ${MONTHS[month - 1]!.slice(0, 3)} ${pad(day, 2)}`;
    case "t":
      return `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}`;
    case "T":
      return `${twelve}:${pad(minute, 2)}:${pad(second, 2)}`;
    case "@":
      return `${twelve}:${pad(minute, 2)} ${hour < 12 ? "AM" : "PM"}`;
    case "A":
      return `${pad(hour, 2)}:${pad(minute, 2)}`;
  }
}

function escape(shell: Shell, letter: string): string | undefined {
  const { process, variables } = shell;
  switch (letter) {
    case "a":
      return "\x07";
    case "d":
    case "t":
    case "T":
    case "@":
    case "A":
      return timeText(process.now, letter);
    case "e":
      return "\x1b";
    case "h":
      return protect(whoIs(shell).host.split(".")[0]!);
    case "H":
      return protect(whoIs(shell).host);
    case "j":
      return String(shell.jobs.all.length);
    case "l":
      return process.tty ? basename(process.tty.name) : "tty";
    case "n":
      return "\n";
    case "r":
      return "\r";
    case "s":
      return protect(basename(shell.name));
    case "u":
      return protect(whoIs(shell).user);
    case "v":
      return "5.2";
    case "V":
      return "5.2.21";
    case "w":
      return protect(workingDirectory(shell));
    case "W": {
      const directory = variables.get("PWD") ?? process.cwd;
      return protect(directory === variables.get("HOME") ? "~" : basename(directory));
    }
    case "!":
      return String(shell.history.next);
    case "#":
      return String(shell.commandNumber);
    case "$":
      return process.uid === 0 ? "#" : "\\$";
    case "\\":
      return "\\\\";
    case "[":
      return INVISIBLE_START;
    case "]":
      return INVISIBLE_END;
    default:
      return undefined;
  }
}

/** `~/dir`; with PROMPT_DIRTRIM only so many last parts. */
function workingDirectory(shell: Shell): string {
  const shown = polite(shell.variables.get("PWD") ?? shell.process.cwd, shell.variables.get("HOME"));
  const keep = Number(shell.variables.get("PROMPT_DIRTRIM")) || 0;
  const parts = shown.split("/").filter((part) => part !== "" && part !== "~");
  if (keep <= 0 || parts.length <= keep) return shown;
  return `${shown.startsWith("~") ? "~/" : ""}.../${parts.slice(-keep).join("/")}`;
}
