import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool, list, text, texts } from "../../cobra/flag.ts";
import type { Factory } from "../../client/factory.ts";
import { warn } from "../../client/warning.ts";
import { GoError } from "../../errors/go-error.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import type { DryRun } from "../../printing/dry-run.ts";
import { typesAndNames } from "../../resource/arguments.ts";
import { findResources } from "../../resource/builder.ts";
import type { Info } from "../../resource/info.ts";
import { nameOf } from "../../resource/info.ts";
import { readStdin } from "../../resource/sources.ts";
import { containersOf, matchesName, withPodSpec } from "./pod-spec.ts";
import { resolveVariable } from "./resolve.ts";
import { dryRunOfSet, findForSet, objectName, SET_FLAGS, setObjects } from "./set-objects.ts";
import { parseVariables, sourceText, splitArguments, updated, variableName, type Variable } from "./variables.ts";

const FLAGS = {
  ...SET_FLAGS,
  containers: text("The containers to change; * stands for any text.", { shorthand: "c", initial: "*" }),
  env: texts("A variable, KEY=VALUE.", { shorthand: "e" }),
  from: text("A config map or secret whose keys become variables: configmap/NAME."),
  keys: list("Only these keys of --from."),
  list: bool("Print the variables and change nothing."),
  overwrite: bool("Replace variables that are there.", { initial: true }),
  prefix: text("What stands before the names that come from --from."),
  resolve: bool("With --list: print the values that references lead to."),
  selector: text("Only objects with these labels.", { shorthand: "l" }),
} as const;

type Flags = Invocation<typeof FLAGS>["flags"];

interface Options {
  readonly resources: readonly string[];
  readonly specs: readonly string[];
  readonly dryRun: DryRun;
}

export const env = command({
  use: "set env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N",
  summary: "Update environment variables on a pod template",
  about:
    "Update the environment variables of a pod template, or list them.\n\n KEY=VALUE sets a variable, KEY- removes it; - reads them from standard input.",
  examples: `# Set a variable
kubectl set env deployment/web MODE=test

# What there is
kubectl set env deployment/web --list

# All keys of a config map
kubectl set env --from=configmap/web-conf deployment/web`,
  flags: FLAGS,
  complete,
  run,
});

async function complete(invocation: Invocation<typeof FLAGS>): Promise<Options | Failure> {
  const { flags, args, process } = invocation;
  const split = splitArguments(args);
  if (!split) return { error: `all resources must be specified before environment changes: ${args.join(" ")}` };
  const dryRun = await dryRunOfSet(process, flags);
  if (isFailure(dryRun)) return dryRun;
  const { resources, env: specs } = split;
  if (flags.local && dryRun === "server")
    return { error: "cannot specify --local and --dry-run=server - did you mean --dry-run=client?" };
  if (flags.all && flags.selector !== "") return { error: "cannot set --all and --selector at the same time" };
  if (resources.length === 0 && flags.filename.length === 0)
    return { error: "one or more resources must be specified as <resource> <name> or <resource>/<name>" };
  if (flags.list && flags.output !== "") return { error: "--list and --output may not be specified together" };
  if (flags.keys.length > 0 && flags.from === "")
    return { error: "when specifying --keys, a configmap or secret must be provided with --from" };
  return { resources, specs: [...flags.env, ...specs], dryRun };
}

async function run(
  { resources, specs, dryRun }: Options,
  { flags, factory, process }: Invocation<typeof FLAGS>,
): Promise<void> {
  const parsed = parseVariables(specs);
  if (isFailure(parsed)) throw new GoError(parsed.error);
  const set: Variable[] = [...parsed.set];
  if (parsed.fromStdin) {
    const more = parseVariables(
      (await readStdin(process)).split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#")),
    );
    if (isFailure(more)) throw new GoError(more.error);
    set.push(...more.set);
  }
  if (flags.from !== "") set.push(...(await variablesFrom(factory, flags)));
  const prefixed =
    flags.prefix === "" ? set : set.map((variable) => ({ ...variable, name: `${flags.prefix}${variable.name}` }));
  const change = { set: prefixed, remove: parsed.remove };
  const infos = await findForSet(factory, resources, flags);
  if (flags.list) {
    for (const info of infos) await listVariables(factory, info, flags, change);
    return;
  }
  const warnings: string[] = [];
  const update = async (): Promise<void> =>
    setObjects(factory, infos, {
      flags,
      dryRun,
      operation: "env updated",
      failure: "failed to patch env update to pod template: ",
      skipUnchanged: true,
      told: (info, error) => `error: ${objectName(info, flags.local)} ${error.message}\n`,
      change: async (object) => {
        const changed = withPodSpec(object, (spec) => withVariables(spec, object, flags, change, warnings));
        for (const warning of warnings.splice(0)) await warn(process, warning);
        return changed;
      },
    });
  await update();
}

function withVariables(
  spec: JsonObject,
  object: JsonObject,
  flags: Flags,
  change: { set: readonly Variable[]; remove: readonly string[] },
  warnings: string[],
): JsonObject {
  let found = false;
  let result = spec;
  for (const where of ["containers", "initContainers"] as const) {
    const containers = containersOf(spec, where);
    if (containers.length === 0) continue;
    const changed = containers.map((container) => {
      if (!matchesName(flags.containers, container["name"] as string)) return container;
      found = true;
      const old = (container["env"] ?? []) as unknown as readonly Variable[];
      if (!flags.overwrite) refuseOverwrites(old, change.set);
      const { env: _, ...rest } = container;
      const now = updated(old, change);
      return now.length === 0 ? rest : { ...rest, env: now };
    });
    result = { ...result, [where]: changed };
  }
  if (!found)
    warnings.push(
      `${object["kind"] as string}/${nameOf(object)} does not have any containers matching ${JSON.stringify(flags.containers)}`,
    );
  return result;
}

function refuseOverwrites(old: readonly Variable[], set: readonly Variable[]): void {
  for (const { name, value } of set) {
    const known = old.find((one) => one.name === name);
    if (known && known.value !== value)
      throw new GoError(`'${name}' already has a value (${known.value ?? ""}), and --overwrite is false`);
  }
}

/** The keys of a config map or secret as variables that refer to them. */
async function variablesFrom(factory: Factory, flags: Flags): Promise<Variable[]> {
  const { name: namespace, explicit } = factory.config.namespace();
  const result = await findResources(factory, {
    namespace,
    enforceNamespace: explicit,
    selection: await typesAndNames([flags.from], () => factory.mapper()),
    latest: true,
    continueOnError: true,
    flatten: true,
  });
  const variables: Variable[] = [];
  for (const { mapping, name, object } of await result.all()) {
    const source = { ConfigMap: "configMapKeyRef", Secret: "secretKeyRef" }[mapping.kind];
    if (source === undefined || mapping.group !== "") throw new GoError(`unsupported resource specified in --from`);
    for (const key of Object.keys((object!["data"] ?? {}) as JsonObject).sort()) {
      if (flags.keys.length > 0 && !flags.keys.includes(key)) continue;
      const variable = variableName(key);
      if (variable !== key) await warn(factory.process, `key ${key} transferred to ${variable}`);
      variables.push({ name: variable, valueFrom: { [source]: { name, key } } });
    }
  }
  return variables;
}

/** `--list`: what containers have, or would have. */
async function listVariables(
  factory: Factory,
  info: Info,
  flags: Flags,
  change: { set: readonly Variable[]; remove: readonly string[] },
): Promise<void> {
  const { process } = factory;
  const object = info.object!;
  const containers: JsonObject[] = [];
  withPodSpec(object, (spec) => {
    containers.push(...containersOf(spec, "containers"), ...containersOf(spec, "initContainers"));
    return spec;
  });
  const chosen = containers.filter((container) => matchesName(flags.containers, container["name"] as string));
  if (chosen.length === 0)
    await warn(
      process,
      `${object["kind"] as string}/${nameOf(object)} does not have any containers matching ${JSON.stringify(flags.containers)}`,
    );
  for (const container of chosen) {
    await process.print(`# ${object["kind"] as string} ${nameOf(object)}, container ${container["name"] as string}\n`);
    const failures = new Map<string, string[]>();
    for (const variable of updated((container["env"] ?? []) as unknown as readonly Variable[], change)) {
      const from = variable["valueFrom"] as JsonObject | undefined;
      if (!from) {
        await process.print(`${variable.name}=${variable.value ?? ""}\n`);
        continue;
      }
      const resolved = flags.resolve ? await resolveVariable(factory, info, container, from) : undefined;
      if (resolved && "value" in resolved) await process.print(`${variable.name}=${resolved.value}\n`);
      else await process.print(`# ${variable.name} from ${sourceText(from)}\n`);
      if (resolved && "error" in resolved)
        failures.set(resolved.error, [...(failures.get(resolved.error) ?? []), variable.name]);
    }
    const lines = [...failures]
      .map(([why, names]) => `error retrieving reference for ${names.sort().join(", ")}: ${why}\n`)
      .sort();
    if (lines.length > 0) await process.error(lines.join(""));
  }
}
