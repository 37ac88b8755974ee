import { sameJson, type JsonObject } from "../../../../sim/kube/api/index.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { text, texts, type ValuesOf } from "../../cobra/flag.ts";
import { GoError } from "../../errors/go-error.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { dryRunOf, type DryRun } from "../../printing/dry-run.ts";
import { objectPrinter } from "../../printing/print-flags.ts";
import type { Info } from "../../resource/info.ts";
import { findForSet, LOCAL_NEEDS_FILES, objectName, SET_FLAGS, setObjects } from "./set-objects.ts";

const FLAGS = {
  ...SET_FLAGS,
  group: texts("A group to bind to the role."),
  selector: text("Only objects with these labels.", { shorthand: "l" }),
  serviceaccount: texts("A service account to bind to the role: NAMESPACE:NAME."),
  user: texts("A user to bind to the role."),
} as const;

type SubjectFlags = ValuesOf<typeof FLAGS>;

interface Options {
  readonly dryRun: DryRun;
  readonly infos: readonly Info[];
  readonly namespace: string;
}

const RBAC = "rbac.authorization.k8s.io";

/** kubectl pkg/cmd/set/set_subject.go */
export const subject = command({
  use: "set subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
  summary: "Update the user, group, or service account in a role binding or cluster role binding",
  about: "Add users, groups and service accounts to a role binding or cluster role binding.",
  examples: `# A service account
kubectl set subject clusterrolebinding view-all --serviceaccount=shop:robot

# Two users and a group
kubectl set subject rolebinding editors --user=ann --user=bob --group=authors`,
  flags: FLAGS,
  complete,
  validate: ({ infos }, { flags }) => validate(infos, flags),
  run,
});

async function complete({ flags, args, factory, process }: Invocation<typeof FLAGS>): Promise<Options | Failure> {
  const dryRun = await dryRunOf(process, flags["dry-run"]);
  if (isFailure(dryRun)) return dryRun;
  if (flags.local && dryRun === "server")
    return { error: "cannot specify --local and --dry-run=server - did you mean --dry-run=client?" };
  const printer = objectPrinter(process, flags);
  if (isFailure(printer)) return printer;
  if (flags.local && args.length > 0) return { error: LOCAL_NEEDS_FILES };
  const infos = await findForSet(factory, args, flags);
  return { dryRun, infos, namespace: factory.config.namespace().name };
}

function validate(infos: readonly Info[], flags: SubjectFlags): Failure | undefined {
  if (flags.all && flags.selector !== "") return { error: "cannot set --all and --selector at the same time" };
  if (flags.user.length + flags.group.length + flags.serviceaccount.length === 0)
    return { error: "you must specify at least one value of user, group or serviceaccount" };
  for (const account of flags.serviceaccount) {
    const parts = account.split(":");
    if (parts.length !== 2 || parts[1] === "") return { error: "serviceaccount must be <namespace>:<name>" };
    if (parts[0] === "" && infos.some(({ object }) => object!["kind"] === "ClusterRoleBinding"))
      return { error: "serviceaccount must be <namespace>:<name>, namespace must be specified" };
  }
  return undefined;
}

async function run({ dryRun, infos, namespace }: Options, { flags, factory }: Invocation<typeof FLAGS>): Promise<void> {
  const wanted = subjects(flags, namespace);
  await setObjects(factory, infos, {
    flags,
    dryRun,
    operation: "subjects updated",
    failure: "failed to patch subjects to rolebinding: ",
    skipUnchanged: true,
    told: (info, error) => `error: ${objectName(info, flags.local)} ${error.message}\n`,
    change: (object) => withSubjects(object, wanted),
  });
}

/** Each sort of them by name. */
function subjects(flags: SubjectFlags, namespace: string): JsonObject[] {
  const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();
  return [
    ...sorted(flags.user).map((name) => ({ kind: "User", apiGroup: RBAC, name })),
    ...sorted(flags.group).map((name) => ({ kind: "Group", apiGroup: RBAC, name })),
    ...sorted(flags.serviceaccount).map((account) => {
      const [where = "", name = ""] = account.split(":");
      return { kind: "ServiceAccount", name, namespace: where === "" ? namespace : where };
    }),
  ];
}

function withSubjects(object: JsonObject, wanted: readonly JsonObject[]): JsonObject {
  if (object["kind"] !== "RoleBinding" && object["kind"] !== "ClusterRoleBinding")
    throw new GoError("setting subjects is only supported for RoleBinding/ClusterRoleBinding");
  const there = (object["subjects"] ?? []) as JsonObject[];
  const missing = wanted.filter((one) => !there.some((other) => sameJson(other, one)));
  return missing.length === 0 ? object : { ...object, subjects: [...there, ...missing] };
}
