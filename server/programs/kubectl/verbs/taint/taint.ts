import type { JsonObject, Node, Taint } from "../../../../sim/kube/api/index.ts";
import { command, usageError, type Invocation } from "../../cobra/command.ts";
import { bool, text } from "../../cobra/flag.ts";
import { aggregate, GoError } from "../../errors/go-error.ts";
import { encodeJson, isFailure, type Failure } from "../../output/index.ts";
import { strategicPatchBetween } from "../../patch/strategic.ts";
import { DRY_RUN, dryRunOf, type DryRun } from "../../printing/dry-run.ts";
import { resourceIn } from "../explain/resource-request.ts";
import { emit } from "../../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS } from "../../printing/print-flags.ts";
import { VALIDATE, validationOf } from "../../printing/validate.ts";
import { namesOf } from "../../resource/arguments.ts";
import { findResources } from "../../resource/builder.ts";
import { nameOf } from "../../resource/info.ts";
import { applyTaints, conflictOf, parseTaints, type TaintChange } from "./taints.ts";

const FLAGS = {
  ...PRINT_FLAGS,
  all: bool("Choose all nodes of the cluster."),
  "dry-run": DRY_RUN,
  "field-manager": text("The name under which the change is tracked.", { initial: "kubectl-taint" }),
  overwrite: bool("Replace taints that are there."),
  selector: text("Only nodes with these labels.", { shorthand: "l" }),
  validate: VALIDATE,
} as const;

interface Options {
  readonly resources: readonly string[];
  readonly change: TaintChange;
  readonly dryRun: DryRun;
  readonly validation: string;
}

export const taint = command({
  use: "taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N",
  summary: "Update the taints on one or more nodes",
  about:
    "Update the taints on one or more nodes.\n\n A taint is KEY=VALUE:EFFECT or KEY:EFFECT, with the effect NoSchedule, PreferNoSchedule or NoExecute. KEY- and KEY:EFFECT- remove.",
  examples: `# Keep pods away from a node
kubectl taint nodes node01 dedicated=batch:NoSchedule

# Take that back
kubectl taint nodes node01 dedicated:NoSchedule-`,
  flags: FLAGS,
  arguments: { kind: "resources", types: ["node"] },
  complete,
  validate,
  run,
});

async function complete(invocation: Invocation<typeof FLAGS>): Promise<Options | Failure> {
  const { flags, args, process } = invocation;
  const dryRun = await dryRunOf(process, flags["dry-run"]);
  if (isFailure(dryRun)) return dryRun;
  const validation = validationOf(flags.validate);
  if (isFailure(validation)) return validation;
  const resources: string[] = [];
  const specs: string[] = [];
  for (const word of args) {
    const isSpec = word.includes("=") || word.includes(":") || word.endsWith("-");
    if (specs.length === 0 && !isSpec) resources.push(word);
    else if (isSpec) specs.push(word);
    else return { error: `all resources must be specified before taint changes: ${word}` };
  }
  if (resources.length === 0) return { error: "one or more resources must be specified as <resource> <name>" };
  if (specs.length === 0) return { error: "at least one taint update is required" };
  const change = parseTaints(specs);
  if (isFailure(change)) return usageError(invocation, change.error);
  await confirmNodes(resources[0]!, invocation);
  return { resources, change, dryRun, validation };
}

/** The type is read as a path, of which only the beginning counts: `nodes.anything` is nodes. */
async function confirmNodes(type: string, { factory }: Invocation<typeof FLAGS>): Promise<void> {
  const { resource } = await resourceIn(type, await factory.mapper());
  if (resource.group !== "" || resource.name !== "nodes")
    throw new GoError(`invalid resource type ${type}, only node types are supported`);
}

function validate({ resources, change }: Options, { flags }: Invocation<typeof FLAGS>): Failure | undefined {
  if (resources.length < 2 && flags.selector === "" && !flags.all)
    return { error: "at least one resource name must be specified since 'all' parameter is not set" };
  if (flags.selector !== "" && flags.all)
    return { error: "setting 'all' parameter with a non empty selector is prohibited" };
  return conflictOf(change);
}

async function run(
  { resources, change, dryRun, validation }: Options,
  { flags, factory, process }: Invocation<typeof FLAGS>,
): Promise<void> {
  const { name: namespace } = factory.config.namespace();
  const result = await findResources(factory, {
    namespace,
    selection:
      flags.all || flags.selector !== ""
        ? { tuples: [], types: ["node"], names: [] }
        : { tuples: namesOf("node", resources.slice(1)), types: [], names: [] },
    labels: flags.selector,
    selectAll: flags.all,
    continueOnError: true,
    flatten: true,
    latest: true,
  });
  await result.visit(async (info) => {
    const { kind, version } = info.mapping;
    if (kind !== "Node") throw new GoError(`unexpected type *${version}.${kind}, expected Node`);
    const node = info.object as unknown as Node;
    const name = nameOf(info.object);
    const old = node.spec.taints ?? [];
    if (!flags.overwrite) {
      const clash = clashes(change.add, old);
      if (clash !== "")
        throw new GoError(`node ${name} already has ${clash} taint(s) with same effect(s) and --overwrite is false`);
    }
    const { taints, operation, missing } = applyTaints(change, old, flags.overwrite);
    if (missing.length > 0) throw aggregate(missing.map((why) => new GoError(why)))!;
    // kubectl forgets to say that it was a dry run.
    const printer = objectPrinter(process, flags, { operation });
    if (isFailure(printer)) throw new GoError(printer.error);
    const changed = { ...info.object, spec: { ...node.spec, taints } } as unknown as JsonObject;
    if (dryRun === "client") return emit(process, printer.print(changed));
    const patch = strategicPatchBetween(info.mapping, info.object!, changed);
    const helper = await factory.helper();
    const place = { mapping: info.mapping, namespace: "", name };
    const patched = await helper.patch(place, "strategic", encodeJson(patch), {
      fieldManager: flags["field-manager"],
      fieldValidation: validation,
      dryRun: dryRun === "server",
    });
    await emit(process, printer.print(patched));
  });
}

function clashes(add: readonly Taint[], old: readonly Taint[]): string {
  const keys = add
    .filter(({ key, effect }) => old.some((one) => one.key === key && one.effect === effect))
    .map(({ key }) => key);
  return [...new Set(keys)].join(",");
}
