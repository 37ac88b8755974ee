import type { Tty } from "../../../sim/host/index.ts";
import { MILLISECOND, type Time } from "../../../sim/kernel/index.ts";
import type { World } from "../../../sim/world/index.ts";
import type { TypedCommand } from "../../protocol/index.ts";

/** A reviewer reads the beginning of a longer one. */
const LONGEST = 4_000;

export interface CommandWatch {
  readonly count: number;
  /** What comes next was typed into this terminal. */
  typedInto(terminal: number): void;
  all(): TypedCommand[];
}

/** The terminals of a session. */
export interface Lines {
  /** Whose line it is; undefined for those of machines behind one. */
  terminalOf(tty: Tty): number | undefined;
  /** Bytes that a terminal has printed. */
  printed(terminal: number): number | null;
}

/** Writes down which commands are entered in a world. */
export function watchCommands(world: World, lines: Lines): CommandWatch {
  const commands: { -readonly [K in keyof TypedCommand]: TypedCommand[K] }[] = [];
  /** Lines of machines behind a terminal: they are that one's in which somebody had typed before. */
  const behind = new WeakMap<Tty, number>();
  let last: number | undefined;
  const place = (tty: Tty | undefined): number | null => {
    if (tty === undefined) return null;
    const own = lines.terminalOf(tty) ?? behind.get(tty) ?? last;
    if (own !== undefined) behind.set(tty, own);
    return own ?? null;
  };
  /** Before something else happens in a terminal: what its last command has printed is all there. */
  const notePrinted = (terminal: number): void => {
    const command = commands.findLast((each) => each.terminal === terminal);
    if (command && command.ended !== null) command.printed ??= lines.printed(terminal);
  };
  world.hosts.onCommand = ({ host, tty, text }) => {
    const command = {
      terminal: place(tty),
      host,
      at: milliseconds(world.now),
      text: text.slice(0, LONGEST),
      ended: null as number | null,
      status: null as number | null,
      printed: null as number | null,
      shown: null,
    };
    commands.push(command);
    return (status) => {
      command.ended = milliseconds(world.now);
      command.status = status;
    };
  };
  return {
    get count() {
      return commands.length;
    },
    typedInto(terminal) {
      last = terminal;
      notePrinted(terminal);
    },
    all() {
      for (const terminal of new Set(commands.map((command) => command.terminal)))
        if (terminal !== null) notePrinted(terminal);
      return commands.map((command) => ({ ...command }));
    },
  };
}

/** The first whole millisecond at which something had happened. */
export function milliseconds(at: Time): number {
  return Math.ceil(at / MILLISECOND);
}
