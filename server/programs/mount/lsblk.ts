import { mountTable } from "../../sim/host/index.ts";
import { tool } from "../gnu/tool.ts";

/** The machine's one disk, and its one partition: the model of programs/gnu/disk.ts. */
const DEVICES = [
  { name: "vda", number: "253:0", size: "20G", type: "disk" },
  { name: "vda1", number: "253:1", size: "20G", type: "part" },
] as const;

export const lsblk = tool({
  name: "lsblk",
  package: "util-linux",
  summary: "list block devices",
  usage: ["[options] [<device> ...]"],
  about: "List information about block devices.\n\nEach machine has one disk with one partition.",
  flags: {
    noHeadings: { short: "n", long: "noheadings", help: "don't print headings" },
    list: { short: "l", long: "list", help: "use list format output" },
    paths: { short: "p", long: "paths", help: "print complete device path" },
    fs: { short: "f", long: "fs", simulated: false },
    output: { short: "o", long: "output", arg: "list", simulated: false },
    json: { short: "J", long: "json", simulated: false },
    others: { short: "abdmStOPrsTz", simulated: false },
  },
  async run(call) {
    const { process, operands } = call;
    const table = mountTable(process.host);
    let code = 0;
    const wanted = new Set(operands.map((word) => word.replace(/^\/dev\//, "")));
    for (const word of wanted) {
      if (DEVICES.some(({ name }) => name === word)) continue;
      await process.error(`lsblk: ${word}: not a block device\n`);
      code = 32;
    }
    if (wanted.size > 0 && code !== 0) return code;
    const shown = DEVICES.filter(
      ({ name }) => wanted.size === 0 || wanted.has(name) || (name === "vda1" && wanted.has("vda")),
    );
    const rows = shown.flatMap(({ name, number, size, type }, at) => {
      const branch = at > 0 && !call.has("list") ? "└─" : "";
      const points = table.filter(({ source }) => source === `/dev/${name}`).map((mount) => mount.at);
      const label = `${branch}${call.has("paths") ? "/dev/" : ""}${name}`;
      return [[label, number, " 0", size, " 0", type, points[0] ?? ""], ...points.slice(1).map((point) => ["", "", "", "", "", "", point])]; // prettier-ignore
    });
    const head = ["NAME", "MAJ:MIN", "RM", "SIZE", "RO", "TYPE", "MOUNTPOINTS"];
    const all = call.has("noHeadings") ? rows : [head, ...rows];
    const widths = head.map((_, at) => Math.max(...all.map((row) => row[at]!.length)));
    const pad = (cell: string, at: number): string =>
      at === 3 ? cell.padStart(widths[at]!) : at === head.length - 1 ? cell : cell.padEnd(widths[at]!);
    await call.out.print(all.map((row) => `${row.map(pad).join(" ")}\n`).join(""));
    return 0;
  },
});
