import type { Deployment, JsonObject, PodTemplateSpec } from "../../../../sim/kube/api/index.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { integer, text } from "../../cobra/flag.ts";
import type { Factory } from "../../client/factory.ts";
import { Description } from "../../describe/description.ts";
import { writePodTemplate } from "../../describe/pod-template.ts";
import { GoError } from "../../errors/go-error.ts";
import { DESCRIBE, isFailure, TabWriter, type Failure } from "../../output/index.ts";
import { revisionHistory, withRevision } from "../../polymorphic/controller-revisions.ts";
import { deploymentSets } from "../../polymorphic/deployment-sets.ts";
import { revisionOf } from "../../polymorphic/replica-sets.ts";
import { emit } from "../../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS } from "../../printing/print-flags.ts";
import { resourcesAskedFor } from "../../resource/asked-for.ts";
import { isWorkload } from "../../polymorphic/workload.ts";
import { FILENAME_FLAGS, filenameOptions, noFiles } from "../../resource/filename-flags.ts";
import type { Info } from "../../resource/info.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  revision: integer("Show that revision, with its pod template.", 0),
  selector: text("Only objects with these labels.", { shorthand: "l" }),
} as const;

const CHANGE_CAUSE = "kubernetes.io/change-cause";

export const history = command({
  use: "rollout history (TYPE NAME | TYPE/NAME) [flags]",
  summary: "View rollout history",
  about: "View previous rollout revisions and configurations.",
  examples: `# The revisions of a deployment
kubectl rollout history deployment/web

# One of them
kubectl rollout history deployment/web --revision=3`,
  flags: FLAGS,
  arguments: { kind: "resources", types: ["deployment", "daemonset", "statefulset"] },
  complete: () => ({}),
  validate,
  run,
});

function validate(_: unknown, { flags, args }: Invocation<typeof FLAGS>): Failure | undefined {
  if (args.length === 0 && noFiles(filenameOptions(flags))) return { error: "required resource not specified" };
  if (flags.revision < 0) return { error: `revision must be a positive integer: ${flags.revision}` };
  return undefined;
}

async function run(_: unknown, { flags, args, factory, process }: Invocation<typeof FLAGS>): Promise<void> {
  const result = await resourcesAskedFor(
    { args, factory, flags },
    { allowEmptySelector: true, continueOnError: true, latest: true },
  );
  await result.visit(async (info) => {
    const revisions = await revisionsOf(factory, info);
    const structured = flags.output !== "" || flags.template !== "";
    if (!structured) {
      const head = flags.revision > 0 ? `with revision #${flags.revision}` : "";
      const printer = objectPrinter(process, flags, {
        operation: `${head}\n${historyText(revisions, flags.revision, process.now)}`,
      });
      if (isFailure(printer)) throw new GoError(printer.error);
      return emit(process, printer.print(info.object!));
    }
    const printer = objectPrinter(process, flags);
    if (isFailure(printer)) throw new GoError(printer.error);
    const chosen =
      flags.revision > 0
        ? [revisions.get(flags.revision)]
        : [...revisions.keys()].sort((a, b) => a - b).map((key) => revisions.get(key));
    for (const one of chosen) {
      if (!one) throw new GoError("unable to find the specified revision");
      await emit(process, printer.print(one.object));
    }
  });
}

interface Revision {
  readonly object: JsonObject;
  readonly template: PodTemplateSpec;
  readonly cause: string;
  /** The cause is not shown among the template's annotations. */
  readonly ownAnnotations?: boolean;
}

async function revisionsOf(factory: Factory, info: Info): Promise<ReadonlyMap<number, Revision>> {
  const { kind, group } = info.mapping;
  if (kind === "DaemonSet" || kind === "StatefulSet") return controllerRevisions(factory, info);
  const type = JSON.stringify(group === "" ? kind : `${kind}.${group}`);
  if (!isWorkload(kind, group))
    throw new GoError(`error retrieving history for ${type}, no visitor method exists for {${group} ${kind}}`);
  if (kind !== "Deployment") throw new GoError(`no history viewer has been implemented for ${type}`);
  const helper = await factory.helper();
  const deployment = (await helper.get({
    mapping: info.mapping,
    namespace: info.namespace,
    name: info.name,
  })) as unknown as Deployment;
  const { current, old } = await deploymentSets(helper, deployment);
  const revisions = new Map<number, Revision>();
  for (const set of [...old, ...(current ? [current] : [])]) {
    const revision = revisionOf(set);
    if (revision === undefined) continue;
    const { template } = set.spec;
    const cause = set.metadata.annotations?.[CHANGE_CAUSE] ?? template.metadata?.annotations?.[CHANGE_CAUSE] ?? "";
    const object = { apiVersion: "apps/v1", kind: "ReplicaSet", ...set } as unknown as JsonObject;
    revisions.set(revision, { object, template, cause });
  }
  return revisions;
}

async function controllerRevisions(factory: Factory, info: Info): Promise<ReadonlyMap<number, Revision>> {
  const { object, revisions } = await revisionHistory(await factory.helper(), info);
  return new Map(
    revisions.map((revision) => {
      const restored = withRevision(info, object, revision);
      const { template } = restored["spec"] as unknown as { readonly template: PodTemplateSpec };
      const cause = revision.metadata.annotations?.[CHANGE_CAUSE] ?? "";
      const shown = { ...restored, apiVersion: "apps/v1", kind: info.mapping.kind };
      return [revision.revision, { object: shown, template, cause, ownAnnotations: true }] as const;
    }),
  );
}

function historyText(revisions: ReadonlyMap<number, Revision>, wanted: number, now: number): string {
  if (revisions.size === 0) return "No rollout history found.";
  if (wanted > 0) {
    const found = revisions.get(wanted);
    if (!found) throw new GoError("unable to find the specified revision");
    const { template, cause, ownAnnotations = false } = found;
    const annotations =
      cause === "" || ownAnnotations
        ? template.metadata?.annotations
        : { ...template.metadata?.annotations, [CHANGE_CAUSE]: cause };
    return templateText(
      { ...template, metadata: { ...template.metadata, ...(annotations ? { annotations } : {}) } },
      now,
    );
  }
  const writer = new TabWriter(DESCRIBE);
  writer.write("REVISION\tCHANGE-CAUSE\n");
  for (const [revision, { cause }] of [...revisions].sort(([a], [b]) => a - b))
    writer.write(`${revision}\t${cause === "" ? "<none>" : cause}\n`);
  return writer.take();
}

/** A pod template without columns: its tabs stay (kubectl pkg/polymorphichelpers printTemplate). */
export function templateText(template: PodTemplateSpec, now: number): string {
  const out = new Description(now, { plain: true });
  writePodTemplate(out, template);
  return out.text;
}
