export interface Size {
  readonly cols: number;
  readonly rows: number;
}

export function sameSize(a: Size, b: Size): boolean {
  return a.cols === b.cols && a.rows === b.rows;
}

/** What the protocol allows. */
export function allowedSize({ cols, rows }: Size): Size {
  return { cols: Math.min(500, Math.max(2, cols)), rows: Math.min(300, Math.max(1, rows)) };
}

/** After another browser's change of size this one does not change it back by typing for so many milliseconds. */
const TRUCE = 3000;

/**
 * Who decides a terminal's size, when several browsers show it: the one in which somebody works. It leads from the moment
 * its terminals are focused or typed in until another browser sets a size; until then it follows the server's.
 */
export class SizeLead {
  readonly #ask: (size: Size) => void;
  #server: Size;
  /** What the pane has room for. */
  #room: Size | undefined;
  #leads = false;
  #ended = false;
  #asked: Size[] = [];
  #lostAt = -Infinity;

  constructor(server: Size, ask: (size: Size) => void) {
    this.#server = server;
    this.#ask = ask;
  }

  /** The size in which the terminal is to be drawn. */
  get size(): Size {
    return this.#asked.at(-1) ?? this.#server;
  }

  /** Another browser's size is drawn, and it is not that of this pane. */
  get follows(): boolean {
    return !this.#leads && !this.#ended && this.#room !== undefined && !sameSize(this.#room, this.size);
  }

  /** The pane got its place or another one. Returns whether `size` changed. */
  room(size: Size): boolean {
    this.#room = allowedSize(size);
    return this.#fit();
  }

  /** The shell has ended: nothing follows a size any more. */
  end(): void {
    this.#ended = true;
  }

  /** The pane is hidden: nothing is asked for until it is shown again. */
  hidden(): void {
    this.#room = undefined;
  }

  /** Somebody focused this browser's terminals, or typed (`typed`) at `now`. */
  claim(now: number, typed: boolean): boolean {
    if (typed && !this.#leads && now - this.#lostAt < TRUCE) return false;
    this.#leads = true;
    return this.#fit();
  }

  /** The server's size, on the terminal's arrival: what was asked for on an earlier line is void. */
  reset(server: Size): boolean {
    this.#server = server;
    this.#asked = [];
    return this.#fit();
  }

  /** The server tells a size: an answer to this browser's wish, or another one's doing. */
  told(server: Size, now: number): void {
    this.#server = server;
    const answered = this.#asked.findIndex((asked) => sameSize(asked, server));
    if (answered >= 0) this.#asked.splice(0, answered + 1);
    else if (!this.#room || !sameSize(this.#room, server)) {
      this.#asked = [];
      this.#leads = false;
      this.#lostAt = now;
    }
  }

  #fit(): boolean {
    const room = this.#room;
    if (!this.#leads || this.#ended || !room || sameSize(room, this.size)) return false;
    this.#asked.push(room);
    this.#ask(room);
    return true;
  }
}
