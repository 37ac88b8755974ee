import type { Entry } from "../../clientcmd/kubeconfig.ts";
import type { Failure } from "../../output/index.ts";

/** What `set-credentials` says of a command or a provider that gives credentials. */
export interface ExecFlags {
  readonly "auth-provider": string;
  readonly "auth-provider-arg": readonly string[];
  readonly "exec-api-version": string;
  readonly "exec-arg": readonly string[];
  readonly "exec-command": string;
  readonly "exec-env": readonly string[];
  readonly "exec-interactive-mode": string;
  readonly "exec-provide-cluster-info": boolean;
}

const MODES = ["IfAvailable", "Never", "Always"];

/** KEY=VALUE sets, KEY- removes. */
interface Changes {
  readonly set: ReadonlyMap<string, string>;
  readonly remove: ReadonlySet<string>;
}

/** Why KEY=VALUE pairs are none; the words of the flag are part of it. */
export function execProblem(flags: ExecFlags): Failure | undefined {
  for (const flag of ["auth-provider-arg", "exec-env"] as const) {
    const wrong = pairsOf(flags[flag]).find((pair) => !pair.includes("=") && !pair.endsWith("-"));
    if (wrong !== undefined) return { error: `invalid ${flag} format: ${wrong}` };
  }
  const mode = flags["exec-interactive-mode"];
  if (mode !== "" && !MODES.includes(mode))
    return { error: `invalid interactive mode type, can be only ${MODES.join(", ")}` };
  return undefined;
}

/** The fields of a user that come of it (kubectl pkg/cmd/config/set_credentials.go modifyAuthInfo). */
export function execFields(old: Entry, flags: ExecFlags, given: ReadonlySet<string>): Record<string, unknown> {
  const provider = providerOf(old["auth-provider"] as Entry | undefined, flags);
  const exec = execOf(old["exec"] as Entry | undefined, flags, given);
  return { ...(provider ? { "auth-provider": provider } : {}), ...(exec ? { exec } : {}) };
}

function providerOf(old: Entry | undefined, flags: ExecFlags): Entry | undefined {
  const name = flags["auth-provider"];
  const provider = name === "" ? old : { config: {}, ...(old?.["name"] === name ? old : {}), name };
  if (!provider || (name === "" && flags["auth-provider-arg"].length === 0)) return undefined;
  const { set, remove } = changesOf(flags["auth-provider-arg"]);
  const config = { ...(provider["config"] as Record<string, string> | undefined), ...Object.fromEntries(set) };
  return { ...provider, config: Object.fromEntries(Object.entries(config).filter(([key]) => !remove.has(key))) };
}

function execOf(old: Entry | undefined, flags: ExecFlags, given: ReadonlySet<string>): Entry | undefined {
  const command = flags["exec-command"];
  const touched = [...given].some((flag) => flag.startsWith("exec-"));
  if (!touched || (command === "" && !old)) return undefined;
  const exec: Record<string, unknown> = { args: null, command: "", env: null, provideClusterInfo: false, ...old };
  if (command !== "") Object.assign(exec, { command, args: null });
  if (given.has("exec-api-version")) exec["apiVersion"] = flags["exec-api-version"];
  if (given.has("exec-arg")) exec["args"] = pairsOf(flags["exec-arg"]);
  if (given.has("exec-interactive-mode")) exec["interactiveMode"] = flags["exec-interactive-mode"];
  if (given.has("exec-provide-cluster-info")) exec["provideClusterInfo"] = flags["exec-provide-cluster-info"];
  if (given.has("exec-env")) {
    const { set, remove } = changesOf(flags["exec-env"]);
    const before = ((exec["env"] ?? []) as readonly { name: string; value: string }[]).filter(
      ({ name }) => !remove.has(name) && !set.has(name),
    );
    const known = ((exec["env"] ?? []) as readonly { name: string; value: string }[]).filter(({ name }) =>
      set.has(name),
    );
    const added = [...set].filter(([name]) => !known.some((one) => one.name === name));
    exec["env"] = [
      ...before,
      ...known.map(({ name }) => ({ name, value: set.get(name)! })),
      ...added.map(([name, value]) => ({ name, value })),
    ];
  }
  return exec;
}

/** Go's string slices: `a,b` is two. */
function pairsOf(given: readonly string[]): string[] {
  return given.flatMap((one) => one.split(","));
}

function changesOf(given: readonly string[]): Changes {
  const set = new Map<string, string>();
  const remove = new Set<string>();
  for (const pair of pairsOf(given)) {
    const equals = pair.indexOf("=");
    if (equals >= 0) set.set(pair.slice(0, equals), pair.slice(equals + 1));
    else remove.add(pair.slice(0, -1));
  }
  return { set, remove };
}
