import { HOUR, SECOND, type Duration } from "../../../../sim/kernel/index.ts";
import { type JsonObject, type Pod, type Query } from "../../../../sim/kube/api/index.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool, duration, integer, text } from "../../cobra/flag.ts";
import type { Factory } from "../../client/factory.ts";
import { Aggregate, GoError, isReason } from "../../errors/go-error.ts";
import { DRY_RUN, operationOf, type DryRun } from "../../printing/dry-run.ts";
import { namePrinter } from "../../printing/name-printer.ts";
import { chooseNodes, setSchedulable, type NodeChoice } from "./cordon.ts";
import { grouped, judge } from "./filters.ts";
import { removePods } from "./remove-pods.ts";

const FLAGS = {
  "chunk-size": integer("Ask for large lists in pieces of that many objects; 0 asks for all at once.", 500),
  "delete-emptydir-data": bool("Drain pods with emptyDir volumes, too; their data is lost."),
  "disable-eviction": bool("Delete pods rather than evict them, past all PodDisruptionBudgets."),
  "dry-run": DRY_RUN,
  force: bool("Drain pods without a controller, too; nobody makes them anew."),
  "grace-period": integer("Seconds that each pod is given to end; negative leaves it to the pod.", -1),
  "ignore-daemonsets": bool("Leave the pods of DaemonSets alone."),
  "pod-selector": text("Only pods with these labels."),
  selector: text("Only nodes with these labels.", { shorthand: "l" }),
  "skip-wait-for-delete-timeout": integer(
    "Do not wait for pods that have been ending for longer than that many seconds; 0 waits.",
    0,
  ),
  timeout: duration("How long to wait; 0 waits for ever.", 0),
} as const;

type Flags = Invocation<typeof FLAGS>["flags"];

const FOR_EVER: Duration = 10 * 365 * 24 * HOUR;
const PODS = { group: "", version: "v1", resource: "pods", kind: "Pod", namespaced: false };
const DAEMON_SETS = { group: "apps", version: "v1", resource: "daemonsets", kind: "DaemonSet", namespaced: true };

export const drain = command({
  use: "drain NODE",
  summary: "Drain node in preparation for maintenance",
  about:
    "Drain node in preparation for maintenance.\n\n The node is cordoned, then its pods are evicted. Pods of DaemonSets, pods without a controller and pods with local data keep it from being drained unless a flag says what to do with them; static pods stay.",
  examples: `# All pods but those of DaemonSets
kubectl drain node01 --ignore-daemonsets

# Pods that nobody makes anew, too
kubectl drain node01 --ignore-daemonsets --force`,
  flags: FLAGS,
  arguments: { kind: "names", type: "node" },
  complete: (invocation) => chooseNodes(invocation, "drain"),
  run,
});

async function run(
  { nodes, dryRun }: NodeChoice,
  { flags, factory, process }: Invocation<typeof FLAGS>,
): Promise<void> {
  await setSchedulable(factory, nodes, true, dryRun);
  const fatal: GoError[] = [];
  const left: string[] = [];
  for (const node of nodes) {
    try {
      await drainNode(factory, node.name, flags, dryRun);
      await process.print(namePrinter(operationOf("drained", dryRun)).print(node.object!) as string);
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      await process.error(
        `error: unable to drain node ${JSON.stringify(node.name)} due to error: ${error.message}, continuing command...\n`,
      );
      fatal.push(error);
      left.push(node.name);
    }
  }
  if (left.length === 0) return;
  await process.error(`There are pending nodes to be drained:\n${left.map((name) => ` ${name}\n`).join("")}`);
  throw new Aggregate(fatal);
}

async function drainNode(factory: Factory, name: string, flags: Flags, dryRun: DryRun): Promise<void> {
  const { process } = factory;
  const { pods, warnings } = await podsToRemove(factory, name, flags);
  if (warnings !== "") await process.error(`Warning: ${warnings}\n`);
  if (dryRun === "client") {
    for (const { metadata } of pods)
      await process.print(`evicting pod ${metadata.namespace!}/${metadata.name} (dry run)\n`);
    return;
  }
  try {
    await removePods(factory, pods, {
      gracePeriod: flags["grace-period"],
      evicts: !flags["disable-eviction"],
      dryRun,
      deadline: process.kernel.now + (flags.timeout === 0 ? FOR_EVER : flags.timeout),
      skipAfter: flags["skip-wait-for-delete-timeout"],
      retry: 5 * SECOND,
    });
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    const pending = await podsToRemove(factory, name, flags).catch((again: unknown) => again);
    if (pending instanceof GoError)
      await process.error(`Following errors occurred while getting the list of pods to delete:\n${pending.message}`);
    else {
      const names = (pending as { pods: readonly Pod[] }).pods.map(({ metadata }) => `pod/${metadata.name}\n`);
      if (names.length > 0)
        await process.error(
          `There are pending pods in node ${JSON.stringify(name)} when an error occurred: ${error.message}\n${names.join("")}`,
        );
    }
    throw error;
  }
}

/** The pods of a node that shall go; throws an Aggregate of why they may not. */
async function podsToRemove(
  factory: Factory,
  node: string,
  flags: Flags,
): Promise<{ readonly pods: readonly Pod[]; readonly warnings: string }> {
  const helper = await factory.helper();
  const pods: Pod[] = [];
  const warnings: { message: string; pod: Pod }[] = [];
  const failures: { message: string; pod: Pod }[] = [];
  const daemonSet = async (
    namespace: string,
    name: string,
  ): Promise<{ message: string; missing: boolean } | undefined> => {
    try {
      await helper.get({ mapping: DAEMON_SETS, namespace, name });
      return undefined;
    } catch (error) {
      if (error instanceof GoError) return { message: error.message, missing: isReason(error, "NotFound") };
      throw error;
    }
  };
  const options = {
    force: flags.force,
    ignoreDaemonSets: flags["ignore-daemonsets"],
    deleteEmptyDirData: flags["delete-emptydir-data"],
    skipAfter: flags["skip-wait-for-delete-timeout"],
    now: factory.process.now,
    daemonSet,
  };
  for (const pod of await podsOn(factory, node, flags)) {
    const verdict = await judge(pod, options);
    if (verdict.kind === "error") failures.push({ message: verdict.message, pod });
    if (verdict.kind === "warning") warnings.push({ message: verdict.message, pod });
    if (verdict.kind === "okay" || (verdict.kind === "warning" && verdict.deletes)) pods.push(pod);
  }
  if (failures.length > 0)
    throw new Aggregate(grouped(failures).map((failure) => new GoError(`cannot delete ${failure}`)));
  return { pods, warnings: grouped(warnings).join("; ") };
}

async function podsOn(factory: Factory, node: string, flags: Flags): Promise<Pod[]> {
  const helper = await factory.helper();
  const pods: Pod[] = [];
  let next = "";
  do {
    const query: Query = {
      ...(next === "" ? {} : { continue: [next] }),
      fieldSelector: [`spec.nodeName=${node}`],
      ...(flags["pod-selector"] === "" ? {} : { labelSelector: [flags["pod-selector"]] }),
      ...(flags["chunk-size"] > 0 ? { limit: [String(flags["chunk-size"])] } : {}),
    };
    const list = await helper.list({ mapping: PODS, namespace: "" }, query);
    pods.push(...((list["items"] ?? []) as unknown as Pod[]));
    next = ((list["metadata"] as JsonObject)["continue"] as string | undefined) ?? "";
  } while (next !== "");
  return pods;
}
