/** Escape sequences for the parts of grep's output; empty where a part has no colour. */
export interface GrepColors {
  readonly selectedMatch: string;
  readonly contextMatch: string;
  readonly selectedLine: string;
  readonly contextLine: string;
  readonly fileName: string;
  readonly lineNumber: string;
  readonly byteOffset: string;
  readonly separator: string;
  readonly eraseToEnd: boolean;
}

/** Reads GREP_COLORS (grep(1)). */
export function colorsOf(setting: string | undefined, invert: boolean): GrepColors {
  const codes: Record<string, string> = {
    ms: "01;31",
    mc: "01;31",
    sl: "",
    cx: "",
    fn: "35",
    ln: "32",
    bn: "32",
    se: "36",
  };
  const flags = new Set<string>();
  for (const part of (setting ?? "").split(":")) {
    const [name, value] = part.split("=") as [string, string?];
    if (value === undefined) flags.add(name);
    else if (name === "mt") codes["ms"] = codes["mc"] = value;
    else codes[name] = value;
  }
  const swapped = invert && flags.has("rv");
  return {
    selectedMatch: codes["ms"]!,
    contextMatch: codes["mc"]!,
    selectedLine: swapped ? codes["cx"]! : codes["sl"]!,
    contextLine: swapped ? codes["sl"]! : codes["cx"]!,
    fileName: codes["fn"]!,
    lineNumber: codes["ln"]!,
    byteOffset: codes["bn"]!,
    separator: codes["se"]!,
    eraseToEnd: !flags.has("ne"),
  };
}

export function paint(colors: GrepColors | undefined, color: string, text: string): string {
  if (!colors || color === "") return text;
  const erase = colors.eraseToEnd ? "\x1b[K" : "";
  return `\x1b[${color}m${erase}${text}\x1b[m${erase}`;
}
