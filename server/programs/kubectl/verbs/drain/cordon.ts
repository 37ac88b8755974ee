import { parseLabelSelector, type JsonObject } from "../../../../sim/kube/api/index.ts";
import { command, usageError, type Command, type Invocation } from "../../cobra/command.ts";
import { text } from "../../cobra/flag.ts";
import type { Factory } from "../../client/factory.ts";
import { GoError } from "../../errors/go-error.ts";
import { encodeJson, isFailure, type Failure } from "../../output/index.ts";
import { strategicPatchBetween } from "../../patch/strategic.ts";
import { DRY_RUN, dryRunOf, operationOf, type DryRun } from "../../printing/dry-run.ts";
import { namePrinter } from "../../printing/name-printer.ts";
import { namesOf } from "../../resource/arguments.ts";
import { findResources } from "../../resource/builder.ts";
import type { Info } from "../../resource/info.ts";

const FLAGS = {
  "dry-run": DRY_RUN,
  selector: text("Only nodes with these labels.", { shorthand: "l" }),
} as const;

/** What cordon, uncordon and drain know of their nodes. */
export interface NodeChoice {
  readonly nodes: readonly Info[];
  readonly dryRun: DryRun;
}

export const cordon = cordonCommand("cordon", "Mark node as unschedulable", true);
export const uncordon = cordonCommand("uncordon", "Mark node as schedulable", false);

function cordonCommand(name: string, summary: string, wanted: boolean): Command {
  return command({
    use: `${name} NODE`,
    summary,
    about: `${summary}.`,
    examples: `# The node node01\nkubectl ${name} node01`,
    flags: FLAGS,
    arguments: { kind: "names", type: "node" },
    complete: (invocation) => chooseNodes(invocation, name),
    run: async ({ nodes, dryRun }, { factory }) => setSchedulable(factory, nodes, wanted, dryRun),
  });
}

/** The nodes that were named or selected (kubectl pkg/cmd/drain/drain.go Complete). */
export async function chooseNodes(
  invocation: Pick<Invocation, "args" | "factory" | "process" | "path"> & {
    readonly flags: {
      readonly selector: string;
      readonly "dry-run": string;
      readonly "chunk-size"?: number;
      "pod-selector"?: string;
    };
  },
  name: string,
): Promise<NodeChoice | Failure> {
  const { args, flags, factory, process } = invocation;
  if (args.length === 0 && flags.selector === "") return usageError(invocation, `USAGE: ${name} NODE [flags]`);
  if (args.length > 0 && flags.selector !== "")
    return usageError(invocation, "error: cannot specify both a node name and a --selector option");
  const dryRun = await dryRunOf(process, flags["dry-run"]);
  if (isFailure(dryRun)) return dryRun;
  const pods = parseLabelSelector(flags["pod-selector"] ?? "");
  if (typeof pods === "object" && "error" in pods)
    return { error: "--pod-selector=<pod_selector> must be a valid label selector" };
  const { name: namespace } = factory.config.namespace();
  const selection =
    flags.selector === ""
      ? { tuples: namesOf("nodes", args), types: [], names: [] }
      : { tuples: [], types: ["nodes"], names: [] };
  const result = await findResources(factory, {
    namespace,
    chunkSize: flags["chunk-size"] ?? 500,
    selection,
    labels: flags.selector,
    singleType: true,
    flatten: true,
  });
  const nodes: Info[] = [];
  await result.visit((info) => {
    if (info.mapping.resource !== "nodes" || info.mapping.group !== "")
      throw new GoError(`error: expected resource of type node, got ${JSON.stringify(info.mapping.resource)}`);
    nodes.push(info);
    return Promise.resolve();
  });
  return { nodes, dryRun };
}

/** Sets `spec.unschedulable` of nodes, and says so (RunCordonOrUncordon). */
export async function setSchedulable(
  factory: Factory,
  nodes: readonly Info[],
  wanted: boolean,
  dryRun: DryRun,
): Promise<void> {
  const { process } = factory;
  const done = wanted ? "cordoned" : "uncordoned";
  for (const { mapping, name, object } of nodes) {
    const spec = (object!["spec"] ?? {}) as JsonObject;
    const print = async (operation: string): Promise<void> =>
      process.print(namePrinter(operation).print(object!) as string);
    if ((spec["unschedulable"] === true) === wanted) {
      await print(`already ${operationOf(done, dryRun)}`);
      continue;
    }
    if (dryRun !== "client") {
      const { unschedulable: _, ...rest } = spec;
      const changed = { ...object, spec: wanted ? { ...rest, unschedulable: true } : rest } as JsonObject;
      const helper = await factory.helper();
      try {
        const patch = encodeJson(strategicPatchBetween(mapping, object!, changed));
        await helper.patch({ mapping, namespace: "", name }, "strategic", patch, { dryRun: dryRun === "server" });
      } catch (error) {
        if (!(error instanceof GoError)) throw error;
        await process.error(
          `error: unable to ${wanted ? "cordon" : "uncordon"} node ${JSON.stringify(name)}: ${error.message}`,
        );
        continue;
      }
    }
    await print(operationOf(done, dryRun));
  }
}
