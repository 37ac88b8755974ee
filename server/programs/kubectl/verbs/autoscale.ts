import type { JsonObject } from "../../../sim/kube/api/index.ts";
import { groupVersion, type Mapping } from "../client/api-resource.ts";
import type { Factory } from "../client/factory.ts";
import { command, type Invocation } from "../cobra/command.ts";
import { bool, integer, text, type ValuesOf } from "../cobra/flag.ts";
import { GoError } from "../errors/go-error.ts";
import { isFailure, type Failure } from "../output/index.ts";
import { withLastApplied } from "../patch/last-applied.ts";
import { DRY_RUN, dryRunOf, operationOf, type DryRun } from "../printing/dry-run.ts";
import { emit } from "../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS } from "../printing/print-flags.ts";
import { causeOf, RECORD, withCause } from "../printing/record.ts";
import { resourcesAskedFor } from "../resource/asked-for.ts";
import { FILENAME_FLAGS } from "../resource/filename-flags.ts";
import { objectMeta } from "./create/meta.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  "cpu-percent": integer("The share of the requested CPU that the pods shall use on average.", -1, { bits: 32 }),
  "dry-run": DRY_RUN,
  "field-manager": text("The name under which the change is tracked.", { initial: "kubectl-autoscale" }),
  max: integer("How many pods there may be at most. Must be given.", -1, { bits: 32 }),
  min: integer("How many pods there are at least; a negative number leaves it to the server.", -1, { bits: 32 }),
  name: text("The name of the autoscaler, if it is not that of what it scales."),
  record: RECORD,
  "save-config": bool("Keep the object as it is sent in an annotation, for a later apply."),
} as const;

type Version = "v2" | "v1";

/** kubectl pkg/cmd/autoscale/autoscale.go */
export const autoscale = command({
  use: "autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu-percent=CPU]",
  summary: "Auto-scale a deployment, replica set, stateful set, or replication controller",
  about:
    "Create an autoscaler that chooses the number of pods of a deployment, replica set, stateful set or replication controller, by what they use.",
  examples: `# Between two and ten pods
kubectl autoscale deployment web --min=2 --max=10

# So many that they use four fifths of the CPU that they ask for
kubectl autoscale deployment web --max=5 --cpu-percent=80`,
  flags: FLAGS,
  arguments: { kind: "resources", types: ["deployment", "replicaset", "replicationcontroller", "statefulset"] },
  required: ["max"],
  async complete({ flags, process }): Promise<{ readonly dryRun: DryRun } | Failure> {
    const dryRun = await dryRunOf(process, flags["dry-run"]);
    return isFailure(dryRun) ? dryRun : { dryRun };
  },
  validate(_, { flags: { max, min } }) {
    if (max < 1) return { error: `--max=MAXPODS is required and must be at least 1, max: ${max}` };
    if (max < min) return { error: `--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}` };
    return undefined;
  },
  run,
});

async function run({ dryRun }: { readonly dryRun: DryRun }, invocation: Invocation<typeof FLAGS>): Promise<void> {
  const { flags, args, factory, process } = invocation;
  const cause = causeOf(invocation);
  factory.config.checkNamed();
  const { name: namespace } = factory.config.namespace();
  const result = await resourcesAskedFor({ args, factory, flags }, { continueOnError: true });
  let count = 0;
  await result.visit(async ({ mapping, name }) => {
    await checkScalable(factory, mapping);
    try {
      await autoscaleWith("v2", mapping, name);
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      // Whatever went wrong with v2, v1 is tried.
      await autoscaleWith("v1", mapping, name);
    }
    count++;
  });
  if (count === 0) throw new GoError("no objects passed to autoscale");

  async function autoscaleWith(version: Version, mapping: Mapping, name: string): Promise<void> {
    const object = withCause(autoscaler(version, mapping, name, flags), cause);
    if (dryRun === "client") return print(object, "created");
    const body = flags["save-config"] ? withLastApplied(object, { keepOrder: true }) : object;
    const helper = await factory.helper();
    const created = await helper.create({ mapping: autoscalers(version), namespace }, body, {
      fieldManager: flags["field-manager"],
      dryRun: dryRun === "server",
    });
    await print({ ...created, kind: object["kind"]!, apiVersion: object["apiVersion"]! }, "autoscaled");
  }

  async function print(object: JsonObject, operation: string): Promise<void> {
    const printer = objectPrinter(process, flags, { operation: operationOf(operation, dryRun), typed: true });
    await emit(process, isFailure(printer) ? printer : printer.print(object));
  }
}

/** Only what has a subresource `scale` can be scaled. */
async function checkScalable(factory: Factory, mapping: Mapping): Promise<void> {
  const { discovery } = await factory.mapper();
  const types = await discovery.resources();
  const { group, version, resource, kind } = mapping;
  const type = types.find((one) => one.group === group && one.version === version && one.name === resource);
  if (type?.subresources.some(({ name }) => name === "scale")) return;
  throw new GoError(
    `cannot autoscale a ${kind}: could not find scale subresource for ${group}/${version}, Resource=${resource} in discovery information`,
  );
}

function autoscalers(version: Version): Mapping {
  const kind = "HorizontalPodAutoscaler";
  return { group: "autoscaling", version, resource: "horizontalpodautoscalers", kind, namespaced: true };
}

/** The autoscaler as a Go struct of either version. */
function autoscaler(version: Version, mapping: Mapping, target: string, flags: ValuesOf<typeof FLAGS>): JsonObject {
  const { "cpu-percent": cpu, max, min } = flags;
  const utilization = { type: "Utilization", averageUtilization: cpu };
  const metrics = [{ type: "Resource", resource: { name: "cpu", target: utilization } }];
  const isV2 = version === "v2";
  return {
    kind: "HorizontalPodAutoscaler",
    apiVersion: `autoscaling/${version}`,
    metadata: objectMeta(flags.name === "" ? target : flags.name),
    spec: {
      scaleTargetRef: { kind: mapping.kind, name: target, apiVersion: groupVersion(mapping) },
      ...(min > 0 ? { minReplicas: min } : {}),
      maxReplicas: max,
      ...(isV2 && cpu > 0 ? { metrics } : {}),
      ...(!isV2 && cpu >= 0 ? { targetCPUUtilizationPercentage: cpu } : {}),
    },
    status: isV2 ? { desiredReplicas: 0, currentMetrics: null } : { currentReplicas: 0, desiredReplicas: 0 },
  };
}
