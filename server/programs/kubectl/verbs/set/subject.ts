import { sameJson, type JsonObject } from "../../../../sim/kube/api/index.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { text } from "../../cobra/flag.ts";
import { GoError } from "../../errors/go-error.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { dryRunOf, type DryRun } from "../../printing/dry-run.ts";
import type { Info } from "../../resource/info.ts";
import { GROUP, SUBJECT_FLAGS } from "../create/rbac.ts";
import { findForSet, objectName, SET_FLAGS, setObjects } from "./set-objects.ts";

const FLAGS = {
  ...SET_FLAGS,
  ...SUBJECT_FLAGS,
  selector: text("Only objects with these labels.", { shorthand: "l" }),
} as const;

interface Options {
  readonly dryRun: DryRun;
  readonly infos: readonly Info[];
}

/** kubectl pkg/cmd/set/set_subject.go */
export const subject = command({
  use: "set subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
  summary: "Update the user, group, or service account in a role binding or cluster role binding",
  about: "Add users, groups or service accounts to a role binding or a cluster role binding.",
  examples: "# A group more\nkubectl set subject rolebinding readers --group=auditors",
  flags: FLAGS,
  complete,
  validate,
  run,
});

async function complete({ flags, args, factory, process }: Invocation<typeof FLAGS>): Promise<Options | Failure> {
  const dryRun = await dryRunOf(process, flags["dry-run"]);
  if (isFailure(dryRun)) return dryRun;
  return { dryRun, infos: await findForSet(factory, args, flags) };
}

function validate({ dryRun, infos }: Options, { flags }: Invocation<typeof FLAGS>): Failure | undefined {
  if (flags.local && dryRun === "server")
    return { error: "cannot specify --local and --dry-run=server - did you mean --dry-run=client?" };
  if (flags.all && flags.selector !== "") return { error: "cannot set --all and --selector at the same time" };
  if (flags.user.length + flags.group.length + flags.serviceaccount.length === 0)
    return { error: "you must specify at least one value of user, group or serviceaccount" };
  for (const account of flags.serviceaccount) {
    const parts = account.split(":");
    if (parts.length !== 2 || parts[1] === "") return { error: "serviceaccount must be <namespace>:<name>" };
    if (parts[0] === "" && infos.some(({ mapping }) => mapping.kind === "ClusterRoleBinding"))
      return { error: "serviceaccount must be <namespace>:<name>, namespace must be specified" };
  }
  return undefined;
}

async function run({ dryRun, infos }: Options, { flags, factory }: Invocation<typeof FLAGS>): Promise<void> {
  const { name: namespace } = factory.config.namespace();
  const wanted: JsonObject[] = [
    ...sorted(flags.user).map((name) => ({ kind: "User", apiGroup: GROUP, name })),
    ...sorted(flags.group).map((name) => ({ kind: "Group", apiGroup: GROUP, name })),
    ...sorted(flags.serviceaccount).map((account) => {
      const [within = "", name = ""] = account.split(":");
      return { kind: "ServiceAccount", name, namespace: within === "" ? namespace : within };
    }),
  ];
  await setObjects(factory, infos, {
    flags,
    dryRun,
    operation: "subjects updated",
    failure: "failed to patch subjects to rolebinding:",
    skipUnchanged: true,
    told: (info, error) => `error: ${objectName(info, flags.local)} ${error.message}\n`,
    change(object) {
      if (object["kind"] !== "RoleBinding" && object["kind"] !== "ClusterRoleBinding")
        throw new GoError("setting subjects is only supported for RoleBinding/ClusterRoleBinding");
      const known = (object["subjects"] ?? []) as JsonObject[];
      const added = wanted.filter((one) => !known.some((other) => sameJson(one, other)));
      return { ...object, subjects: [...known, ...added] };
    },
  });
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
