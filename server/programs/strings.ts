import { Errno } from "../sim/host/index.ts";
import { closeOperand, openOperand, readWhole } from "./gnu/input.ts";
import { tool } from "./gnu/tool.ts";

export const strings = tool({
  name: "strings",
  package: "binutils",
  title: "GNU strings (GNU Binutils for Ubuntu)",
  summary: "print the sequences of printable characters in files",
  usage: ["[option(s)] [file(s)]"],
  about: " Display printable strings in [file(s)] (stdin by default)",
  flags: {
    all: { short: "a", long: "all", help: "Scan the entire file, not just the data section [default]" },
    fileName: { short: "f", long: "print-file-name", help: "Print the name of the file before each string" },
    bytes: { short: "n", long: "bytes", arg: "<number>", help: "Locate & print any sequence of at least <number> displayable characters (the default is 4)" }, // prettier-ignore
    radix: { short: "t", long: "radix", arg: "{o,d,x}", help: "Print the location of the string in base 8, 10 or 16" },
    octal: { short: "o", help: "An alias for --radix=o" },
    encoding: { short: "e", long: "encoding", arg: "{s,S,b,l,B,L}", simulated: false },
  },
  rewrite: (args) => args.map((arg) => (/^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg)),
  async run(call) {
    const text = call.value("bytes") ?? "4";
    if (!/^\d+$/.test(text)) return call.fail(`invalid integer argument ${text}`);
    if (Number(text) < 1) return call.fail(`minimum string length is too small: ${text}`);
    const radix = call.has("octal") ? "o" : call.value("radix");
    const base = radix === "o" ? 8 : radix === "x" ? 16 : 10;
    const run = new RegExp(`[\\t -~]{${text},}`, "g");
    for (const operand of call.operands.length > 0 ? call.operands : ["-"]) {
      const file = openOperand(call.process, operand);
      if (file instanceof Errno) {
        await call.process.error(`${call.name}: '${operand}': No such file\n`);
        call.status = 1;
        continue;
      }
      try {
        const bytes = await readWhole(call.process, file, call.out);
        const before = call.has("fileName") ? `${operand === "-" ? "{standard input}" : operand}: ` : "";
        for (const match of bytes.matchAll(run)) {
          const offset = radix === undefined ? "" : `${match.index.toString(base).padStart(7)} `;
          await call.out.put(`${before}${offset}${match[0]}\n`);
        }
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        await call.process.error(`${call.name}: Warning: '${operand}' is a directory\n`);
        call.status = 1;
      }
      if (operand !== "-") closeOperand(call.process, file);
    }
    return call.status;
  },
});
