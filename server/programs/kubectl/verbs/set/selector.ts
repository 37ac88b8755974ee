import { parseLabelSelector, type JsonObject } from "../../../../sim/kube/api/index.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool, text } from "../../cobra/flag.ts";
import { GoError } from "../../errors/go-error.ts";
import { isFailure, quote, type Failure } from "../../output/index.ts";
import type { DryRun } from "../../printing/dry-run.ts";
import { causeOf, RECORD } from "../../printing/record.ts";
import { dryRunOfSet, LOCAL_NEEDS_FILES, resultForSet, SET_FLAGS, setObjects } from "./set-objects.ts";

const { kustomize: _, ...COMMON } = SET_FLAGS;

const FLAGS = {
  ...COMMON,
  record: RECORD,
  recursive: bool("Read folders given with -f with all that is below them.", { shorthand: "R", initial: true }),
  "resource-version": text("Only if the object still is in this version."),
} as const;

interface Options {
  readonly resources: readonly string[];
  readonly expression: string;
  readonly dryRun: DryRun;
}

export const selector = command({
  use: "set selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]",
  summary: "Set the selector on a resource",
  about: "Set the selector of a service. It replaces the one that is there.",
  examples: "# The pods of another app\nkubectl set selector service web app=shop",
  flags: FLAGS,
  complete,
  run,
});

async function complete({ flags, args, process }: Invocation<typeof FLAGS>): Promise<Options | Failure> {
  const dryRun = await dryRunOfSet(process, flags);
  if (isFailure(dryRun)) return dryRun;
  const expression = args.at(-1);
  if (expression === undefined) return { error: "one selector is required" };
  const unsupported = /^[^=]*(!=)/.exec(expression)?.[1];
  if (unsupported !== undefined) return { error: `${quote(unsupported)} is not a valid label selector operator` };
  if (flags.local && flags.filename.length === 0) return { error: LOCAL_NEEDS_FILES };
  const parsed = parseLabelSelector(expression);
  if (typeof parsed === "object" && "error" in parsed)
    return { error: `couldn't parse the selector string "${expression}": ${parsed.error}` };
  return { resources: args.slice(0, -1), expression, dryRun };
}

async function run({ resources, expression, dryRun }: Options, invocation: Invocation<typeof FLAGS>): Promise<void> {
  const { flags, factory } = invocation;
  const all = { ...flags, kustomize: "" };
  const wanted = flags["resource-version"];
  const { infos: found, error: missing } = await (await resultForSet(factory, resources, all)).infos();
  // What the patch shall carry must not stand in the object already.
  const infos =
    wanted === "" ? found : found.map((info) => ({ ...info, object: withVersion(info.object!, undefined) }));
  await setObjects(factory, infos, {
    flags: all,
    dryRun,
    cause: causeOf(invocation),
    operation: "selector updated",
    failure: "",
    skipUnchanged: false,
    told: (_info, error) => error.message,
    change: (object) => {
      const changed = withSelector(object, expression);
      return wanted === "" ? changed : withVersion(changed, wanted);
    },
  });
  if (missing) throw missing;
}

function withVersion(object: JsonObject, version: string | undefined): JsonObject {
  const { resourceVersion: _, ...metadata } = object["metadata"] as JsonObject;
  return { ...object, metadata: version === undefined ? metadata : { ...metadata, resourceVersion: version } };
}

function withSelector(object: JsonObject, expression: string): JsonObject {
  if (object["kind"] !== "Service") throw new GoError("setting a selector is only supported for Services");
  const requirements = parseLabelSelector(expression);
  if (requirements === "nothing" || "error" in requirements) throw new GoError("the selector is not valid");
  const others = requirements.filter(({ operator }) => operator !== "=" && operator !== "==");
  const excluded = others.find(({ operator }) => operator === "!=");
  if (excluded) throw new GoError(`"!=" is not a valid label selector operator`);
  if (others.length > 0)
    throw new GoError(`match expression [${others.map(goExpression).join(" ")}] not supported on this object`);
  const wanted = Object.fromEntries(requirements.map(({ key, values }) => [key, values[0] ?? ""]));
  return { ...object, spec: { ...(object["spec"] as JsonObject), selector: wanted } };
}

const OPERATORS: Readonly<Record<string, string>> = {
  in: "In",
  notin: "NotIn",
  "!=": "NotIn",
  exists: "Exists",
  "!": "DoesNotExist",
};

/** Go's %v of a LabelSelectorRequirement. */
function goExpression({
  key,
  operator,
  values,
}: {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}): string {
  return `{${key} ${OPERATORS[operator] ?? operator} [${values.join(" ")}]}`;
}
