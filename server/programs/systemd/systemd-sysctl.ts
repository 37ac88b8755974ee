import { attempt, Errno, type Process, type Program } from "../../sim/host/index.ts";
import { encode } from "../../sim/kernel/index.ts";
import { keyOf, parseSetting, pathOf, SYS, type Setting } from "../sysctl/settings.ts";
import { matchesGlob } from "../gnu/glob.ts";
import { confFiles, confLines } from "./conf-files.ts";

/**
 * Writes what the files of sysctl.d say to /proc/sys, later lines over earlier ones (systemd src/sysctl/sysctl.c). Keys may be
 * patterns; a `-` before a key forgives its failure, or alone keeps patterns from it.
 */
export const systemdSysctl: Program = {
  name: "systemd-sysctl",
  summary: "apply kernel variables",
  async run(process, args) {
    if (args.some((arg) => arg.startsWith("-"))) {
      await process.error(`drydock: systemd-sysctl: '${args.find((arg) => arg.startsWith("-"))!}' is not simulated\n`);
      return 64;
    }
    const settings = new Map<string, Setting>();
    const kept: string[] = [];
    let status = 0;
    for (const path of args.length > 0 ? args : confFiles(process, "sysctl.d")) {
      const lines = confLines(process, path);
      if (lines instanceof Errno) {
        await process.error(`Failed to open file '${path}': ${lines.message}\n`);
        status = 1;
        continue;
      }
      for (const { at, text } of lines) {
        const setting = parseSetting(text);
        if (setting) {
          settings.delete(pathOf(setting.key));
          settings.set(pathOf(setting.key), setting);
        } else if (text.startsWith("-")) kept.push(pathOf(text.slice(1).trim()));
        else {
          await process.error(`${path}:${at}: Line is not an assignment, ignoring: ${text}\n`);
          status = 1;
        }
      }
    }
    for (const [path, setting] of settings) {
      const isPattern = /[*?[]/.test(path);
      const paths = isPattern
        ? filesOf(process, path).filter((one) => !settings.has(one) && !kept.includes(one))
        : [path];
      for (const one of paths) if (!(await write(process, one, setting))) status = 1;
    }
    return status;
  },
};

async function write(process: Process, path: string, { value, lenient }: Setting): Promise<boolean> {
  const done = attempt(() => process.host.files.write(path, encode(`${value}\n`), { existing: true }, process));
  if (!(done instanceof Errno)) return true;
  const key = keyOf(path).replaceAll(".", "/");
  const forgiven = lenient || ["ENOENT", "EACCES", "EPERM", "EROFS"].includes(done.code);
  await process.error(`Couldn't write '${value}' to '${key}'${forgiven ? ", ignoring" : ""}: ${done.message}\n`);
  return forgiven;
}

/** The files of /proc/sys whose path matches a pattern, each of its parts one name. */
function filesOf({ host }: Process, pattern: string): string[] {
  let found = [SYS];
  for (const part of pattern.slice(SYS.length + 1).split("/"))
    found = found.flatMap((directory) =>
      !host.files.exists(directory) || host.files.stat(directory).type !== "dir"
        ? []
        : host.files
            .list(directory)
            .filter((name) => matchesGlob(part, name))
            .map((name) => `${directory}/${name}`),
    );
  return found;
}
