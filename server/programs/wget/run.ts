import { calendar, pad } from "../../sim/kernel/index.ts";
import type { Process } from "../../sim/host/index.ts";
import { versionOf } from "../gnu/versions.ts";
import type { Options } from "../options.ts";
import type { WGET_FLAGS } from "./options.ts";

export type Given = Options<keyof typeof WGET_FLAGS>;

/** What a transfer ends the program with: exits.h. */
export const EXIT = { generic: 1, file: 3, network: 4, ssl: 5, auth: 6, protocol: 7, server: 8 } as const;

/** A try that failed. `again`: another may do better. */
export class Failed extends Error {
  readonly code: number;
  readonly again: boolean;
  /** The connection is good for another try. */
  readonly keeps: boolean;

  constructor(code: number, again = false, keeps = false) {
    super();
    this.code = code;
    this.again = again;
    this.keeps = keeps;
  }
}

/** One run of wget: its process, what it was told, and what it tells. */
export class Run {
  readonly process: Process;
  readonly given: Given;

  constructor(process: Process, given: Given) {
    this.process = process;
    this.given = given;
  }

  /** A message; errors (`always`) are told by `-nv` as well. */
  async log(text: string, always = false): Promise<void> {
    if (this.given.has("quiet") || (this.given.has("noVerbose") && !always)) return;
    await this.process.error(text);
  }

  stamp(): string {
    const { year, month, day, hour, minute, second } = calendar(this.process.now);
    return `${year}-${pad(month, 2)}-${pad(day, 2)} ${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}`;
  }

  /** A file's place, as seen from where the program runs. */
  path(name: string): string {
    return name.startsWith("/") ? name : `${this.process.cwd}/${name}`;
  }
}

export function version(process: Process): string {
  return versionOf(process, "wget") || "1.21.4";
}
