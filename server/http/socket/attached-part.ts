import type { View, Viewer } from "../../sessions/pool/index.ts";
import type { Screen, ToBrowser, Topology } from "../../sessions/protocol/index.ts";

/** A browser's end of one part: its terminals' output as frames, and which terminals there are. */
export class AttachedPart implements Viewer {
  readonly #part: number;
  readonly #send: (message: ToBrowser) => void;
  readonly #sendOutput: (frame: Buffer) => void;
  readonly #terminals = new Set<number>();
  #view: View | undefined;
  #ended = false;
  wantsTopology = false;

  constructor(part: number, send: (message: ToBrowser) => void, sendOutput: (frame: Buffer) => void) {
    this.#part = part;
    this.#send = send;
    this.#sendOutput = sendOutput;
  }

  /** The session shows itself through this view from now on. */
  shownBy(view: View): void {
    if (this.#ended) view.end();
    else this.#view = view;
  }

  has(terminal: number): boolean {
    return this.#terminals.has(terminal);
  }

  drawn(terminal: number, bytes: number): void {
    this.#view?.drawn(terminal, bytes);
  }

  /** Throws UserError where nobody may see it. */
  wantTopology(on: boolean): void {
    this.wantsTopology = on;
    this.#view?.topology(on);
  }

  /** For what was wanted before there was a view. */
  askTopology(): void {
    if (this.wantsTopology) this.#view?.topology(true);
  }

  end(): void {
    this.#ended = true;
    this.#view?.end();
    this.#view = undefined;
  }

  screens(screens: readonly Screen[]): void {
    this.#terminals.clear();
    for (const { terminal } of screens) this.#terminals.add(terminal);
    const terminals = screens.map(({ terminal, host, user, cols, rows, bytes, ended, leadsTo }) => {
      const screen = Buffer.from(bytes, "latin1").toString("base64");
      return { terminal, host, user, cols, rows, screen, ended, ...(leadsTo === undefined ? {} : { leadsTo }) };
    });
    this.#tell({ type: "screens", part: this.#part, terminals });
  }

  output(terminal: number, bytes: string): void {
    if (this.#ended) return;
    const frame = Buffer.allocUnsafe(bytes.length + 2);
    frame[0] = this.#part;
    frame[1] = terminal;
    frame.write(bytes, 2, "latin1");
    this.#sendOutput(frame);
  }

  opened(terminal: number, host: string, user: string, cols: number, rows: number): void {
    this.#terminals.add(terminal);
    this.#tell({ type: "opened", part: this.#part, terminal, host, user, cols, rows });
  }

  resized(terminal: number, cols: number, rows: number): void {
    this.#tell({ type: "resized", part: this.#part, terminal, cols, rows });
  }

  leads(terminal: number, leadsTo: number | undefined): void {
    this.#tell({ type: "leads", part: this.#part, terminal, ...(leadsTo === undefined ? {} : { leadsTo }) });
  }

  ended(terminal: number, status: number): void {
    this.#tell({ type: "ended", part: this.#part, terminal, status });
  }

  gone(terminal: number): void {
    this.#terminals.delete(terminal);
    this.#tell({ type: "closed", part: this.#part, terminal });
  }

  rebuilding(state: "working" | "making" | "failed", message: string): void {
    this.#tell({ type: "rebuilding", part: this.#part, state, message });
  }

  topology(topology: Topology): void {
    this.#tell({ type: "topology", part: this.#part, topology });
  }

  refused(code: string, message: string): void {
    this.#tell({ type: "error", code, message });
  }

  #tell(message: ToBrowser): void {
    if (!this.#ended) this.#send(message);
  }
}
