import { Errno } from "../sim/host/index.ts";
import type { Bytes } from "../sim/kernel/index.ts";
import { closeOperand, openOperand, readWhole } from "./gnu/input.ts";
import { parseSize } from "./gnu/size.ts";
import { tool } from "./gnu/tool.ts";

const FLAGS = {
  canonical: { short: "C", long: "canonical", help: "canonical hex+ASCII display" },
  octal: { short: "b", long: "one-byte-octal", help: "one-byte octal display" },
  char: { short: "c", long: "one-byte-char", help: "one-byte character display" },
  decimal: { short: "d", long: "two-bytes-decimal", help: "two-byte decimal display" },
  twoOctal: { short: "o", long: "two-bytes-octal", help: "two-byte octal display" },
  hex: { short: "x", long: "two-bytes-hex", help: "two-byte hexadecimal display" },
  length: { short: "n", long: "length", arg: "length", help: "interpret only length bytes of input" },
  skip: { short: "s", long: "skip", arg: "offset", help: "skip offset bytes from the beginning" },
  all: { short: "v", long: "no-squeezing", help: "output identical lines" },
  others: { short: "efL", simulated: false },
} as const;

export const hexdump = tool({
  name: "hexdump",
  package: "util-linux",
  title: "hexdump from util-linux",
  summary: "display file contents in hexadecimal, decimal, octal, or ascii",
  usage: ["[options] <file>..."],
  flags: FLAGS,
  async run(call) {
    let all = "";
    let opened = false;
    for (const name of call.operands.length > 0 ? call.operands : ["-"]) {
      const file = openOperand(call.process, name);
      if (file instanceof Errno) {
        await call.warn(`${name}: ${file.message}`);
        continue;
      }
      opened = true;
      all += await readWhole(call.process, file, call.out);
      if (name !== "-") closeOperand(call.process, file);
    }
    if (!opened) {
      await call.say("all input file arguments failed");
      return 1;
    }
    const size = (flag: "length" | "skip"): number | undefined => {
      const text = call.value(flag);
      return text === undefined ? undefined : text.startsWith("0x") ? Number(text) : parseSize(text);
    };
    const skip = size("skip") ?? 0;
    const bytes = all.slice(skip, skip + (size("length") ?? Infinity));
    const format = call.options.lastOf("canonical", "octal", "char", "decimal", "twoOctal", "hex") ?? "plain";
    let [previous, starred] = ["", false];
    const digits = format === "canonical" ? 8 : 7;
    for (let at = 0; at < bytes.length; at += 16) {
      const line = bytes.slice(at, at + 16);
      if (line === previous && line.length === 16 && !call.has("all")) {
        if (!starred) await call.out.put("*\n");
        starred = true;
        continue;
      }
      [previous, starred] = [line, false];
      await call.out.put(`${(skip + at).toString(16).padStart(digits, "0")}${row(line, format)}\n`);
    }
    if (bytes.length > 0) await call.out.put(`${(skip + bytes.length).toString(16).padStart(digits, "0")}\n`);
    return call.status;
  },
});

const NAMED: Readonly<Record<number, string>> = {
  0: "\\0",
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
};

function row(line: Bytes, format: string): string {
  const codes = Array.from(line, (byte) => byte.charCodeAt(0));
  if (format === "canonical") {
    const cells = Array.from(
      { length: 16 },
      (_, at) =>
        `${at % 8 === 0 ? "  " : " "}${codes[at] === undefined ? "  " : codes[at].toString(16).padStart(2, "0")}`,
    );
    return `${cells.join("")}  |${line.replace(/[^ -~]/g, ".")}|`;
  }
  if (format === "octal" || format === "char") {
    const cell = (code: number): string =>
      format === "octal"
        ? code.toString(8).padStart(3, "0")
        : (
            NAMED[code] ?? (code >= 32 && code < 127 ? String.fromCharCode(code) : code.toString(8).padStart(3, "0"))
          ).padStart(3);
    return Array.from({ length: 16 }, (_, at) => (codes[at] === undefined ? "    " : ` ${cell(codes[at])}`)).join("");
  }
  const words = Array.from({ length: 8 }, (_, at) =>
    codes[at * 2] === undefined ? undefined : codes[at * 2]! | ((codes[at * 2 + 1] ?? 0) << 8),
  );
  const cell = (word: number): string => {
    if (format === "decimal") return `   ${String(word).padStart(5, "0")}`;
    if (format === "twoOctal") return `  ${word.toString(8).padStart(6, "0")}`;
    return `${format === "hex" ? "    " : " "}${word.toString(16).padStart(4, "0")}`;
  };
  const width = cell(0).length;
  return words.map((word) => (word === undefined ? " ".repeat(width) : cell(word))).join("");
}
