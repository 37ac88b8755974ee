import { decode, type Table, type Time } from "../../kernel/index.ts";
import { attempt } from "../errno.ts";
import type { Hosts } from "../hosts.ts";

/** A line of a machine's journal. */
export interface JournalLine {
  readonly at: Time;
  /** SYSLOG_IDENTIFIER: `kubelet`, `systemd`. */
  readonly identifier: string;
  readonly pid: number;
  readonly unit?: string;
  /** 0 (emerg) to 7 (debug); 6 is info. */
  readonly priority: number;
  readonly message: string;
}

/** systemd-journald of one machine. Keeps the last lines, up to the session's limit. */
export class SystemJournal {
  readonly #hosts: Hosts;
  readonly #lines: Table<number, JournalLine>;
  readonly #cursor: Table<string, number>;
  readonly #machine: string;
  readonly #followers = new Set<() => void>();

  constructor(hosts: Hosts, machine: string) {
    this.#hosts = hosts;
    this.#machine = machine;
    this.#lines = hosts.kernel.state.table(`journal/${machine}`, { quiet: true });
    this.#cursor = hosts.kernel.state.table("journal-cursors", { quiet: true });
  }

  write(line: Omit<JournalLine, "at">): void {
    const next = this.end;
    this.#lines.set(next, { at: this.#hosts.kernel.now, ...line });
    this.#cursor.set(this.#machine, next + 1);
    const { logLines } = this.#hosts.kernel.limits;
    if (this.#lines.size > logLines) this.#lines.delete(next - logLines);
    for (const wake of this.#followers) wake();
  }

  /** The number after the last line: where a follower goes on. */
  get end(): number {
    return this.#cursor.get(this.#machine) ?? 0;
  }

  /** Lines from number `from` on, oldest first. */
  read(from = 0): JournalLine[] {
    const lines: JournalLine[] = [];
    for (let at = Math.max(from, this.end - this.#lines.size); at < this.end; at++) {
      const line = this.#lines.get(at);
      if (line) lines.push(line);
    }
    return lines;
  }

  /** Calls `wake` for every new line; returns what ends that. */
  follow(wake: () => void): () => void {
    this.#followers.add(wake);
    return () => this.#followers.delete(wake);
  }
}

/** Lets output of daemons with a journal as log target go there, line by line. */
export function bindJournal(hosts: Hosts, journalOf: (machine: string) => SystemJournal): void {
  hosts.onLog("journal", (machine, row, target, fd, data) => {
    if (target.kind !== "journal") return;
    const file = target.files?.[fd];
    if (typeof file === "string") {
      attempt(() => machine.host.files.write(file, data, { append: true, mode: 0o644 }));
      return;
    }
    const { identifier, unit } = target;
    for (const message of decode(data).replace(/\n$/, "").split("\n")) {
      journalOf(machine.name).write({
        identifier,
        pid: row.pid,
        ...(unit === undefined ? {} : { unit }),
        priority: 6,
        message,
      });
    }
  });
}
