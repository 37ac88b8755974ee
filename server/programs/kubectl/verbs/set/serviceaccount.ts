import { command, type Invocation } from "../../cobra/command.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import type { DryRun } from "../../printing/dry-run.ts";
import { causeOf, RECORD } from "../../printing/record.ts";
import { withPodSpec } from "./pod-spec.ts";
import { dryRunOfSet, findForSet, objectName, SET_FLAGS, setObjects } from "./set-objects.ts";

const FLAGS = { ...SET_FLAGS, record: RECORD } as const;

interface Options {
  readonly resources: readonly string[];
  readonly account: string;
  readonly dryRun: DryRun;
}

export const serviceAccount = command({
  use: "set serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT",
  summary: "Update the service account of a resource",
  about: "Update the service account under which pods run.",
  aliases: ["sa"],
  examples: "# The service account robot\nkubectl set serviceaccount deployment web robot",
  flags: FLAGS,
  complete,
  run,
});

async function complete({ flags, args, process }: Invocation<typeof FLAGS>): Promise<Options | Failure> {
  const dryRun = await dryRunOfSet(process, flags);
  if (isFailure(dryRun)) return dryRun;
  if (flags.local && dryRun === "server")
    return { error: "cannot specify --local and --dry-run=server - did you mean --dry-run=client?" };
  const account = args.at(-1);
  return account === undefined
    ? { error: "serviceaccount is required" }
    : { resources: args.slice(0, -1), account, dryRun };
}

async function run({ resources, account, dryRun }: Options, invocation: Invocation<typeof FLAGS>): Promise<void> {
  const { flags, factory } = invocation;
  await setObjects(factory, await findForSet(factory, resources, flags), {
    flags,
    dryRun,
    cause: causeOf(invocation),
    operation: "serviceaccount updated",
    failure: "failed to patch ServiceAccountName ",
    skipUnchanged: false,
    told: (info, error) => `error: ${objectName(info, flags.local)} ${error.message}\n`,
    change: (object) => withPodSpec(object, (spec) => ({ ...spec, serviceAccountName: account })),
  });
}
