import type { FastifyBaseLogger } from "fastify";
import { WebSocket, type RawData } from "ws";
import type { Attempts } from "../../attempts/index.ts";
import { FromBrowser, MAX_FRAME, type ToBrowser } from "../../sessions/protocol/index.ts";
import { answerTo } from "../errors.ts";
import type { AttemptAccess } from "../routes/roles.ts";
import { AttachedPart } from "./attached-part.ts";
import { BadFrames } from "./bad-frames.ts";
import { CLOSE, reason } from "./close-codes.ts";

/** Bytes that wait for a slow network before the browser has to come again. */
const MAX_BUFFERED = 4 * 1024 * 1024;

/** What may be sent by who only watches. */
const WATCHING = new Set<FromBrowser["type"]>(["attach", "drawn", "ping"]);

/** The part and the terminal stand before what was typed. */
const HEAD = 2;

/** One browser on one attempt: its frames go to the attempt, what happens in the attempt comes back. */
export class Connection {
  readonly #access: AttemptAccess;
  readonly #socket: WebSocket;
  readonly #attempts: Attempts;
  readonly #id: string;
  readonly #log: FastifyBaseLogger;
  readonly #parts = new Map<number, AttachedPart>();
  readonly #badFrames = new BadFrames();
  #stopListening: (() => void) | undefined;

  constructor(
    socket: WebSocket,
    attempts: Attempts,
    id: string,
    log: FastifyBaseLogger,
    access: AttemptAccess = "works",
  ) {
    this.#access = access;
    this.#socket = socket;
    this.#attempts = attempts;
    this.#id = id;
    this.#log = log;
  }

  /** Serves the socket until it closes. Frames that come before the attempt is found wait in the socket. */
  async serve(): Promise<void> {
    const socket = this.#socket;
    socket.pause();
    socket.once("close", (code) => this.#free(code));
    socket.on("message", (data, binary) => this.#take(data, binary));
    if (this.#access === "none") {
      this.#close(CLOSE.unknownAttempt, `There is no attempt '${this.#id}'.`);
      return socket.resume();
    }
    if (!(await this.#isOpen())) return socket.resume();
    if (socket.readyState !== WebSocket.OPEN) return;
    this.#stopListening = this.#attempts.listen(this.#id, (message) => {
      this.#send(message);
      if (message.type !== "changed") return;
      if (message.what === "state") void this.#isOpen();
      if (message.what === "cluster") for (const part of this.#parts.keys()) void this.#attach(part);
    });
    this.#log.info("connected");
    socket.resume();
  }

  /** Whoever it is has signed out, or was signed out. */
  signedOut(): void {
    this.#close(CLOSE.signedOut, "You are signed out. Sign in: your cluster, answers and clock go on.");
  }

  /** Whether the attempt can be worked on. If not, the socket is closed with the reason. */
  async #isOpen(): Promise<boolean> {
    try {
      const { state } = await this.#attempts.get(this.#id);
      if (state !== "graded") return true;
      this.#close(CLOSE.graded, "This attempt is graded: its terminals are closed.");
    } catch (error) {
      const { status, error: body } = answerTo(error);
      if (status >= 500) this.#log.error({ err: error }, "attempt cannot be read");
      this.#close(status === 404 ? CLOSE.unknownAttempt : CLOSE.failed, body.message);
    }
    return false;
  }

  #take(data: RawData, binary: boolean): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const frame = data as Buffer;
    if (binary) this.#type(frame);
    else this.#obey(frame);
  }

  /** Keys: the one path that has to be quick. */
  #type(frame: Buffer): void {
    if (this.#access !== "works") return this.#tellReadOnly();
    if (frame.length < HEAD) return this.#refuse("The frame names no terminal.");
    const part = frame[0]!;
    const terminal = frame[1]!;
    if (this.#parts.get(part)?.has(terminal) !== true)
      return this.#refuse(`Part ${part} has no terminal ${terminal} here; nothing was typed.`, "unknown-terminal");
    if (frame.length - HEAD > MAX_FRAME)
      return this.#refuse(`A frame holds at most ${MAX_FRAME} bytes; nothing was typed.`, "too-large");
    this.#try(() => this.#attempts.input(this.#id, part, terminal, frame.toString("latin1", HEAD)));
  }

  #obey(frame: Buffer): void {
    const parsed = FromBrowser.safeParse(json(frame));
    if (!parsed.success) return this.#refuse("The message is not one that this server knows.");
    const message = parsed.data;
    if (this.#access !== "works" && !WATCHING.has(message.type)) return this.#tellReadOnly();
    if ("terminal" in message && message.type !== "drawn" && !this.#parts.get(message.part)?.has(message.terminal))
      return this.#refuse(`Part ${message.part} has no terminal ${message.terminal} here.`, "unknown-terminal");
    switch (message.type) {
      case "attach":
        return void this.#attach(message.part);
      case "open":
        return void this.#open(message.part, message.cols, message.rows);
      case "resize":
        return this.#try(() =>
          this.#attempts.resize(this.#id, message.part, message.terminal, message.cols, message.rows),
        );
      case "close":
        return this.#try(() => this.#attempts.closeTerminal(this.#id, message.part, message.terminal));
      case "drawn":
        // May be of a terminal that was closed meanwhile.
        return this.#parts.get(message.part)?.drawn(message.terminal, message.bytes);
      case "focus":
        return this.#attempts.focus(this.#id, this, message.on);
      case "topology":
        return this.#topology(message.part, message.on);
      case "ping":
        return this.#send({ type: "pong", id: message.id, now: Date.now() });
    }
  }

  async #attach(part: number): Promise<void> {
    const before = this.#parts.get(part);
    before?.end();
    const attached = new AttachedPart(
      part,
      (message) => this.#send(message),
      (frame) => this.#sendFrame(frame, true),
    );
    this.#parts.set(part, attached);
    if (before?.wantsTopology) attached.wantTopology(true);
    try {
      attached.shownBy(await this.#attempts.view(this.#id, part, attached, this.#access !== "works"));
      this.#try(() => attached.askTopology());
    } catch (error) {
      if (this.#parts.get(part) === attached) this.#parts.delete(part);
      attached.end();
      this.#tellError(error);
    }
  }

  async #open(part: number, cols: number, rows: number): Promise<void> {
    try {
      await this.#attempts.openTerminal(this.#id, part, cols, rows);
    } catch (error) {
      this.#tellError(error);
    }
  }

  #topology(part: number, on: boolean): void {
    const attached = this.#parts.get(part);
    if (attached) this.#try(() => attached.wantTopology(on));
    else this.#refuse(`Part ${part} is not shown here.`, "unknown-part");
  }

  #try(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#tellError(error);
    }
  }

  #tellError(error: unknown): void {
    const { status, error: body } = answerTo(error);
    if (status >= 500) this.#log.error({ err: error }, "socket message failed");
    this.#send({ type: "error", code: body.code, message: body.message });
  }

  #tellReadOnly(): void {
    this.#send({ type: "error", code: "read-only", message: "You watch this attempt: nothing was typed or changed." });
  }

  /** A frame that no page of ours sends. */
  #refuse(message: string, code = "bad-frame"): void {
    this.#log.warn({ code }, "bad frame");
    if (this.#badFrames.isTooMany(performance.now()))
      this.#close(CLOSE.badFrames, "Too many frames that make no sense.");
    else this.#send({ type: "error", code, message });
  }

  #send(message: ToBrowser): void {
    this.#sendFrame(JSON.stringify(message), false);
  }

  #sendFrame(frame: string | Buffer, binary: boolean): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(frame, { binary });
    if (this.#socket.bufferedAmount > MAX_BUFFERED)
      this.#close(CLOSE.tooSlow, "The connection is too slow for this output; connect again.");
  }

  #close(code: number, words: string): void {
    this.#detach();
    this.#socket.close(code, reason(words));
  }

  #detach(): void {
    this.#attempts.focus(this.#id, this, null);
    this.#stopListening?.();
    this.#stopListening = undefined;
    for (const part of this.#parts.values()) part.end();
    this.#parts.clear();
  }

  #free(code: number): void {
    this.#detach();
    this.#log.info({ code }, "disconnected");
  }
}

function json(frame: Buffer): unknown {
  try {
    return JSON.parse(frame.toString("utf8"));
  } catch {
    return undefined;
  }
}
