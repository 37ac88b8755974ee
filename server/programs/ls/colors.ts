import type { Stat } from "../../sim/host/index.ts";
import type { Entry } from "./entry.ts";

/** What ls uses if LS_COLORS says nothing else (coreutils src/ls.c color_indicator). */
const DEFAULTS: Readonly<Record<string, string>> = {
  no: "", fi: "", rs: "0", di: "01;34", ln: "01;36", pi: "33", so: "01;35", bd: "01;33", cd: "01;33", or: "", mi: "",
  ex: "01;32", do: "01;35", su: "37;41", sg: "30;43", st: "37;44", ow: "34;42", tw: "30;42", mh: "", ca: "",
}; // prettier-ignore

/** Colours of file names, by type, permissions and extension. */
export class Colors {
  readonly #types: Record<string, string> = { ...DEFAULTS };
  readonly #suffixes: [string, string][] = [];
  #used = false;

  constructor(setting: string | undefined) {
    for (const part of (setting ?? "").split(":")) {
      const equals = part.indexOf("=");
      if (equals < 0) continue;
      const [what, color] = [part.slice(0, equals), part.slice(equals + 1)];
      if (what.startsWith("*")) this.#suffixes.unshift([what.slice(1), color]);
      else this.#types[what] = color;
    }
  }

  /** Only then does ls look at what links point to (check_symlink_mode). */
  get #looksBehindLinks(): boolean {
    return isColor(this.#types["or"]!) || this.#types["ln"] === "target" || isColor(this.#types["mi"]!);
  }

  /** The name in its colour. */
  paint(entry: Entry, text: string, target = false): string {
    const color = this.#colorOf(entry, target);
    if (!isColor(color)) return text;
    const reset = `\x1b[${this.#types["rs"]!}m`;
    const first = this.#used ? "" : reset;
    this.#used = true;
    return `${first}\x1b[${color}m${text}${reset}`;
  }

  #colorOf({ name, stat, target, behind }: Entry, ofTarget: boolean): string {
    const types = this.#types;
    if (ofTarget && !this.#looksBehindLinks) return "";
    if (ofTarget) return behind ? this.#byStat(target ?? name, behind) : types["mi"] || types["or"]!;
    if (stat.type === "link") {
      if (!behind && target !== undefined && types["or"] !== "") return types["or"]!;
      return types["ln"] === "target" && behind ? this.#byStat(name, behind) : types["ln"]!;
    }
    return this.#byStat(name, stat);
  }

  #byStat(name: string, { type, mode, links }: Stat): string {
    const types = this.#types;
    switch (type) {
      case "dir":
        if ((mode & 0o1002) === 0o1002 && types["tw"] !== "") return types["tw"]!;
        if ((mode & 2) !== 0 && types["ow"] !== "") return types["ow"]!;
        if ((mode & 0o1000) !== 0 && types["st"] !== "") return types["st"]!;
        return types["di"]!;
      case "link":
        return types["ln"]!;
      case "fifo":
        return types["pi"]!;
      case "socket":
        return types["so"]!;
      case "block":
        return types["bd"]!;
      case "char":
        return types["cd"]!;
      case "file":
        if ((mode & 0o4000) !== 0 && types["su"] !== "") return types["su"]!;
        if ((mode & 0o2000) !== 0 && types["sg"] !== "") return types["sg"]!;
        if ((mode & 0o111) !== 0 && types["ex"] !== "") return types["ex"]!;
        if (links > 1 && types["mh"] !== "") return types["mh"]!;
        return (
          this.#suffixes.find(([suffix]) => name.toLowerCase().endsWith(suffix.toLowerCase()))?.[1] ?? types["fi"]!
        );
    }
  }
}

function isColor(color: string): boolean {
  return color !== "" && color !== "0" && color !== "00";
}
