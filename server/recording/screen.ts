import { SerializeAddon } from "@xterm/addon-serialize";
import xterm, { type Terminal } from "@xterm/headless";
import { dropScrolledOut } from "./scrolled-out.ts";
import { incompleteEnd } from "./incomplete.ts";

/** Lines that a screen keeps above its first row. */
const SCROLLBACK = 5_000;
/** So much output is kept as it came, before it is folded into a state. */
const RAW_LIMIT = 1_048_576;
/** Pieces are joined so often, since a thousand short strings take more room than what stands in them. */
const PIECES = 256;

/**
 * What a terminal shows, for whoever looks at it later. While nobody looks it only keeps what was printed: a headless
 * terminal reads it when it is asked for, or when it has become much, and is gone afterwards.
 *
 * Bytes are strings with one character a byte.
 */
export class Screen {
  readonly #scrollback: number;
  #cols: number;
  #rows: number;
  /** Draws what was folded on an empty terminal of the size that it had then. */
  #state = "";
  #stateSize: Size;
  /** The beginning of a character or sequence behind it that is not complete yet. */
  #open = "";
  /** What came since: bytes, and changes of size. */
  #tail: (string | Size)[] = [];
  #length = 0;
  /** When it has become so much, it is shortened. */
  #enough = RAW_LIMIT;
  #folding: Promise<void> = Promise.resolve();
  #foldingMuch = false;

  constructor(cols: number, rows: number, scrollback = SCROLLBACK) {
    this.#scrollback = scrollback;
    this.#cols = cols;
    this.#rows = rows;
    this.#stateSize = { cols, rows };
  }

  get cols(): number {
    return this.#cols;
  }

  get rows(): number {
    return this.#rows;
  }

  write(bytes: string): void {
    // NUL is nothing to a terminal.
    const shown = bytes.includes("\0") ? bytes.replaceAll("\0", "") : bytes;
    this.#tail.push(shown);
    this.#length += shown.length;
    if (this.#tail.length > PIECES) this.#join();
    if (this.#length > this.#enough) this.#shorten();
  }

  resize(cols: number, rows: number): void {
    if (cols === this.#cols && rows === this.#rows) return;
    this.#cols = cols;
    this.#rows = rows;
    this.#tail.push({ cols, rows });
  }

  /** Bytes that draw screen, scrollback, cursor and modes on an empty terminal of the present size. Nothing may be written until they are there. */
  async render(): Promise<string> {
    let drawn = "";
    this.#folding = this.#folding.then(async () => {
      await this.#fold();
      drawn = this.#state + this.#open;
    });
    await this.#folding;
    return drawn;
  }

  #join(): void {
    const joined: (string | Size)[] = [];
    let run: string[] = [];
    const end = (): void => {
      // Through a buffer: one flat string instead of a tree of all pieces.
      if (run.length > 0) joined.push(Buffer.from(run.join(""), "latin1").toString("latin1"));
      run = [];
    };
    for (const piece of this.#tail) {
      if (typeof piece === "string") run.push(piece);
      else {
        end();
        // Of sizes without output between them only the last one counts.
        if (typeof joined.at(-1) === "object") joined.pop();
        joined.push(piece);
      }
    }
    end();
    this.#tail = joined;
  }

  #shorten(): void {
    this.#join();
    const last = this.#tail.at(-1);
    if (typeof last === "string") {
      const shortened = dropScrolledOut(last, this.#scrollback + this.#rows);
      this.#tail[this.#tail.length - 1] = shortened;
      this.#length -= last.length - shortened.length;
    }
    this.#enough = Math.max(RAW_LIMIT, 2 * this.#length);
    if (this.#length <= RAW_LIMIT / 2 || this.#foldingMuch) return;
    this.#foldingMuch = true;
    this.#folding = this.#folding.then(async () => {
      await this.#fold();
      this.#foldingMuch = false;
    });
  }

  /** Reads all that has come by now into the state; what comes meanwhile waits. */
  async #fold(): Promise<void> {
    this.#tail.unshift(this.#open);
    this.#join();
    const tail = this.#tail;
    this.#tail = [];
    this.#length = 0;
    this.#enough = RAW_LIMIT;
    const size = { cols: this.#cols, rows: this.#rows };
    const last = tail.at(-1);
    this.#open = "";
    if (typeof last === "string") {
      const shown = dropScrolledOut(last, this.#scrollback + this.#rows);
      const open = incompleteEnd(shown);
      this.#open = shown.slice(shown.length - open);
      tail[tail.length - 1] = shown.slice(0, shown.length - open);
    }
    if (tail.every((piece) => piece === "")) return;
    this.#state = await draw(this.#stateSize, this.#scrollback, [this.#state, ...tail]);
    this.#stateSize = size;
  }
}

interface Size {
  readonly cols: number;
  readonly rows: number;
}

/** Draws on an empty terminal of a size; what draws the same on another, and gives it the same title. */
async function draw({ cols, rows }: Size, scrollback: number, pieces: readonly (string | Size)[]): Promise<string> {
  const terminal = new xterm.Terminal({ cols, rows, scrollback, allowProposedApi: true });
  try {
    const serializer = new SerializeAddon();
    terminal.loadAddon(serializer);
    const more = watchModes(terminal);
    let title = "";
    terminal.onTitleChange((now) => (title = `\x1b]0;${now}\x07`));
    for (const piece of pieces) {
      if (typeof piece !== "string") terminal.resize(piece.cols, piece.rows);
      else if (piece !== "")
        await new Promise<void>((resolve) => terminal.write(Buffer.from(piece, "latin1"), resolve));
    }
    return Buffer.from(title + serializer.serialize() + more(), "utf8").toString("latin1");
  } finally {
    terminal.dispose();
  }
}

/** Keeps what the serializer leaves out: whether the cursor is hidden, and which rows scroll. */
function watchModes(terminal: Terminal): () => string {
  let [hidden, region] = [false, ""];
  const { parser } = terminal;
  const mode =
    (hide: boolean) =>
    (params: (number | number[])[]): boolean => {
      if (params.includes(25)) hidden = hide;
      return false;
    };
  parser.registerCsiHandler({ prefix: "?", final: "l" }, mode(true));
  parser.registerCsiHandler({ prefix: "?", final: "h" }, mode(false));
  parser.registerCsiHandler({ final: "r" }, (params) => {
    const [top, bottom] = params.map(Number);
    region = !top && !bottom ? "" : `\x1b[${top || 1};${bottom || terminal.rows}r`;
    return false;
  });
  const reset = (): boolean => {
    [hidden, region] = [false, ""];
    return false;
  };
  parser.registerEscHandler({ final: "c" }, reset);
  parser.registerCsiHandler({ intermediates: "!", final: "p" }, reset);
  terminal.onResize(() => (region = ""));
  terminal.buffer.onBufferChange(() => (region = ""));
  return () => {
    const { cursorX, cursorY } = terminal.buffer.active;
    // Setting the rows that scroll sends the cursor home.
    const scrolling = region === "" ? "" : `${region}\x1b[${cursorY + 1};${Math.min(cursorX, terminal.cols - 1) + 1}H`;
    return scrolling + (hidden ? "\x1b[?25l" : "");
  };
}
