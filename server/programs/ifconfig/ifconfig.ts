import type { Process, Program } from "../../sim/host/index.ts";
import { findLink, namespaceOf } from "../../sim/net/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { Exit } from "../ip/exit.ts";
import { endedBy } from "../netstat/fail.ts";
import { shortTable } from "../netstat/interfaces.ts";
import { changeInterface } from "./change.ts";
import { aliasText, interfaceText, interfaceTexts } from "./show.ts";
import { IFCONFIG_USAGE } from "./usage.ts";

/** Configures a network interface (net-tools ifconfig.c). */
export const ifconfig: Program = {
  name: "ifconfig",
  summary: "configure a network interface",
  run: (process, args) => endedBy(process, () => run(process, args)),
};

async function run(process: Process, args: readonly string[]): Promise<number> {
  let [all, short] = [false, false];
  let at = 0;
  for (; at < args.length && args[at]!.startsWith("-"); at++) {
    const option = args[at]!;
    if (option === "-a") all = true;
    else if (option === "-s") short = true;
    else if (option === "-v") continue;
    else if (["-V", "--version", "-version"].includes(option)) {
      await process.print(`net-tools ${versionOf(process, "net-tools") || "2.10"}\n`);
      return 0;
    } else if (["-?", "-h", "--help", "-help"].includes(option)) {
      await process.print(IFCONFIG_USAGE);
      return 0;
    } else
      throw new Exit(
        1,
        `ifconfig: option \`${option}' not recognised.\nifconfig: \`--help' gives usage information.\n`,
      );
  }
  const ns = namespaceOf(process);
  const [name, ...rest] = args.slice(at);
  if (name === undefined) {
    await process.print(short ? shortTable(ns, all) : interfaceTexts(ns, all));
    return 0;
  }
  if (rest.length > 0) return changeInterface(process, name, rest);
  const link = findLink(ns, name.split(":")[0]!);
  const alias = name.includes(":");
  if (!link) throw new Exit(1, `${name}: error fetching interface information: Device not found\n`);
  await process.print(alias ? aliasText(ns, link, name) : interfaceText(ns, link));
  return 0;
}
