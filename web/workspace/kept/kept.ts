/**
 * A text that somebody writes and the server keeps: an answer, the notes. It is sent a moment after the last key, again
 * until the server has it, and lies in the browser's storage until then, so that neither a dead server nor a reload loses it.
 */
import type { Timers } from "../connection/index.ts";

export interface KeptText {
  readonly value: string;
  /** `unsaved`: the moment after a key; `retrying` and `refused` have a `problem`. */
  readonly state: "saved" | "unsaved" | "saving" | "retrying" | "refused";
  readonly problem: string;
}

export interface KeptPorts {
  readonly save: (value: string) => Promise<void>;
  /** Words for an error of `save`, and whether trying again may help. */
  readonly judge: (error: unknown) => { readonly words: string; readonly again: boolean };
  readonly timers: Timers;
  /** Undefined where the browser keeps nothing. */
  readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | undefined;
}

const QUIET = 400;
const FIRST_RETRY = 1000;
const LAST_RETRY = 10_000;

export class Kept {
  readonly #key: string;
  readonly #ports: KeptPorts;
  readonly #listeners = new Set<() => void>();
  #text: KeptText;
  #tries = 0;
  #inFlight = false;
  #cancel = (): void => {};

  /** `key`: its name in the browser's storage. `server`: what the server has. */
  constructor(key: string, server: string, ports: KeptPorts) {
    this.#key = key;
    this.#ports = ports;
    this.#text = { value: server, state: "saved", problem: "" };
    const draft = this.#draft();
    if (draft === server) this.#forget();
    else if (draft !== undefined) this.write(draft);
  }

  get text(): KeptText {
    return this.#text;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  write(value: string): void {
    this.#tries = 0;
    this.#remember(value);
    this.#become({ value, state: "unsaved", problem: "" });
    this.#later(QUIET);
  }

  /** Sends what is not sent yet at once: a field was left, or the network is back. */
  flush(): void {
    if (this.#text.state === "unsaved" || this.#text.state === "retrying") void this.#save();
  }

  /** What the server has now; it does not replace what is not saved yet. */
  told(server: string): void {
    if (this.#text.state === "saved" && !this.#inFlight && server !== this.#text.value)
      this.#become({ value: server, state: "saved", problem: "" });
  }

  #later(ms: number): void {
    this.#cancel();
    this.#cancel = this.#ports.timers.after(ms, () => void this.#save());
  }

  async #save(): Promise<void> {
    this.#cancel();
    if (this.#inFlight) return;
    const { value } = this.#text;
    this.#inFlight = true;
    this.#become({ ...this.#text, state: "saving" });
    try {
      await this.#ports.save(value);
      this.#inFlight = false;
      if (this.#text.value !== value) return this.#later(0);
      this.#forget();
      this.#become({ value, state: "saved", problem: "" });
    } catch (error) {
      this.#inFlight = false;
      const { words, again } = this.#ports.judge(error);
      this.#become({ ...this.#text, state: again ? "retrying" : "refused", problem: words });
      if (again) this.#later(Math.min(FIRST_RETRY * 2 ** this.#tries++, LAST_RETRY));
    }
  }

  #become(text: KeptText): void {
    this.#text = text;
    for (const listener of this.#listeners) listener();
  }

  #draft(): string | undefined {
    try {
      return this.#ports.storage?.getItem(this.#key) ?? undefined;
    } catch {
      return undefined;
    }
  }

  #remember(value: string): void {
    try {
      this.#ports.storage?.setItem(this.#key, value);
    } catch {
      // The browser's storage is full or closed: the text lives in the page, and the server gets it as soon as it can.
    }
  }

  #forget(): void {
    try {
      this.#ports.storage?.removeItem(this.#key);
    } catch {
      // As above.
    }
  }
}
