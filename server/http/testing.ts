import { pino } from "pino";
import { WebSocket } from "ws";
import type { AddressInfo } from "node:net";
import type { Attempts, Listener, Management } from "../attempts/index.ts";
import { UserError } from "../attempts/index.ts";
import type { View, Viewer } from "../sessions/pool/index.ts";
import type {
  ApiPort,
  AttemptReport,
  AttemptState,
  AttemptView,
  Catalogue,
  Gradings,
  ToBrowser,
} from "../sessions/protocol/index.ts";
import { createServer, type ServerOptions } from "./server.ts";

/** Attempts without a simulation: one attempt `a1` of one part, whose terminal echoes. */
export class FakeAttempts implements Attempts {
  state: AttemptState = "open";
  ok = true;
  /** Shows no topology. */
  exam = false;
  /** Thrown by everything that reads an attempt. */
  broken: Error | undefined;
  readonly calls: unknown[][] = [];
  readonly viewers = new Map<Viewer, View>();
  readonly listeners = new Set<Listener>();
  readonly terminals = new Set([1]);

  async catalogue(): Promise<Catalogue> {
    return { labs: [], exams: [], open: [], recent: [], problems: [] };
  }

  async prepare(...order: unknown[]) {
    this.calls.push(["prepare", ...order]);
  }

  async start(...order: unknown[]) {
    this.calls.push(["start", ...order]);
    return this.get("a1");
  }

  async startDraftExam(...order: unknown[]) {
    this.calls.push(["startDraftExam", ...order]);
    return this.get("a1");
  }

  async startDraft(...order: unknown[]) {
    this.calls.push(["startDraft", ...order]);
    return this.get("a1");
  }

  async get(id: string): Promise<AttemptView> {
    this.#find(id);
    return {
      id,
      kind: "lab",
      of: "lost-endpoints",
      title: "Lost endpoints",
      state: this.state,
      startedAt: 1,
      endsAt: null,
      submittedAt: null,
      percent: null,
      now: 2,
      minutes: 10,
      pass: null,
      notes: "",
      parts: [],
    };
  }

  /** Whose `a1` is. */
  ownerId = "local";

  /** What it was started for. */
  assignment: string | null = null;

  async belonging(id: string) {
    this.#find(id);
    return { owner: this.ownerId, assignment: this.assignment };
  }

  listenAnywhere() {
    return () => {};
  }

  typed() {
    return undefined;
  }

  async answer(id: string, ...given: unknown[]) {
    this.#find(id);
    this.calls.push(["answer", ...given]);
  }

  async notes(id: string, notes: string) {
    this.#find(id);
    this.calls.push(["notes", notes]);
  }

  async flag(id: string, ...flag: unknown[]) {
    this.#find(id);
    this.calls.push(["flag", ...flag]);
  }

  async hint(id: string) {
    return this.get(id);
  }

  async check(id: string): Promise<AttemptReport> {
    return this.#report(id, "check");
  }

  async abandon(id: string, by: string) {
    this.calls.push(["abandon", id, by]);
  }

  async submit(id: string): Promise<AttemptReport> {
    if (this.state !== "open") throw new UserError("already-submitted", "This attempt was submitted already.");
    this.state = "graded";
    for (const listener of this.listeners) listener({ type: "changed", what: "state" });
    return this.#report(id, "submitted");
  }

  async report(id: string): Promise<AttemptReport> {
    if (this.state !== "graded") throw new UserError("not-graded", "This attempt is not graded yet.");
    return this.#report(id, "submitted");
  }

  async gradings(id: string): Promise<Gradings> {
    return { first: await this.report(id), again: [] };
  }

  async earlier() {
    return [];
  }

  readonly management: Management = {
    view: async (id) => {
      const { parts: _parts, notes: _notes, pass: _pass, now, minutes, ...attempt } = await this.get(id);
      return { attempt, learner: null, now, minutes, changes: [], regrades: [] };
    },
    giveTime: (id, ...given) => this.#managed(id, "giveTime", ...given),
    pause: (id, ...given) => this.#managed(id, "pause", ...given),
    resume: (id, ...given) => this.#managed(id, "resume", ...given),
    regrade: async (id, by) => {
      this.calls.push(["regrade", by]);
      return this.gradings(id);
    },
  };

  #managed(id: string, ...call: unknown[]) {
    this.calls.push(call);
    return this.management.view(id);
  }

  focus(_id: string, _window: object, on: unknown) {
    this.calls.push(["focus", on]);
  }

  async reset(id: string, part: number) {
    this.#find(id);
    this.calls.push(["reset", part]);
    for (const listener of this.listeners) listener({ type: "changed", what: "cluster" });
  }

  async lastCheck(id: string): Promise<undefined> {
    this.#find(id);
  }

  async recording(id: string, part: number, terminal: number) {
    this.#find(id);
    return `{"version":2,"title":"${part}/${terminal}"}\n`;
  }

  listen(_id: string, listener: Listener) {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  async view(_id: string, part: number, viewer: Viewer): Promise<View> {
    if (part > 0) throw new UserError("unknown-part", `This attempt has no part ${part}.`);
    const view: View = {
      drawn: (terminal, bytes) => void this.calls.push(["drawn", terminal, bytes]),
      topology: (on) => {
        if (this.exam) throw new UserError("not-in-exam", "There is no topology in an exam.");
        if (on) viewer.topology({ machines: [], networks: [], cluster: null, left: [] });
      },
      end: () => void this.viewers.delete(viewer),
    };
    this.viewers.set(viewer, view);
    viewer.screens(
      [...this.terminals].map((terminal) => {
        return { terminal, host: "h", user: "root", cols: 80, rows: 24, bytes: "\xff$ ", offset: 3, ended: null };
      }),
    );
    return view;
  }

  async openTerminal(_id: string, _part: number, cols: number, rows: number) {
    const terminal = this.terminals.size + 1;
    if (terminal > 3) throw new UserError("too-many-terminals", "There are three terminals already.");
    this.terminals.add(terminal);
    for (const viewer of this.viewers.keys()) viewer.opened(terminal, "h", "root", cols, rows);
    return terminal;
  }

  input(_id: string, _part: number, terminal: number, bytes: string) {
    for (const viewer of this.viewers.keys()) viewer.output(terminal, bytes);
  }

  resize(_id: string, _part: number, terminal: number, cols: number, rows: number) {
    for (const viewer of this.viewers.keys()) viewer.resized(terminal, cols, rows);
  }

  closeTerminal(_id: string, _part: number, terminal: number) {
    for (const viewer of this.viewers.keys()) viewer.gone(terminal);
  }

  /** Token of part 0, and what is called under it. */
  kubernetes: ApiPort | undefined;

  async kubernetesToken(id: string, part: number) {
    this.#find(id);
    if (part > 0) throw new UserError("unknown-part", `This attempt has no part ${part}.`);
    if (!this.kubernetes) throw new UserError("kubernetes-api-off", "off");
    return "t0ken";
  }

  kubernetesApi(token: string) {
    return token === "t0ken" && this.kubernetes ? { api: this.kubernetes, session: "a1/0" } : undefined;
  }

  async health() {
    return { ok: this.ok, storage: this.ok ? "ok" : "the disk is full", workers: [{ worker: 1, warm: true }] };
  }

  async stop() {}

  #find(id: string): void {
    if (this.broken) throw this.broken;
    if (id !== "a1") throw new UserError("unknown-attempt", `There is no attempt '${id}'.`);
  }

  #report(id: string, reason: AttemptReport["reason"]): AttemptReport {
    this.#find(id);
    return {
      attempt: id,
      kind: "lab",
      of: "lost-endpoints",
      title: "Lost endpoints",
      final: reason !== "check",
      reason,
      at: 3,
      startedAt: 1,
      took: 2,
      percent: 100,
      pass: null,
      parts: [],
    };
  }
}

/** A server on fake attempts that listens on a free port; `log` collects what it logs. */
export async function serving(options: Partial<ServerOptions> = {}) {
  const attempts = new FakeAttempts();
  const log: string[] = [];
  const app = await createServer({
    attempts,
    log: pino({ level: "debug" }, { write: (line: string) => void log.push(line) }),
    version: "0.0.0",
    page: "/nowhere",
    ...options,
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { attempts, log, app, port, close: () => app.close() };
}

/** A browser's websocket: what it hears, in order, and a wait for something to be heard. */
export class SocketClient {
  readonly socket: WebSocket;
  readonly messages: ToBrowser[] = [];
  /** What every terminal printed since it was attached, by `part/terminal`. */
  readonly printed = new Map<string, string>();
  closed: { readonly code: number; readonly reason: string } | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, { headers });
    this.socket.on("message", (data, binary) => this.#take(data as Buffer, binary));
    this.socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#look();
    });
    this.socket.on("error", () => {});
  }

  /** Waits until `found` finds something. Rejects after some seconds. */
  heard<T>(found: () => T | undefined | false, within = 10_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const value = found();
        if (value === undefined || value === false) return;
        this.#waiting.delete(look);
        clearTimeout(timer);
        resolve(value);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`not heard: ${String(found)}; heard ${JSON.stringify([this.closed, this.messages])}`));
      }, within);
      this.#waiting.add(look);
      look();
    });
  }

  opened(): Promise<boolean> {
    this.socket.once("open", () => this.#look());
    return this.heard(() => this.socket.readyState === WebSocket.OPEN);
  }

  message<T extends ToBrowser["type"]>(type: T): Promise<Extract<ToBrowser, { type: T }>> {
    return this.heard(() => this.messages.find((message) => message.type === type)) as never;
  }

  tell(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  type(part: number, terminal: number, text: string): void {
    this.socket.send(Buffer.concat([Buffer.from([part, terminal]), Buffer.from(text, "latin1")]));
  }

  #take(data: Buffer, binary: boolean): void {
    if (binary) {
      const place = `${data[0]}/${data[1]}`;
      this.printed.set(place, (this.printed.get(place) ?? "") + data.toString("latin1", 2));
    } else this.messages.push(JSON.parse(data.toString()) as ToBrowser);
    this.#look();
  }

  #look(): void {
    for (const look of this.#waiting) look();
  }
}
