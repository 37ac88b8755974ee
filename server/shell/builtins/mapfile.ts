import { Errno } from "../../sim/host/index.ts";
import { decode, encode } from "../../sim/kernel/index.ts";
import { assign } from "../interpreter/assignment.ts";
import { isName } from "../interpreter/parameters.ts";
import { readUntil } from "../interpreter/read-line.ts";
import { singleQuote } from "../expansion/quote.ts";
import { AssociativeArray, IndexedArray } from "../variables/index.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { parseOptions } from "./usage.ts";

export const mapfile: PlainBuiltin = {
  name: "mapfile",
  synopsis: "[-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]",
  summary: "Reads lines into an array.",
  *run(shell, args) {
    const parsed = parseOptions(shell, mapfile, args, "d:n:O:s:tu:C:c:");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    const numbers: Record<string, number> = {};
    for (const [letter, usual, what] of [
      ["n", 0, "line count"],
      ["O", 0, "array origin"],
      ["s", 0, "line count"],
      ["u", 0, "file descriptor specification"],
      ["c", 5000, "callback quantum"],
    ] as const) {
      // prettier-ignore
      const text = options.get(letter) as string | undefined;
      if (text !== undefined && !/^\d+$/.test(text)) {
        shell.complainInBuiltin(`${text}: invalid ${what}`);
        return 1;
      }
      numbers[letter] = text === undefined ? usual : Number(text);
    }
    const name = rest[0] ?? "MAPFILE";
    if (!isName(name)) {
      shell.complainInBuiltin(`\`${name}': not a valid identifier`);
      return 1;
    }
    const known = shell.variables.find(name);
    if (known?.readonly || known?.data instanceof AssociativeArray) {
      if (known.readonly) shell.complain(`${name}: readonly variable`);
      else shell.complainInBuiltin(`${name}: not an indexed array`);
      return 1;
    }
    const file = shell.process.fds.find(numbers["u"]!);
    if (!file) {
      shell.complainInBuiltin(`${numbers["u"]}: invalid file descriptor: ${new Errno("EBADF").message}`);
      return 1;
    }
    const delimiter = options.has("d") ? encode(options.get("d") as string).slice(0, 1) || "\0" : "\n";
    const variable = shell.variables.writable(name);
    if (!(variable.data instanceof IndexedArray) || !options.has("O")) variable.data = new IndexedArray();
    let index = numbers["O"]!;
    const callback = options.get("C") as string | undefined;
    for (let count = 0; ; count++) {
      if (numbers["n"]! > 0 && count >= numbers["n"]! + numbers["s"]!) break;
      const { bytes, end } = yield* readUntil(shell, file, delimiter);
      if (end !== "delimiter" && bytes === "") break;
      if (count < numbers["s"]!) continue;
      const line = decode(bytes);
      const value = end === "delimiter" && !options.has("t") && delimiter !== "\0" ? line + delimiter : line;
      const taken = index - numbers["O"]! + 1;
      if (callback !== undefined && taken % (numbers["c"]!) === 0)
        yield* shell.interpreter.text(shell, `${callback} ${index} ${singleQuote(value)}`, { name: "eval", line: shell.line }); // prettier-ignore
      const data = shell.variables.writable(name).data;
      if (data instanceof IndexedArray) data.set(index++, value);
      else assign(shell, { name, subscript: String(index++) }, value);
    }
    return 0;
  },
};

export const readarray: PlainBuiltin = { ...mapfile, name: "readarray" };
