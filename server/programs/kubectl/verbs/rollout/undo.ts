import type { Deployment, JsonObject, PodTemplateSpec, ReplicaSet } from "../../../../sim/kube/api/index.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { integer, text } from "../../cobra/flag.ts";
import type { Factory } from "../../client/factory.ts";
import { GoError } from "../../errors/go-error.ts";
import { encodeJson, isFailure, type Failure } from "../../output/index.ts";
import { LAST_APPLIED } from "../../patch/last-applied.ts";
import { findRevision, hasTemplateOf, revisionHistory, withRevision } from "../../polymorphic/controller-revisions.ts";
import { deploymentSets } from "../../polymorphic/deployment-sets.ts";
import { REVISION, revisionOf, sameTemplate, withoutHash } from "../../polymorphic/replica-sets.ts";
import { DRY_RUN, dryRunOf, operationOf, type DryRun } from "../../printing/dry-run.ts";
import { emit } from "../../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS } from "../../printing/print-flags.ts";
import { resourcesAskedFor } from "../../resource/asked-for.ts";
import { isWorkload } from "../../polymorphic/workload.ts";
import { FILENAME_FLAGS, filenameOptions, noFiles } from "../../resource/filename-flags.ts";
import type { Info } from "../../resource/info.ts";
import { templateText } from "./history.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  "dry-run": DRY_RUN,
  selector: text("Only objects with these labels.", { shorthand: "l" }),
  "to-revision": integer("The revision to go back to; 0 is the one before.", 0),
} as const;

/** What belongs to a Deployment itself rather than to one of its revisions. */
const NOT_ROLLED_BACK = [
  LAST_APPLIED,
  REVISION,
  "deployment.kubernetes.io/revision-history",
  "deployment.kubernetes.io/desired-replicas",
  "deployment.kubernetes.io/max-replicas",
  "deprecated.deployment.rollback.to",
];

export const undo = command({
  use: "rollout undo (TYPE NAME | TYPE/NAME) [flags]",
  summary: "Undo a previous rollout",
  about: "Roll back to a previous rollout.",
  examples: `# To the one before
kubectl rollout undo deployment/web

# To a revision
kubectl rollout undo deployment/web --to-revision=3`,
  flags: FLAGS,
  arguments: { kind: "resources", types: ["deployment", "daemonset", "statefulset"] },
  complete: async ({ process, flags }): Promise<{ readonly dryRun: DryRun } | Failure> => {
    const dryRun = await dryRunOf(process, flags["dry-run"]);
    return isFailure(dryRun) ? dryRun : { dryRun };
  },
  validate: (_, { flags, args }) =>
    args.length === 0 && noFiles(filenameOptions(flags)) ? { error: "required resource not specified" } : undefined,
  run,
});

async function run(
  { dryRun }: { readonly dryRun: DryRun },
  { flags, args, factory, process }: Invocation<typeof FLAGS>,
): Promise<void> {
  const result = await resourcesAskedFor(
    { args, factory, flags },
    { allowEmptySelector: true, continueOnError: true, latest: true },
  );
  await result.visit(async (info) => {
    const done = await rollBack(factory, info, flags["to-revision"], dryRun);
    const printer = objectPrinter(process, flags, { operation: operationOf(done, dryRun) });
    if (isFailure(printer)) throw new GoError(printer.error);
    await emit(process, printer.print(info.object!));
  });
}

/** Puts the template of an earlier revision into a Deployment; what was done, in words (kubectl pkg/polymorphichelpers/rollback.go). */
async function rollBack(factory: Factory, info: Info, toRevision: number, dryRun: DryRun): Promise<string> {
  const { mapping, namespace, name } = info;
  const { kind, group } = mapping;
  if (kind === "DaemonSet" || kind === "StatefulSet") return rollBackRevision(factory, info, toRevision, dryRun);
  const type = JSON.stringify(group === "" ? kind : `${kind}.${group}`);
  if (!isWorkload(kind, group))
    throw new GoError(`error retrieving rollbacker for ${type}, no visitor method exists for {${group} ${kind}}`);
  if (kind !== "Deployment") throw new GoError(`no rollbacker has been implemented for ${type}`);
  if (toRevision < 0) throw revisionNotFound(toRevision);
  const helper = await factory.helper();
  const place = { mapping, namespace, name };
  const deployment = (await helper.get(place)) as unknown as Deployment;
  const { current, old } = await deploymentSets(helper, deployment);
  const set = chosen(deployment, [...old, ...(current ? [current] : [])], toRevision);
  const { template } = set.spec;
  if (dryRun === "client") return templateText(template, factory.process.now);
  if (deployment.spec.paused)
    throw new GoError(
      `you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`,
    );
  if (sameTemplate(template, deployment.spec.template))
    return `skipped rollback (current template already matches revision ${toRevision})`;
  const patch = [
    { op: "replace", path: "/spec/template", value: withCreation(withoutHash(template) as unknown as JsonObject) },
    { op: "replace", path: "/metadata/annotations", value: annotationsAfter(deployment, set) },
  ];
  await restore(toRevision, () => helper.patch(place, "json", encodeJson(patch), { dryRun: dryRun === "server" }));
  return "rolled back";
}

async function restore(toRevision: number, send: () => Promise<JsonObject>): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`failed restoring revision ${toRevision}: ${error.message}`);
    throw error;
  }
}

/** The same for what remembers itself in ControllerRevisions. */
async function rollBackRevision(factory: Factory, info: Info, toRevision: number, dryRun: DryRun): Promise<string> {
  if (toRevision < 0) throw revisionNotFound(toRevision);
  const { mapping, namespace, name } = info;
  const helper = await factory.helper();
  const { object, revisions } = await revisionHistory(helper, info);
  if (toRevision === 0 && revisions.length <= 1) throw new GoError("no last revision to roll back to");
  const wanted = findRevision(revisions, toRevision);
  if (!wanted) throw revisionNotFound(toRevision);
  if (dryRun === "client") {
    const { template } = withRevision(info, object, wanted)["spec"] as unknown as {
      readonly template: PodTemplateSpec;
    };
    return `will roll back to ${templateText(template, factory.process.now)}`;
  }
  if (hasTemplateOf(object, wanted))
    return `skipped rollback (current template already matches revision ${toRevision})`;
  await restore(toRevision, () =>
    helper.patch({ mapping, namespace, name }, "strategic", encodeJson(wanted.data), {
      dryRun: dryRun === "server",
    }),
  );
  return "rolled back";
}

function chosen(deployment: Deployment, sets: readonly ReplicaSet[], toRevision: number): ReplicaSet {
  const known = sets.flatMap((set) => {
    const revision = revisionOf(set);
    return revision === undefined ? [] : [{ set, revision }];
  });
  if (toRevision > 0) {
    const found = known.find(({ revision }) => revision === toRevision);
    if (!found) throw revisionNotFound(toRevision);
    return found.set;
  }
  const [, before] = known.filter(({ revision }) => revision > 0).sort((a, b) => b.revision - a.revision);
  if (!before) throw new GoError(`no rollout history found for deployment ${JSON.stringify(deployment.metadata.name)}`);
  return before.set;
}

function revisionNotFound(revision: number): GoError {
  return new GoError(`unable to find specified revision ${revision} in history`);
}

function annotationsAfter(deployment: Deployment, set: ReplicaSet): JsonObject {
  const kept = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => NOT_ROLLED_BACK.includes(key));
  const restored = Object.entries(set.metadata.annotations ?? {}).filter(([key]) => !NOT_ROLLED_BACK.includes(key));
  return Object.fromEntries([...kept, ...restored]);
}

/** Go writes a template's time of creation even though it has none. */
function withCreation(template: JsonObject): JsonObject {
  return { ...template, metadata: { creationTimestamp: null, ...(template["metadata"] as JsonObject | undefined) } };
}
