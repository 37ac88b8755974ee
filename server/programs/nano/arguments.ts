export interface NanoArguments {
  readonly files: readonly {
    readonly name: string;
    readonly line: number | undefined;
    readonly column: number | undefined;
  }[];
  readonly numbers: boolean;
  readonly autoindent: boolean;
  readonly tabsToSpaces: boolean;
  readonly tabSize: number;
  readonly viewOnly: boolean;
  readonly noHelp: boolean;
  readonly noNewline: boolean;
}

/** Options that nano has, by their long names; those with a value end in `=`. */
const LONGS: Readonly<Record<string, string>> = {
  linenumbers: "l", autoindent: "i", tabstospaces: "E", "tabsize=": "T", view: "v", nohelp: "x", nonewlines: "L", nowrap: "w", help: "h", version: "V",
  ignorercfiles: "I", constantshow: "c", mouse: "m", softwrap: "S", backup: "B",
}; // prettier-ignore

/** As main() of nano.c. */
export function nanoArguments(
  args: readonly string[],
): NanoArguments | { readonly problem: string } | { readonly not: string } {
  const files: { name: string; line: number | undefined; column: number | undefined }[] = [];
  const on = new Set<string>();
  let tabSize = 8;
  let place: { line: number | undefined; column: number | undefined } | undefined;
  let only = false;
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    if (!only && word === "--") only = true;
    else if (!only && /^\+\d*(?:[,.:]-?\d*)?$/.test(word) && at + 1 < args.length) {
      const [line, column] = word.slice(1).split(/[,.:]/);
      place = { line: line ? Number(line) : undefined, column: column ? Number(column) : undefined };
    } else if (!only && word.startsWith("--")) {
      const [name, value] = word.slice(2).split("=");
      const letter = LONGS[name!] ?? LONGS[`${name!}=`];
      if (letter === undefined) return { problem: `nano: unrecognized option '${word}'` };
      if (letter === "T") tabSize = Number(value ?? args[++at]);
      on.add(letter);
    } else if (!only && word.startsWith("-") && word !== "-") {
      for (let index = 1; index < word.length; index++) {
        const letter = word[index]!;
        if (letter === "T") {
          const value = word.slice(index + 1) || args[++at];
          if (value === undefined) return { problem: "nano: option requires an argument -- 'T'" };
          if (!/^[1-9]\d*$/.test(value)) return { problem: `Requested tab size "${value}" is invalid` };
          tabSize = Number(value);
          break;
        }
        if (/[liEvxLwI]/.test(letter)) on.add(letter);
        else if (/[A-Za-z0-9@%_!/]/.test(letter)) return { not: `-${letter}` };
        else return { problem: `nano: invalid option -- '${letter}'` };
      }
    } else {
      if (word === "-") return { not: "-" };
      files.push({ name: word, line: place?.line, column: place?.column });
      place = undefined;
    }
  }
  for (const letter of on) if (/[hVcmSB]/.test(letter)) return { not: `-${letter}` };
  return {
    files, numbers: on.has("l"), autoindent: on.has("i"), tabsToSpaces: on.has("E"), tabSize, viewOnly: on.has("v"), noHelp: on.has("x"), noNewline: on.has("L"),
  }; // prettier-ignore
}
