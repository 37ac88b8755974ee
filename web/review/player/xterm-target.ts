import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import type { TerminalTheme } from "../../theme/index.ts";
import type { Target } from "./recording.ts";

const FULL_RESET = "\u001bc";
const READ_ALOUD = "drydock.read-aloud";

export interface TerminalLook {
  readonly theme: TerminalTheme;
  readonly fontSize?: number;
}

/** A terminal as the workspace draws them. */
export function createTerminal(look: TerminalLook, cols: number, rows: number): Terminal {
  return new Terminal({
    cols,
    rows,
    theme: { ...look.theme },
    fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
    fontSize: look.fontSize ?? 13.4,
    lineHeight: 1.2,
    fontWeightBold: 650,
    scrollback: 500,
    minimumContrastRatio: 4.5,
    screenReaderMode: localStorage.getItem(READ_ALOUD) === "true",
    allowProposedApi: true,
  });
}

/** Draws a recording on xterm. All goes through its queue of writes, so that it comes in order. */
export class XtermTarget implements Target {
  readonly #terminal: Terminal;
  readonly #resized: () => void;

  constructor(terminal: Terminal, resized: () => void) {
    this.#terminal = terminal;
    this.#resized = resized;
  }

  reset(cols: number, rows: number, text: string): void {
    this.#terminal.write(FULL_RESET, () => this.#resize(cols, rows));
    this.#terminal.write(text);
  }

  resize(cols: number, rows: number): void {
    this.#terminal.write("", () => this.#resize(cols, rows));
  }

  write(text: string): void {
    this.#terminal.write(text);
  }

  #resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
    this.#resized();
  }
}
