export type RegisterKind = "char" | "line" | "block";

export interface Register {
  readonly lines: readonly string[];
  readonly kind: RegisterKind;
  /** Columns of a block. */
  readonly width?: number;
}

/** The text registers: `""`, `"0` to `"9`, `"-`, `"a` to `"z`. `"+` and `"*` are the unnamed one without a clipboard, as on a server. */
export class Registers {
  readonly #kept = new Map<string, Register>();
  /** Which one `""` stands for. */
  #unnamed = "0";

  get(name: string | undefined): Register | undefined {
    if (name === undefined || name === '"' || name === "+" || name === "*") return this.#kept.get(this.#unnamed);
    return this.#kept.get(name.toLowerCase());
  }

  set(name: string, value: Register): void {
    const key = name.toLowerCase();
    const old = name === key ? undefined : this.#kept.get(key);
    this.#kept.set(key, old ? appended(old, value) : value);
  }

  yank(name: string | undefined, value: Register): void {
    if (name === "_") return;
    const to = this.#target(name) ?? "0";
    this.set(to, value);
    this.#unnamed = to.toLowerCase();
  }

  /** As op_delete(): whole lines go to `"1`, which shifts the older ones on; smaller parts to `"-`. */
  delete(name: string | undefined, value: Register, big: boolean): void {
    if (name === "_") return;
    const to = this.#target(name);
    if (to !== undefined) {
      this.set(to, value);
      this.#unnamed = to.toLowerCase();
    }
    if (big || value.kind === "line" || value.lines.length > 1) {
      for (let at = 9; at > 1; at--) {
        const before = this.#kept.get(String(at - 1));
        if (before) this.#kept.set(String(at), before);
      }
      this.#kept.set("1", value);
      if (to === undefined) this.#unnamed = "1";
    } else if (to === undefined) {
      this.#kept.set("-", value);
      this.#unnamed = "-";
    }
  }

  #target(name: string | undefined): string | undefined {
    return name === undefined || name === '"' || name === "+" || name === "*" ? undefined : name;
  }

  /** All with something in them, in the order of `:registers`. */
  list(): [string, Register][] {
    const names = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", ..."abcdefghijklmnopqrstuvwxyz", "-"];
    const found = names.flatMap((name): [string, Register][] => {
      const value = this.#kept.get(name);
      return value ? [[name, value]] : [];
    });
    const unnamed = this.#kept.get(this.#unnamed);
    return unnamed ? [['"', unnamed], ...found] : found;
  }
}

function appended(old: Register, more: Register): Register {
  if (old.kind === "line" || more.kind === "line") return { lines: [...old.lines, ...more.lines], kind: "line" };
  const joined = `${old.lines.at(-1) ?? ""}${more.lines[0] ?? ""}`;
  return { lines: [...old.lines.slice(0, -1), joined, ...more.lines.slice(1)], kind: "char" };
}
