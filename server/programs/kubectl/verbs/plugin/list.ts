import { attempt, Errno, join, type Process } from "../../../../sim/host/index.ts";
import { GLOBAL_FLAGS } from "../../clientcmd/global-flags.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool } from "../../cobra/flag.ts";
import { find } from "../../cobra/find.ts";
import { GoError } from "../../errors/go-error.ts";
import { quote } from "../../output/index.ts";

const FLAGS = { "name-only": bool("Print the names of the files without their folders.") } as const;

/** kubectl pkg/cmd/plugin/plugin.go */
export const list = command({
  use: "plugin list [flags]",
  summary: "List all visible plugin executables on a user's PATH",
  about:
    "List the files in the folders of the PATH whose names begin with kubectl-, and what is wrong with them as plugins.",
  examples: `# All plugins
kubectl plugin list

# Their names without folders
kubectl plugin list --name-only`,
  flags: FLAGS,
  complete: () => ({}),
  run,
});

async function run(_: unknown, { flags, process }: Invocation<typeof FLAGS>): Promise<void> {
  const seen = new Map<string, string>();
  let warnings = 0;
  for (const folder of new Set((process.env["PATH"] ?? "").split(":"))) {
    const names = folder.trim() === "" ? [] : namesIn(process, folder);
    for (const name of names) {
      if (seen.size === 0) await process.print("The following compatible plugins are available:\n\n");
      const path = join(folder, name).replaceAll(/\/{2,}/g, "/");
      await process.print(`${flags["name-only"] ? name : path}\n`);
      for (const problem of await problems(process, name, path, seen)) {
        await process.error(`  - ${problem}\n`);
        warnings++;
      }
    }
  }
  const errors = [
    ...(seen.size === 0 ? ["error: unable to find any kubectl plugins in your PATH"] : []),
    ...(warnings === 1 ? ["error: one plugin warning was found"] : []),
    ...(warnings > 1 ? [`error: ${warnings} plugin warnings were found`] : []),
  ];
  if (errors.length > 0) throw new GoError(`${errors.join("\n")}\n`);
}

/** The files in a folder that are called like plugins; none if it cannot be read. */
function namesIn(process: Process, folder: string): string[] {
  const { files } = process.host;
  const names = attempt(() => files.list(folder, process));
  if (names instanceof Errno) return [];
  return names
    .filter((name) => name.startsWith("kubectl-") && files.lstat(join(folder, name), process).type !== "dir")
    .sort();
}

async function problems(process: Process, name: string, path: string, seen: Map<string, string>): Promise<string[]> {
  const found: string[] = [];
  const stat = attempt(() => process.host.files.stat(path, process));
  if (stat instanceof Errno)
    found.push(`error: unable to identify ${path} as an executable file: stat ${path}: ${stat.message.toLowerCase()}`);
  else if (stat.type === "dir" || (stat.mode & 0o111) === 0)
    found.push(`warning: ${path} identified as a kubectl plugin, but it is not executable`);
  const earlier = seen.get(name);
  if (earlier === undefined) seen.set(name, path);
  else found.push(`warning: ${path} is overshadowed by a similarly named plugin: ${earlier}`);
  const { ROOT } = await import("../index.ts");
  const { names } = await find(ROOT, GLOBAL_FLAGS, name.split("-").slice(1));
  if (names.length > 0)
    found.push(`warning: ${name} overwrites existing command: ${quote(["kubectl", ...names].join(" "))}`);
  return found;
}
