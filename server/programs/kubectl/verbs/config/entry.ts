import { dirname, isAbsolute, join } from "../../../../sim/host/index.ts";
import type { Factory } from "../../client/factory.ts";
import { changeFile, defaultFilename, withEntry, type Section } from "../../clientcmd/modify.ts";
import type { Entry } from "../../clientcmd/kubeconfig.ts";
import type { Invocation } from "../../cobra/command.ts";
import type { Failure } from "../../output/index.ts";

/** Changes an entry in the file that has it, or adds it to the one that new entries go to. */
export function putEntry(factory: Factory, section: Section, name: string, value: Entry): void {
  const { process, globals } = factory;
  const file = factory.config.starting[section].get(name)?.file ?? defaultFilename(process, globals.kubeconfig);
  changeFile(process, file, (config) => withEntry(config, section, name, withRelativePaths(process.cwd, file, value)));
}

/** Files below the folder of the kubeconfig are named from there (client-go tools/clientcmd/config.go ModifyConfig). */
function withRelativePaths(cwd: string, file: string, entry: Entry): Entry {
  const folder = `${dirname(isAbsolute(file) ? file : join(cwd, file))}/`;
  const relative = (path: unknown): unknown =>
    typeof path === "string" && path.startsWith(folder) && folder !== "/" ? path.slice(folder.length) : path;
  return Object.fromEntries(
    Object.entries(entry).map(([field, value]) => [field, PATHS.includes(field) ? relative(value) : value]),
  );
}

const PATHS = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

/** An entry with fields put in; an empty text takes a field out. */
export function withFields(entry: Entry, fields: Readonly<Record<string, unknown>>): Entry {
  return Object.fromEntries(
    Object.entries({ ...entry, ...fields }).filter(
      ([, value]) => value !== "" && value !== undefined && value !== false,
    ),
  );
}

/** Prints the help and fails: what config commands do with wrong arguments (helpErrorf). */
export async function helpError({ factory }: Pick<Invocation, "factory">, error: string): Promise<Failure> {
  await factory.printHelp();
  return { error };
}
