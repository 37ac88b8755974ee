import type { Program } from "../sim/host/index.ts";
import { parseOptions } from "./options.ts";

const FLAGS = {
  id: { short: "i", long: "id" },
  description: { short: "d", long: "description" },
  release: { short: "r", long: "release" },
  codename: { short: "c", long: "codename" },
  all: { short: "a", long: "all" },
  short: { short: "s", long: "short" },
  version: { short: "v", long: "version" },
  help: { short: "h", long: "help", simulated: false },
} as const;

/** What distribution it is, as /etc/os-release tells (lsb-release 12.0). */
export const lsbRelease: Program = {
  name: "lsb_release",
  summary: "print distribution-specific information",
  async run(process, args) {
    const given = parseOptions(FLAGS, args);
    if ("notSimulated" in given) {
      await process.error(`drydock: lsb_release: '${given.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in given) {
      await process.error(`lsb_release: ${given.problem}\n`);
      return 1;
    }
    const text = process.host.readText("/etc/os-release") ?? process.host.readText("/usr/lib/os-release") ?? "";
    const value = (name: string): string => new RegExp(`^${name}="?(.*?)"?$`, "m").exec(text)?.[1] ?? "n/a";
    const id = value("ID");
    const lines = [
      ["id", "Distributor ID", id === "n/a" ? id : id[0]!.toUpperCase() + id.slice(1)],
      ["description", "Description", value("PRETTY_NAME")],
      ["release", "Release", value("VERSION_ID")],
      ["codename", "Codename", value("VERSION_CODENAME")],
    ] as const;
    // It has no modules of the LSB since version 12, and says so first, on stderr.
    if (!given.has("short") && (given.given.length === 0 || given.has("all") || given.has("version")))
      await process.error("No LSB modules are available.\n");
    for (const [flag, title, word] of lines)
      if (given.has("all") || given.has(flag))
        await process.print(given.has("short") ? `${word}\n` : `${title}:\t${word}\n`);
    return 0;
  },
};
