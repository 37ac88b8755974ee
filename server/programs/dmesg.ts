import { journalOf, type Program } from "../sim/host/index.ts";
import { SECOND } from "../sim/kernel/index.ts";
import { strftime } from "./gnu/strftime.ts";
import { parseOptions, type Flags } from "./options.ts";

const FLAGS = {
  ctime: { short: "T", long: "ctime" },
  human: { short: "H", long: "human" },
  color: { short: "L", long: "color", arg: "when", optional: true },
  kernel: { short: "k", long: "kernel" },
  noPager: { short: "P", long: "nopager" },
  clear: { short: "C", long: "clear", simulated: false },
  readClear: { short: "c", long: "read-clear", simulated: false },
  follow: { short: "w", long: "follow", simulated: false },
  followNew: { short: "W", long: "follow-new", simulated: false },
  level: { short: "l", long: "level", arg: "list", simulated: false },
  facility: { short: "f", long: "facility", arg: "list", simulated: false },
  decode: { short: "x", long: "decode", simulated: false },
  noTime: { short: "t", long: "notime" },
  json: { short: "J", long: "json", simulated: false },
  version: { short: "V", long: "version" },
} as const satisfies Flags;

/** The kernel's messages: what the journal has of them. Nothing is made up about a boot that never was. */
export const dmesg: Program = {
  name: "dmesg",
  summary: "print or control the kernel ring buffer",
  async run(process, args) {
    const given = parseOptions(FLAGS, args);
    if ("notSimulated" in given) {
      await process.error(`drydock: dmesg: '${given.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in given) {
      await process.error(`dmesg: ${given.problem}\nTry 'dmesg --help' for more information.\n`);
      return 1;
    }
    if (given.has("version")) {
      await process.print("dmesg from util-linux 2.39.3\n");
      return 0;
    }
    if (process.uid !== 0) {
      await process.error("dmesg: read kernel buffer failed: Operation not permitted\n");
      return 1;
    }
    const { bootedAt } = process.machine.row;
    const lines = journalOf(process.machine)
      .read()
      .filter(({ identifier }) => identifier === "kernel")
      .map(({ at, message }) => {
        if (given.has("noTime")) return `${message}\n`;
        if (given.has("ctime")) return `[${strftime("%a %b %e %H:%M:%S %Y", at)}] ${message}\n`;
        return `[${((at - bootedAt) / SECOND).toFixed(6).padStart(12)}] ${message}\n`;
      });
    await process.print(lines.join(""));
    return 0;
  },
};
