import { rfc3339 } from "../../../../sim/kernel/index.ts";
import { sameJson, type JsonObject } from "../../../../sim/kube/api/index.ts";
import { groupResource } from "../../client/api-resource.ts";
import { command, type Command, type Invocation } from "../../cobra/command.ts";
import { text } from "../../cobra/flag.ts";
import { GoError, aggregate } from "../../errors/go-error.ts";
import { encodeJson, isFailure, type Failure } from "../../output/index.ts";
import { strategicPatchBetween } from "../../patch/strategic.ts";
import { emit } from "../../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS } from "../../printing/print-flags.ts";
import { resourcesAskedFor } from "../../resource/asked-for.ts";
import { FILENAME_FLAGS, filenameOptions, noFiles } from "../../resource/filename-flags.ts";
import type { Info } from "../../resource/info.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  "field-manager": text("The name under which the change is tracked.", { initial: "kubectl-rollout" }),
  selector: text("Only objects with these labels.", { shorthand: "l" }),
} as const;

/** One of `pause`, `resume`, `restart`: what it makes of an object. */
interface Change {
  readonly name: string;
  readonly done: string;
  /** The types that completion offers. */
  readonly completed: readonly string[];
  readonly summary: string;
  readonly about: string;
  readonly examples: string;
  /** The changed object, or why it cannot be changed. */
  readonly change: (object: JsonObject, now: string) => JsonObject | Failure;
}

function changeCommand({ name, done, completed, summary, about, examples, change }: Change): Command {
  return command({
    use: `rollout ${name} RESOURCE`,
    summary,
    about,
    examples,
    flags: FLAGS,
    arguments: { kind: "resources", types: completed },
    complete: () => ({}),
    validate: (_, { flags, args }) =>
      args.length === 0 && noFiles(filenameOptions(flags)) ? { error: "required resource not specified" } : undefined,
    run: (_, invocation) => run(invocation, done, change),
  });
}

async function run(
  { flags, args, factory, process }: Invocation<typeof FLAGS>,
  done: string,
  change: Change["change"],
): Promise<void> {
  const { name: namespace } = factory.config.namespace();
  const result = await resourcesAskedFor(
    { args, factory, flags },
    { allowEmptySelector: true, continueOnError: true, latest: true },
  );
  const { infos, error } = await result.infos();
  const errors: GoError[] = error ? [error] : [];
  const now = rfc3339(process.now);
  for (const info of infos) {
    const changed = change(info.object!, now);
    if (isFailure(changed)) {
      const { mapping, name } = info;
      errors.push(new GoError(`error: ${groupResource(mapping)} ${JSON.stringify(name)} ${changed.error}`));
      continue;
    }
    const printer = objectPrinter(process, flags, { operation: done });
    if (isFailure(printer)) throw new GoError(printer.error);
    if (sameJson(info.object, changed)) {
      await emit(process, printer.print(info.object!));
      continue;
    }
    await emit(process, printer.print(await send(info, changed)));
  }
  if (infos.length === 0 && errors.length === 0) await process.error(`No resources found in ${namespace} namespace.\n`);
  const all = aggregate(errors);
  if (all) throw all;

  async function send({ mapping, namespace: within, name, object }: Info, changed: JsonObject): Promise<JsonObject> {
    const helper = await factory.helper();
    const patch = strategicPatchBetween(mapping, object!, changed);
    return helper.patch({ mapping, namespace: within, name }, "strategic", encodeJson(patch), {
      fieldManager: flags["field-manager"],
    });
  }
}

/** A Deployment with another `spec.paused`. */
function paused(object: JsonObject, want: boolean): JsonObject {
  const { paused: _, ...spec } = object["spec"] as JsonObject;
  return { ...object, spec: want ? { ...spec, paused: true } : spec };
}

function isPaused(object: JsonObject): boolean {
  return (object["spec"] as JsonObject)["paused"] === true;
}

export const pause = changeCommand({
  name: "pause",
  done: "paused",
  completed: ["deployment"],
  summary: "Mark the provided resource as paused",
  about: "Mark a deployment as paused: its controller does nothing until it is resumed.",
  examples: "# Pause a deployment\nkubectl rollout pause deployment/web",
  change: (object) => {
    if (object["kind"] !== "Deployment") return { error: "pausing is not supported" };
    return isPaused(object) ? { error: "is already paused" } : paused(object, true);
  },
});

export const resume = changeCommand({
  name: "resume",
  done: "resumed",
  completed: ["deployment"],
  summary: "Resume a paused resource",
  about: "Resume a paused deployment.",
  examples: "# Go on with a deployment\nkubectl rollout resume deployment/web",
  change: (object) => {
    if (object["kind"] !== "Deployment") return { error: "resuming is not supported" };
    return isPaused(object) ? paused(object, false) : { error: "is not paused" };
  },
});

const RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

export const restart = changeCommand({
  name: "restart",
  done: "restarted",
  completed: ["deployment", "daemonset", "statefulset"],
  summary: "Restart a resource",
  about: "Restart a resource: its pods are replaced as in a rollout.",
  examples: "# Restart a deployment\nkubectl rollout restart deployment/web",
  change: (object, now): JsonObject | Failure => {
    const kind = object["kind"] as string;
    if (kind === "Deployment" && isPaused(object))
      return { error: "can't restart paused deployment (run rollout resume first)" };
    if (kind !== "Deployment" && kind !== "DaemonSet" && kind !== "StatefulSet")
      return { error: "restarting is not supported" };
    const spec = object["spec"] as { template: { metadata?: { annotations?: JsonObject } } } & JsonObject;
    const { template } = spec;
    const annotations = { ...template.metadata?.annotations, [RESTARTED_AT]: now };
    return { ...object, spec: { ...spec, template: { ...template, metadata: { ...template.metadata, annotations } } } };
  },
});
