import { canonicalQuantity, type JsonObject } from "../../../../sim/kube/api/index.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { text } from "../../cobra/flag.ts";
import { aggregate, GoError } from "../../errors/go-error.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import type { DryRun } from "../../printing/dry-run.ts";
import { causeOf, RECORD } from "../../printing/record.ts";
import type { Info } from "../../resource/info.ts";
import { containersOf, matchesName, withPodSpec } from "./pod-spec.ts";
import {
  dryRunOfSet,
  choiceErrors,
  findForSet,
  LOCAL_NEEDS_FILES,
  objectName,
  SET_FLAGS,
  setObjects,
} from "./set-objects.ts";

const FLAGS = {
  ...SET_FLAGS,
  record: RECORD,
  containers: text("The containers to change; * stands for any text.", { shorthand: "c", initial: "*" }),
  limits: text("The limits: cpu=200m,memory=512Mi."),
  requests: text("The requests: cpu=100m,memory=256Mi."),
  selector: text("Only objects with these labels.", { shorthand: "l" }),
} as const;

type Amounts = Readonly<Record<string, string>>;

interface Options {
  readonly dryRun: DryRun;
  readonly infos: readonly Info[];
  readonly limits: Amounts | undefined;
  readonly requests: Amounts | undefined;
}

export const resources = command({
  use: "set resources (-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]",
  summary: "Update resource requests/limits on objects with pod templates",
  about:
    "Update what containers request of a node, and what they may use at most. A request that is not given is the limit.",
  examples:
    "# Limits for all containers of a deployment\nkubectl set resources deployment shop --limits=cpu=200m,memory=512Mi",
  flags: FLAGS,
  complete,
  run,
});

async function complete({ flags, args, factory, process }: Invocation<typeof FLAGS>): Promise<Options | Failure> {
  const dryRun = await dryRunOfSet(process, flags);
  if (isFailure(dryRun)) return dryRun;
  if (flags.local && args.length > 0) return { error: LOCAL_NEEDS_FILES };
  const infos = await findForSet(factory, args, flags);
  const errors = choiceErrors(flags, flags.local ? ["local"] : args, dryRun).filter(
    (error) => !error.startsWith("one or more"),
  );
  if (flags.limits === "" && flags.requests === "")
    errors.push("you must specify an update to requests or limits (in the form of --requests/--limits)");
  const limits = amounts(flags.limits);
  if (isFailure(limits)) errors.push(limits.error);
  const requests = amounts(flags.requests);
  if (isFailure(requests)) errors.push(requests.error);
  const all = aggregate(errors.map((error) => new GoError(error)));
  if (all) throw all;
  return { dryRun, infos, limits: limits as Amounts | undefined, requests: requests as Amounts | undefined };
}

/** Reads `cpu=200m,memory=512Mi` (kubectl pkg/generate/versioned populateResourceListV1). */
function amounts(spec: string): Amounts | undefined | Failure {
  if (spec === "") return undefined;
  const list: Record<string, string> = {};
  for (const statement of spec.split(",")) {
    const parts = statement.split("=");
    if (parts.length !== 2) return { error: `Invalid argument syntax ${statement}, expected <resource>=<value>` };
    const quantity = canonicalQuantity(parts[1]!);
    if (typeof quantity !== "string") return { error: quantity.error };
    list[parts[0]!] = quantity;
  }
  return list;
}

async function run({ dryRun, infos, limits, requests }: Options, invocation: Invocation<typeof FLAGS>): Promise<void> {
  const { flags, factory } = invocation;
  await setObjects(factory, infos, {
    flags,
    dryRun,
    cause: causeOf(invocation),
    operation: "resource requirements updated",
    failure: "failed to patch resources update to pod template ",
    skipUnchanged: true,
    told: (info, error) => `error: ${objectName(info, flags.local)} ${error.message}\n`,
    change: (object, _, errors) =>
      withPodSpec(object, (spec) => {
        let found = false;
        let result = spec;
        for (const list of ["containers", "initContainers"] as const) {
          const containers = containersOf(result, list);
          if (containers.length === 0) continue;
          const changed = containers.map((container) => {
            if (!matchesName(flags.containers, container["name"] as string)) return container;
            found = true;
            return withAmounts(container, limits, requests);
          });
          result = { ...result, [list]: changed };
        }
        if (!found) errors.push(new GoError(`error: unable to find container named ${flags.containers}`));
        return result;
      }),
  });
}

function withAmounts(container: JsonObject, limits: Amounts | undefined, requests: Amounts | undefined): JsonObject {
  const old = (container["resources"] ?? {}) as { limits?: JsonObject; requests?: JsonObject } & JsonObject;
  return {
    ...container,
    resources: {
      ...old,
      ...(limits ? { limits: { ...old.limits, ...limits } } : {}),
      ...(requests ? { requests: { ...old.requests, ...requests } } : {}),
    },
  };
}
