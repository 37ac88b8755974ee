import type { FromWorker, LineAnswer, LineCall, Screen } from "../protocol/index.ts";
import { SessionError } from "./pool.ts";
import type { SessionLog } from "./session-log.ts";
import type { Session } from "./session.ts";

/** So much output may be under way to a base: beyond it the other session waits. */
const WINDOW = 256 * 1024;
/** What was printed before goes to a base in pieces. */
const PIECE = 64 * 1024;

interface Tools {
  /** A session that can be used; throws SessionError. */
  readonly find: (id: string) => Session;
  readonly log: SessionLog;
}

/** A line from a base to the session of a part. */
interface Open {
  readonly base: string;
  readonly line: number;
  readonly target: string;
  /** It runs a command without a terminal. */
  readonly bare: boolean;
  /** In the target; null: a command without one; undefined: it is being opened. */
  terminal: number | null | undefined;
  /** What came from the base before it was open. */
  readonly held: LineCall[];
  /** Bytes of output on their way. */
  outstanding: number;
  /** What was printed before is being read: answers wait. */
  waiting: LineAnswer[] | undefined;
}

/** The lines that bases have to the sessions of their parts: `<attempt>/<part>` beside `<attempt>/<base>`. */
export class Lines {
  readonly #tools: Tools;
  readonly #open = new Map<string, Open>();

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  /** A base says something. */
  call(base: Session, line: number, call: LineCall): void {
    const open = this.#open.get(key(base.id, line));
    if (call.type === "open") return this.#begin(base, line, call);
    if (call.type === "again") return this.#again(base, line, call, open);
    if (!open) return;
    if (call.type === "taken") return this.#taken(open, call.bytes);
    if (open.terminal === undefined) {
      if (call.type === "cut") this.#forget(open);
      else open.held.push(call);
      return;
    }
    this.#pass(open, call);
  }

  /** A session said something that may be for a base. */
  heard({ id }: Session, message: FromWorker): void {
    if (this.#open.size === 0) return;
    switch (message.kind) {
      case "output": {
        const { offset, bytes } = message;
        return this.#tell(this.#at(id, message.terminal), { type: "output", stream: 1, offset, bytes });
      }
      case "ended":
        return this.#end(this.#at(id, message.terminal), { type: "ended", status: message.status });
      case "gone":
        return this.#end(this.#at(id, message.terminal), { type: "lost" });
      case "command-output": {
        const { stream, offset, bytes } = message;
        return this.#tell(this.#command(id, message.line), { type: "output", stream, offset, bytes });
      }
      case "command-ended":
        return this.#end(this.#command(id, message.line), { type: "ended", status: message.status });
      case "command-refused":
        return this.#end(this.#command(id, message.line), { type: "refused", message: message.message });
      default:
    }
  }

  /** A session is there no more: a base forgets its lines, and those to it are dead. */
  ended(id: string, why: string): void {
    for (const open of this.#open.values()) {
      if (open.base === id) this.#forget(open);
      else if (open.target === id) this.#end(open, { type: "refused", message: why });
    }
  }

  /**
   * A session's worker is gone: a command without a terminal that ran there has lost its connection. What came over it and
   * what did not is not known any more, and it cannot be said twice.
   */
  broken(id: string): void {
    for (const open of this.#to(id)) if (open.bare) this.#break(open);
  }

  /** Sessions left the memory, both ends of their lines at once: a base that comes back takes its lines up again. */
  unloaded(ids: readonly string[]): void {
    for (const [name, open] of this.#open) if (ids.includes(open.base)) this.#open.delete(name);
  }

  #begin(base: Session, line: number, { part, command, size }: Extract<LineCall, { type: "open" }>): void {
    const open = this.#add(base.id, { line, part, bare: size === undefined, terminal: undefined });
    const opened = (terminal: number | null): void => {
      if (this.#open.get(key(base.id, line)) !== open) {
        // The caller is gone already.
        if (terminal !== null) this.#target(open)?.type({ kind: "hang-up", session: open.target, terminal });
        return;
      }
      open.terminal = terminal;
      this.#tell(open, { type: "opened", part, terminal });
      for (const call of open.held.splice(0)) this.#pass(open, call);
    };
    const refused = ({ message }: SessionError): void => this.#end(open, { type: "refused", message });
    const target = this.#target(open, refused);
    if (!target) return;
    if (size === undefined) {
      this.#present(target)
        .then(() => {
          // The caller may be gone already.
          if (this.#open.get(key(base.id, line)) !== open) return;
          target.worker?.post({ kind: "command", session: target.id, line, command: command ?? "" });
          opened(null);
        })
        .catch(refused);
      return;
    }
    const { cols, rows } = size;
    const more = command === undefined ? {} : { command };
    target.ask({
      make: (request) => ({ kind: "terminal", request, session: target.id, cols, rows, line, ...more }),
      answered: (message) => {
        if (message.kind !== "terminal") return;
        target.opened(message.terminal);
        const { host, user } = message;
        target.audience.tell((viewer) => viewer.opened(message.terminal, host, user, cols, rows));
        opened(message.terminal);
      },
      failed: refused,
      repeats: 1,
    });
  }

  #pass({ target: id, terminal, line, ...open }: Open, call: LineCall): void {
    const target = this.#target({ target: id });
    if (!target) return;
    if (terminal === null || terminal === undefined) {
      const { worker } = target;
      if (call.type === "input") worker?.post({ kind: "command-input", session: id, line, bytes: call.bytes });
      else if (call.type === "end") worker?.post({ kind: "command-end", session: id, line });
      else if (call.type === "cut") worker?.post({ kind: "command-cut", session: id, line });
    } else if (call.type === "input") target.type({ kind: "input", session: id, terminal, bytes: call.bytes });
    else if (call.type === "resize")
      target.type({ kind: "resize", session: id, terminal, cols: call.cols, rows: call.rows });
    else if (call.type === "cut") target.type({ kind: "hang-up", session: id, terminal });
    if (call.type === "cut") this.#forget(this.#open.get(key(open.base, line)));
  }

  /**
   * A base was built again, or lacks output. A terminal's line gets what it has not had, and goes on; a command without a
   * terminal has lost its connection.
   */
  #again(
    base: Session,
    line: number,
    { part, terminal, received }: Extract<LineCall, { type: "again" }>,
    known: Open | undefined,
  ): void {
    if (known?.waiting) return;
    const open = known ?? this.#add(base.id, { line, part, bare: terminal === null, terminal });
    if (open.bare) return this.#break(open);
    // It is being opened.
    if (open.terminal === null || open.terminal === undefined) return;
    if (terminal === null) this.#tell(open, { type: "opened", part, terminal: open.terminal });
    open.outstanding = 0;
    open.waiting = [];
    this.#missed(open, open.terminal, received).catch(() => this.#end(open, { type: "lost" }));
  }

  async #missed(open: Open, terminal: number, received: number): Promise<void> {
    const target = this.#tools.find(open.target);
    const screen = (await this.#present(target)).find((each) => each.terminal === terminal);
    const printed = await this.#tools.log.printed(open.target, terminal, received);
    const later = open.waiting ?? [];
    open.waiting = undefined;
    for (let at = 0; at < printed.length; at += PIECE)
      this.#tell(open, { type: "output", stream: 1, offset: received + at, bytes: printed.slice(at, at + PIECE) });
    // A recording that is full lacks what came behind.
    if (screen && screen.offset > received + printed.length) this.#tell(open, { type: "skip", offset: screen.offset });
    for (const answer of later) {
      if (answer.type === "output") this.#tell(open, answer);
      else return this.#end(open, answer);
    }
    if (!screen) this.#end(open, { type: "lost" });
    else if (screen.ended !== null) this.#end(open, { type: "ended", status: screen.ended });
  }

  /** The screens of a session, when it is there. */
  #present(target: Session): Promise<readonly Screen[]> {
    return new Promise((resolve, reject) =>
      target.ask({
        make: (request) => ({ kind: "screens", request, session: target.id }),
        answered: (message) => resolve(message.kind === "screens" ? message.screens : []),
        failed: reject,
        repeats: 1,
      }),
    );
  }

  #tell(open: Open | undefined, answer: LineAnswer): void {
    if (!open) return;
    if (open.waiting) return void open.waiting.push(answer);
    const base = this.#base(open);
    // A base that is not there asks for it when it is.
    if (base?.state !== "live") return;
    if (answer.type === "output") {
      open.outstanding += answer.bytes.length;
      if (open.outstanding > WINDOW) this.#target(open)?.audience.hold(open, true);
    }
    base.worker!.post({ kind: "heard", session: open.base, line: open.line, answer });
  }

  #taken(open: Open, bytes: number): void {
    open.outstanding = Math.max(0, open.outstanding - bytes);
    if (open.outstanding <= WINDOW / 2) this.#target(open)?.audience.hold(open, false);
  }

  #end(open: Open | undefined, answer: LineAnswer): void {
    if (!open) return;
    if (open.waiting) return void open.waiting.push(answer);
    this.#tell(open, answer);
    // A base that is not there asks again, and hears it then.
    this.#forget(open);
  }

  /** The caller hears that the line is dead; who is called hears it as soon as it is there. */
  #break(open: Open): void {
    const { target: id, line } = open;
    this.#end(open, { type: "lost" });
    const target = this.#target(open);
    if (!target) return;
    this.#present(target)
      .then(() => target.worker?.post({ kind: "command-cut", session: id, line }))
      // There is nobody to hear it.
      .catch(() => {});
  }

  #add(base: string, { part, ...line }: Pick<Open, "line" | "bare" | "terminal"> & { readonly part: number }): Open {
    const target = `${base.slice(0, base.lastIndexOf("/"))}/${part}`;
    const open = { base, target, held: [], outstanding: 0, waiting: undefined, ...line };
    this.#open.set(key(base, line.line), open);
    const session = this.#target(open);
    session?.audience.relay(open, true);
    return open;
  }

  #forget(open: Open | undefined): void {
    if (!open || !this.#open.delete(key(open.base, open.line))) return;
    const session = this.#target(open);
    session?.audience.hold(open, false);
    session?.audience.relay(open, false);
  }

  #target({ target }: Pick<Open, "target">, failed: (error: SessionError) => void = () => {}): Session | undefined {
    try {
      return this.#tools.find(target);
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      failed(error);
      return undefined;
    }
  }

  #base({ base }: Open): Session | undefined {
    return this.#target({ target: base });
  }

  #to(target: string): Open[] {
    return [...this.#open.values()].filter((open) => open.target === target);
  }

  #command(target: string, line: number): Open | undefined {
    return this.#to(target).find((open) => open.bare && open.line === line);
  }

  #at(target: string, terminal: number): Open | undefined {
    return this.#to(target).find((open) => open.terminal === terminal);
  }
}

function key(base: string, line: number): string {
  return `${base} ${line}`;
}
