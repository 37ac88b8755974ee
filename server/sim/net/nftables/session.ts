import { DEFAULT_NAMES } from "../netfilter/names.ts";
import type { Namespace } from "../namespace.ts";
import type { Complaint } from "./cursor.ts";
import type { ValueContext } from "./data-type.ts";
import { linkNames } from "./listing.ts";
import { nearest } from "./misspell.ts";
import { nftablesOf } from "./nftables.ts";
import type { ReadContext } from "./read-value.ts";
import type { NftFamily } from "./row.ts";
import type { Place } from "./scan.ts";
import { KERNEL_WORDS, KernelError } from "./kernel-error.ts";
import { Transaction } from "./transaction.ts";

/** What reading commands asks of the machine besides its network. */
export interface Surroundings {
  readonly values?: Partial<ValueContext>;
  /** A file that commands include. */
  readFile?(path: string): string | undefined;
  /** Variables that are there from the beginning (`-D`), with their text. */
  readonly defined?: readonly (readonly [string, string])[];
  /** nftables 1.0.7 and later know `destroy`. */
  readonly destroys?: boolean;
}

/** Places of a command, for what the kernel says of it. */
export interface Places {
  readonly command: Place;
  readonly table?: Place;
  readonly name?: Place;
  readonly handle?: Place;
  readonly position?: Place;
  readonly elements?: readonly Place[];
  readonly jumps?: readonly Place[];
}

/** One run of nft: what its commands change, and what is wrong with them. */
export class Session {
  readonly transaction: Transaction;
  readonly surroundings: Surroundings;
  readonly values: ValueContext;
  /** What the text says wrong; the kernel is asked only if there is nothing. */
  readonly complaints: Complaint[] = [];
  readonly refusals: Complaint[] = [];

  constructor(ns: Namespace, surroundings: Surroundings) {
    this.transaction = new Transaction(nftablesOf(ns));
    this.surroundings = surroundings;
    this.values = {
      names: DEFAULT_NAMES,
      ...linkNames(ns),
      host: () => [],
      user: () => undefined,
      group: () => undefined,
      ...surroundings.values,
    };
  }

  context(family: NftFamily, table: string): ReadContext {
    const { sets } = this.transaction;
    return {
      values: this.values,
      set: (name) => sets.get(`${family} ${table} ${name}`),
      missingSet: (name) => this.missing("set", { family, table, name }),
    };
  }

  /** Asks the kernel for a change. */
  apply(places: Places, target: { family: NftFamily; table: string; name?: string }, run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      const place = placeOf(error, places);
      const meant = error.errno === "ENOENT" ? this.#meant(error, target) : undefined;
      const words = KERNEL_WORDS[error.errno];
      this.refusals.push({ says: meant === undefined ? `Could not process rule: ${words}` : words + meant, place });
    }
  }

  /** What somebody may have meant by a table or chain that is not there (nft_cmd_enoent). */
  #meant(error: KernelError, target: { family: NftFamily; table: string; name?: string }): string | undefined {
    if (error.about === "table") return this.#nearTable(target);
    if (error.about !== "name" || target.name === undefined) return undefined;
    return this.#near("chain", { ...target, name: target.name });
  }

  #nearTable({ family, table }: { family: NftFamily; table: string }): string | undefined {
    const found = nearest(table, this.transaction.tables.values(), ({ name }) => name);
    if (!found || (found.name === table && found.family === family)) return undefined;
    return `; did you mean table ‘${found.name}’ in family ${found.family}?`;
  }

  #near(kind: "chain" | "set", target: { family: NftFamily; table: string; name: string }): string | undefined {
    const rows = kind === "chain" ? this.transaction.chains : this.transaction.sets;
    const found = nearest<{ family: string; table: string; name: string; kind?: string }>(
      target.name,
      rows.values(),
      ({ name }) => name,
    );
    if (!found) return undefined;
    return `; did you mean ${found.kind ?? kind} ‘${found.name}’ in table ${found.family} ‘${found.table}’?`;
  }

  /** What nft says itself of a thing that it looks for before it asks the kernel. */
  missing(kind: "chain" | "set" | "table", target: { family: NftFamily; table: string; name: string }): string {
    const words = KERNEL_WORDS.ENOENT;
    if (kind === "table" || !this.transaction.tables.get(`${target.family} ${target.table}`))
      return words + (this.#nearTable(target) ?? "");
    return words + (this.#near(kind, target) ?? "");
  }
}

function placeOf({ about, at }: KernelError, places: Places): Place {
  switch (about) {
    case "table":
      return places.table ?? places.command;
    case "name":
      return places.name ?? places.command;
    case "handle":
      return places.handle ?? places.command;
    case "position":
      return places.position ?? places.command;
    case "element":
      return places.elements?.[at] ?? places.command;
    case "jump":
      return places.jumps?.[at] ?? places.command;
    default:
      // The separator behind it belongs to a command.
      return { ...places.command, end: places.command.end + 1 };
  }
}
