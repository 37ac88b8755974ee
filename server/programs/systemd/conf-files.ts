import { attempt, basename, Errno, type Process } from "../../sim/host/index.ts";
import { decode } from "../../sim/kernel/index.ts";

/** Files `*.conf` below /etc, /run, /usr/local/lib and /usr/lib by their names, those of the first place hiding the others (sysctl.d(5)). */
export function confFiles({ host }: Process, folder: string): readonly string[] {
  const byName = new Map<string, string>();
  for (const place of ["/etc", "/run", "/usr/local/lib", "/usr/lib"]) {
    const directory = `${place}/${folder}`;
    if (!host.files.exists(directory)) continue;
    for (const name of host.files.list(directory))
      if (name.endsWith(".conf") && !byName.has(name)) byName.set(name, `${directory}/${name}`);
  }
  return [...byName.values()].sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}

/** A file's lines that say something; why it cannot be read. */
export function confLines(
  process: Process,
  path: string,
): readonly { readonly at: number; readonly text: string }[] | Errno {
  const text = attempt(() => decode(process.host.files.read(path, process)));
  if (text instanceof Errno) return text;
  return text
    .split("\n")
    .map((line, at) => ({ at: at + 1, text: line.trim() }))
    .filter((line) => line.text !== "" && !/^[#;]/.test(line.text));
}
