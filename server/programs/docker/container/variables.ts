import { attempt, Errno, resolve, type Process } from "../../../sim/host/index.ts";
import { Fatal } from "../command.ts";

/** `NAME=value` of `--env-file` and `-e`; a name alone takes the client's own value, or is left out (opts.ReadKVEnvStrings). */
export function variables(process: Process, files: readonly string[], given: readonly string[]): string[] {
  const entries = [...files.flatMap((file) => readFile(process, file)), ...given];
  return entries.flatMap((entry) => {
    if (entry.includes("=")) return [entry];
    const value = process.env[entry];
    return value === undefined ? [] : [`${entry}=${value}`];
  });
}

function readFile(process: Process, file: string): string[] {
  const text = attempt(() => process.host.files.read(resolve(process.cwd, file), process));
  if (text instanceof Errno) throw new Fatal(`open ${file}: ${text.message.toLowerCase()}`);
  return text
    .split("\n")
    .map((line) => line.trimStart())
    .filter((line) => line !== "" && !line.startsWith("#"));
}
