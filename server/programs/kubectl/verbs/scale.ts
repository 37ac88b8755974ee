import { SECOND, type Duration } from "../../../sim/kernel/index.ts";
import type { JsonObject } from "../../../sim/kube/api/index.ts";
import type { Factory } from "../client/factory.ts";
import { command, type Invocation } from "../cobra/command.ts";
import { bool, duration, integer, text } from "../cobra/flag.ts";
import { GoError, isReason } from "../errors/go-error.ts";
import { encodeJson, isFailure, quote, type Failure } from "../output/index.ts";
import { DRY_RUN, dryRunOf, operationOf, type DryRun } from "../printing/dry-run.ts";
import { emit } from "../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS, type ObjectPrinter } from "../printing/print-flags.ts";
import { causeOf, CHANGE_CAUSE, RECORD } from "../printing/record.ts";
import { resourcesAskedFor } from "../resource/asked-for.ts";
import { FILENAME_FLAGS } from "../resource/filename-flags.ts";
import type { Info } from "../resource/info.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  all: bool("Choose everything of the given types in the namespace."),
  "current-replicas": integer("Only if the size is this; -1 takes any.", -1),
  "dry-run": DRY_RUN,
  record: RECORD,
  replicas: integer("The new size.", 0),
  "resource-version": text("Only if the object still is in this version."),
  selector: text("Only objects with these labels.", { shorthand: "l" }),
  timeout: duration("How long to wait until the size is reached; 0 does not wait.", 0),
} as const;

interface Options {
  readonly dryRun: DryRun;
  readonly printer: ObjectPrinter;
}

const RETRY_FOR = 300 * SECOND;

export const scale = command({
  use: "scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)",
  summary: "Set a new size for a deployment, replica set, or replication controller",
  about: "Set a new size for a deployment, replica set, replication controller, or stateful set.",
  examples: `# Three of it
kubectl scale --replicas=3 deployment/web

# Only if there are two now
kubectl scale --current-replicas=2 --replicas=3 deployment/web`,
  flags: FLAGS,
  arguments: { kind: "resources", types: ["deployment", "replicaset", "replicationcontroller", "statefulset"] },
  required: ["replicas"],
  complete,
  validate,
  run,
});

async function complete({ flags, process }: Invocation<typeof FLAGS>): Promise<Options | Failure> {
  const dryRun = await dryRunOf(process, flags["dry-run"]);
  if (isFailure(dryRun)) return dryRun;
  const printer = objectPrinter(process, flags, { operation: operationOf("scaled", dryRun) });
  return isFailure(printer) ? printer : { dryRun, printer };
}

function validate(_: Options, { flags }: Invocation<typeof FLAGS>): Failure | undefined {
  if (flags.replicas < 0)
    return { error: "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0" };
  if (flags["current-replicas"] < -1)
    return { error: "The --current-replicas must specify an integer of -1 or greater" };
  return undefined;
}

async function run({ dryRun, printer }: Options, invocation: Invocation<typeof FLAGS>): Promise<void> {
  const { flags, args, factory, process } = invocation;
  const cause = causeOf(invocation);
  const result = await resourcesAskedFor(
    { args, factory, flags },
    { allowEmptySelector: flags.all, continueOnError: true },
  );
  const { infos, error } = await result.infos();
  if (flags["resource-version"] !== "" && infos.length > 1)
    throw new GoError("cannot use --resource-version with multiple resources");
  if (infos.length === 0) throw new GoError(`no objects passed to scale${error ? ` ${error.message}` : ""}`);
  for (const info of infos) {
    if (dryRun !== "client") {
      await scaleOne(
        factory,
        info,
        flags.replicas,
        { size: flags["current-replicas"], version: flags["resource-version"] },
        dryRun,
      );
      if (cause !== undefined) await keepCause(factory, info, cause);
      if (flags.timeout > 0 && dryRun === "none") await waitForSize(factory, info, flags.replicas, flags.timeout);
    }
    await emit(process, printer.print(info.object!));
  }
  if (error) throw error;
}

async function keepCause(factory: Factory, { mapping, namespace, name }: Info, cause: string): Promise<void> {
  const helper = await factory.helper();
  const patch = encodeJson({ metadata: { annotations: { [CHANGE_CAUSE]: cause } } });
  await helper.patch({ mapping, namespace, name }, "merge", patch, {});
}

/** What must hold before: a size, and a version of the object. */
interface Precondition {
  readonly size: number;
  readonly version: string;
}

/** Patches the size; under a condition, reads and replaces it, again when somebody else was quicker (kubectl pkg/scale). */
async function scaleOne(
  factory: Factory,
  { mapping, namespace, name }: Info,
  replicas: number,
  condition: Precondition,
  dryRun: DryRun,
): Promise<void> {
  const helper = await factory.helper();
  const place = { mapping, namespace, name, subresource: "scale" };
  const options = { dryRun: dryRun === "server" };
  if (condition.size === -1 && condition.version === "") {
    await helper.patch(place, "merge", encodeJson({ spec: { replicas } }), options);
    return;
  }
  const deadline = factory.process.kernel.now + RETRY_FOR;
  for (;;) {
    const current = await helper.get(place);
    const size = sizeOf(current, "spec");
    const { resourceVersion } = current["metadata"] as { resourceVersion: string };
    if (condition.size !== -1 && size !== condition.size)
      throw new GoError(`Expected replicas to be ${condition.size}, was ${size}`);
    if (condition.version !== "" && resourceVersion !== condition.version)
      throw new GoError(`Expected resource version to be ${condition.version}, was ${resourceVersion}`);
    try {
      await helper.replace(place, { ...current, spec: { ...(current["spec"] as JsonObject), replicas } }, options);
      return;
    } catch (error) {
      if (!isReason(error, "Conflict") || factory.process.kernel.now >= deadline) throw error;
      await factory.process.sleep(SECOND);
    }
  }
}

async function waitForSize(
  factory: Factory,
  { mapping, namespace, name }: Info,
  replicas: number,
  timeout: Duration,
): Promise<void> {
  const helper = await factory.helper();
  const deadline = factory.process.kernel.now + timeout;
  for (;;) {
    const scaled = await helper.get({ mapping, namespace, name, subresource: "scale" });
    if (sizeOf(scaled, "spec") !== replicas) return;
    if (sizeOf(scaled, "status") === replicas) return;
    if (factory.process.kernel.now >= deadline) throw new GoError(`timed out waiting for ${quote(name)} to be synced`);
    await factory.process.sleep(SECOND);
  }
}

function sizeOf(scaled: JsonObject, part: "spec" | "status"): number {
  return (scaled[part] as { replicas?: number } | undefined)?.replicas ?? 0;
}
