import { decode } from "../../sim/kernel/index.ts";
import { attempt, basename, Errno, readAll, type Host } from "../../sim/host/index.ts";
import { parseSetting, writeSetting, type Setting } from "./settings.ts";
import type { SysctlCall } from "./sysctl.ts";

/** Directories of settings, those before others hiding files of the same name (sysctl --system). */
const DIRECTORIES = ["/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d"];

/** The files that `--system` reads, in their order. */
export function systemFiles(host: Host): string[] {
  const byName = new Map<string, string>();
  for (const directory of DIRECTORIES) {
    if (!host.files.exists(directory)) continue;
    for (const name of host.files.list(directory))
      if (name.endsWith(".conf") && !byName.has(name)) byName.set(name, `${directory}/${name}`);
  }
  const sorted = [...byName.values()].sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
  return host.files.exists("/etc/sysctl.conf") ? [...sorted, "/etc/sysctl.conf"] : sorted;
}

/** Reads all files, then writes what they say. */
export async function loadFiles(call: SysctlCall, files: readonly string[], announce?: "announce"): Promise<number> {
  const settings: Setting[] = [];
  let status = 0;
  for (const file of files) {
    if (announce) await call.announce(`* Applying ${file} ...\n`);
    const text = await read(call, file);
    if (text instanceof Errno) {
      await call.complain(`cannot open "${file}": ${text.message}`);
      status = 1;
      continue;
    }
    for (const [at, line] of text.split("\n").entries()) {
      const trimmed = line.trim();
      if (trimmed.length < 2 || trimmed.startsWith("#") || trimmed.startsWith(";")) continue;
      const setting = parseSetting(trimmed);
      if (setting) settings.push(setting);
      // `-key` alone takes a key out of what patterns set; nothing here sets by patterns.
      else if (!trimmed.startsWith("-")) await call.complain(`${file}(${at + 1}): invalid syntax, continuing...`);
    }
  }
  for (const setting of settings) if ((await writeSetting(call, setting)) > 0) status = 1;
  return status;
}

async function read(call: SysctlCall, file: string): Promise<string | Errno> {
  const { process } = call;
  if (file === "-") return decode((await readAll(process, process.fds.get(0), process.kernel.limits.memory)) ?? "");
  return attempt(() => decode(process.host.files.read(file, process)));
}
