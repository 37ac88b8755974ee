import { HOUR, SECOND, type Duration, type Time } from "../../../../sim/kernel/index.ts";
import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { gone } from "../../client/gone.ts";
import { untilWithSync } from "../../client/until.ts";
import { objectName, waitUntilDeleted } from "../../client/wait-deleted.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool, duration, list, text } from "../../cobra/flag.ts";
import { MANIFESTS } from "../../cobra/offer.ts";
import type { Factory } from "../../client/factory.ts";
import { groupResource } from "../../client/api-resource.ts";
import { GoError } from "../../errors/go-error.ts";
import { exitOnInterrupt } from "../../interrupt.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { emit } from "../../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS, type ObjectPrinter } from "../../printing/print-flags.ts";
import { typesAndNames } from "../../resource/arguments.ts";
import { findResources } from "../../resource/builder.ts";
import { nameOf, type Info } from "../../resource/info.ts";
import type { Result } from "../../resource/result.ts";
import { withoutNotFound } from "../get/not-found.ts";
import { parseCondition, type Condition } from "./conditions.ts";

const FLAGS = {
  ...PRINT_FLAGS,
  all: bool("Choose everything of the given types in the namespace."),
  "all-namespaces": bool("Look in all namespaces; --namespace does not count then.", { shorthand: "A" }),
  "field-selector": text("Only objects with these fields."),
  filename: list("Files with the objects to wait for.", { shorthand: "f", offer: MANIFESTS }),
  for: text("What to wait for: create, delete, condition=NAME[=VALUE] or jsonpath='{PATH}'[=VALUE]."),
  local: bool("Do not ask a server."),
  recursive: bool("Read folders given with -f with all that is below them.", { shorthand: "R", initial: true }),
  selector: text("Only objects with these labels.", { shorthand: "l" }),
  timeout: duration("How long to wait. 0 looks once, less than 0 waits for a week.", 30),
} as const;

interface Options {
  readonly condition: Condition;
  readonly printer: ObjectPrinter;
  readonly timeout: Duration;
}

const A_WEEK = 168 * HOUR;
const CREATE_POLL = SECOND / 2;

export const wait = command({
  use: "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
  summary: "Experimental: Wait for a specific condition on one or many resources",
  about:
    "Wait for a condition on one or many resources.\n\n It goes on until all of them meet it, or the time is over.",
  examples: `# Until a pod is ready
kubectl wait --for=condition=Ready pod/web

# Until it runs
kubectl wait --for=jsonpath='{.status.phase}'=Running pod/web

# Until it is gone
kubectl wait --for=delete pod/web --timeout=60s`,
  flags: FLAGS,
  complete({ flags, process }): Options | Failure {
    const printer = objectPrinter(process, flags, { operation: "condition met" });
    if (isFailure(printer)) return printer;
    const condition = parseCondition(flags.for);
    if (isFailure(condition)) return condition;
    return { condition: condition, printer, timeout: flags.timeout < 0 ? A_WEEK : flags.timeout };
  },
  run,
});

async function run(
  { condition, printer, timeout }: Options,
  { flags, args, factory, process }: Invocation<typeof FLAGS>,
): Promise<void> {
  const deadline = process.kernel.now + timeout;
  const find = async (): Promise<Result> => findForWait(factory, args, flags);
  if (condition.kind === "create") await waitUntilCreated(factory, find, deadline);
  exitOnInterrupt(process);
  let count = 0;
  const result = await find();
  try {
    await result.visit(async (info) => {
      count++;
      let object = info.object!;
      if (condition.kind === "delete") {
        if (info.name === "") throw new GoError("resource name must be provided");
        await waitUntilDeleted(factory, info, (object["metadata"] as { uid?: string }).uid, deadline, timeout);
      }
      if (condition.kind === "met") object = await waitUntilMet(factory, info, condition.met, deadline, timeout);
      await emit(process, printer.print(object));
    });
  } catch (error) {
    const left = condition.kind === "delete" && error instanceof GoError ? withoutNotFound(error) : error;
    if (left) throw left;
  }
  if (count === 0 && condition.kind !== "delete") throw new GoError("no matching resources found");
}

async function findForWait(
  factory: Factory,
  args: readonly string[],
  flags: Invocation<typeof FLAGS>["flags"],
): Promise<Result> {
  factory.config.checkNamed();
  const { name: namespace, explicit } = factory.config.namespace();
  return findResources(factory, {
    files: { filenames: flags.filename, kustomize: "", recursive: flags.recursive },
    namespace: flags["all-namespaces"] ? "" : namespace,
    enforceNamespace: explicit,
    allNamespaces: flags["all-namespaces"],
    labels: flags.selector,
    fields: flags["field-selector"],
    allowEmptySelector: flags.all,
    selection: await typesAndNames(args, () => factory.mapper()),
    continueOnError: true,
    latest: true,
    flatten: true,
  });
}

/** Looks twice a second until nothing is missing. */
async function waitUntilCreated({ process }: Factory, find: () => Promise<Result>, deadline: Time): Promise<void> {
  for (;;) {
    try {
      await (await find()).visit(() => Promise.resolve());
      return;
    } catch (error) {
      if (!(error instanceof GoError) || withoutNotFound(error)) throw error;
    }
    if (process.kernel.now + CREATE_POLL > deadline) {
      await process.sleep(Math.max(0, deadline - process.kernel.now));
      throw new GoError("timed out waiting for the condition");
    }
    await process.sleep(CREATE_POLL);
  }
}

/** kubectl pkg/cmd/wait/condition.go getObjAndCheckCondition */
async function waitUntilMet(
  factory: Factory,
  info: Info,
  met: (object: JsonObject) => boolean,
  deadline: Time,
  timeout: Duration,
): Promise<JsonObject> {
  const { mapping, namespace, name } = info;
  const { process } = factory;
  const helper = await factory.helper();
  if (timeout === 0) {
    const object = await helper.get({ mapping, namespace, name });
    if (!met(object)) throw new GoError(`condition not met for ${objectName(info)}`);
    return object;
  }
  const late = (): GoError => new GoError(`timed out waiting for the condition on ${objectName(info)}`);
  if (process.kernel.now >= deadline) throw late();
  const found = await untilWithSync<JsonObject | GoError>(
    process,
    helper,
    { place: { mapping, namespace }, fieldSelector: `metadata.name=${name}`, deadline },
    ({ type, object }) => (type !== "DELETED" && met(object) ? object : undefined),
    (objects) =>
      objects.some((object) => nameOf(object) === name) ? undefined : gone(groupResource(info.mapping), info.name),
  );
  if (found === "deadline") throw late();
  if (found.value instanceof GoError) throw found.value;
  return found.value;
}
