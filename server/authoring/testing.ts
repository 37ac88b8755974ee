import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Attempts } from "../attempts/index.ts";
import type { AuthoringAnswer, AuthoringOrder } from "../sessions/protocol/index.ts";
import { createAuthoring } from "./create-authoring.ts";
import type { AuthoringThread } from "./hands.ts";

/** A thread that answers as a test says, or not at all. */
export class FakeThread implements AuthoringThread {
  readonly orders: AuthoringOrder[] = [];
  /** It ends as soon as it is told to do something. */
  readonly weak: boolean;
  ended = false;
  #answered: (answer: AuthoringAnswer) => void = () => {};
  #exited: (reason: string) => void = () => {};

  constructor({ weak = false } = {}) {
    this.weak = weak;
  }

  post(order: AuthoringOrder): void {
    this.orders.push(order);
    if (this.weak) queueMicrotask(() => this.die("it is weak"));
  }
  onAnswer(listener: (answer: AuthoringAnswer) => void): void {
    this.#answered = listener;
  }
  onExit(listener: (reason: string) => void): void {
    this.#exited = listener;
  }
  terminate(): void {
    this.ended = true;
  }
  answer(answer: AuthoringAnswer): void {
    this.#answered(answer);
  }
  die(reason: string): void {
    this.#exited(reason);
  }
}

/** A desk over folders of its own, whose threads are `threads`, the last one the newest. */
export function desk({ folder = true, weak = false }: { readonly folder?: boolean; readonly weak?: boolean } = {}) {
  const root = mkdtempSync(join(tmpdir(), "authoring-"));
  const threads: FakeThread[] = [];
  const drafts: unknown[] = [];
  const attempts = { startDraft: (order: unknown) => Promise.resolve(void drafts.push(order)) } as unknown as Attempts;
  let now = 1000;
  const paths = {
    labs: join(root, "box"),
    own: join(root, "own"),
    kept: join(root, "kept"),
    drafts: join(root, "drafts"),
  };
  const authoring = createAuthoring({
    attempts,
    spawn: () => {
      const thread = new FakeThread({ weak });
      threads.push(thread);
      return thread;
    },
    labs: paths.labs,
    folder: folder ? paths.own : undefined,
    kept: paths.kept,
    drafts: paths.drafts,
    draftsInUse: () => Promise.resolve(new Set<string>()),
    now: () => now++,
  });
  return { authoring, threads, drafts, paths };
}
