import { encode, type Bytes } from "../sim/kernel/index.ts";
import type { Program } from "../sim/host/index.ts";
import { unescape } from "./gnu/escapes.ts";
import { versionOf } from "./gnu/versions.ts";

export const echo: Program = {
  name: "echo",
  summary: "display a line of text",
  async run(process, args) {
    if (args.length === 1 && args[0] === "--help") {
      await process.print("Usage: echo [SHORT-OPTION]... [STRING]...\n  or: echo LONG-OPTION\nEcho the STRING(s) to standard output.\n\n  -n             do not output the trailing newline\n  -e             enable interpretation of backslash escapes\n  -E             disable interpretation of backslash escapes (default)\n"); // prettier-ignore
      return 0;
    }
    if (args.length === 1 && args[0] === "--version") {
      await process.print(`echo (GNU coreutils) ${versionOf(process, "coreutils")}\n`);
      return 0;
    }
    let [newline, escapes] = [true, false];
    let at = 0;
    for (; /^-[neE]+$/.test(args[at] ?? ""); at++) {
      for (const letter of args[at]!.slice(1)) {
        if (letter === "n") newline = false;
        else escapes = letter === "e";
      }
    }
    const text: Bytes = encode(args.slice(at).join(" "));
    if (!escapes) await process.write(1, newline ? `${text}\n` : text);
    else {
      const { bytes, stop } = unescape(text, "echo");
      await process.write(1, newline && !stop ? `${bytes}\n` : bytes);
    }
    return 0;
  },
};
