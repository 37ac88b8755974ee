import { decode, hasStructType, typeId, type JsonObject } from "../../../../sim/kube/api/index.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool, type ValuesOf } from "../../cobra/flag.ts";
import { groupVersion, type Mapping } from "../../client/api-resource.ts";
import { GoError } from "../../errors/go-error.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { DRY_RUN, dryRunOf, operationOf } from "../../printing/dry-run.ts";
import { emit } from "../../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS, type ObjectPrinter } from "../../printing/print-flags.ts";
import { findResources } from "../../resource/builder.ts";
import { FILENAME_FLAGS, filenameOptions, noFiles } from "../../resource/filename-flags.ts";
import type { Info } from "../../resource/info.ts";
import type { Result } from "../../resource/result.ts";
import { Reconciler, type Reconciled } from "./reconciler.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  "dry-run": DRY_RUN,
  "remove-extra-permissions": bool("Take permissions away that are not in the file."),
  "remove-extra-subjects": bool("Take subjects away that are not in the file."),
} as const;

interface Options {
  readonly dryRun: boolean;
  readonly result: Result;
  readonly printer: ObjectPrinter;
}

const RBAC = "rbac.authorization.k8s.io";
const RESOURCES: Readonly<Record<string, string>> = {
  Role: "roles",
  ClusterRole: "clusterroles",
  RoleBinding: "rolebindings",
  ClusterRoleBinding: "clusterrolebindings",
};

/** kubectl pkg/cmd/auth/reconcile.go */
export const reconcile = command({
  use: "auth reconcile -f FILENAME",
  summary: "Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects",
  about:
    "Make roles and role bindings allow what a file says. What is missing is created, with its namespace; what is there gets the rules or subjects that it lacks.\n\n Other than 'apply' it compares what rules mean, not how they are written.",
  examples: "# The roles of a file\nkubectl auth reconcile -f roles.yaml",
  flags: FLAGS,
  complete,
  run,
});

async function complete({ flags, args, factory, process }: Invocation<typeof FLAGS>): Promise<Options | Failure> {
  const files = filenameOptions(flags);
  if (noFiles(files)) return { error: "must specify one of -f and -k" };
  if (args.length > 0) return { error: "no arguments are allowed" };
  const dryRun = await dryRunOf(process, flags["dry-run"]);
  if (isFailure(dryRun)) return { error: `error accessing --dry-run flag for command reconcile: ${dryRun.error}` };
  if (dryRun === "server") return { error: "--dry-run=server for command reconcile is not supported yet" };
  const { name: namespace, explicit } = factory.config.namespace();
  const result = await findResources(factory, {
    files,
    namespace,
    enforceNamespace: explicit,
    continueOnError: true,
    flatten: true,
    local: true,
    typed: true,
  });
  const printer = objectPrinter(process, flags, { operation: operationOf("reconciled", dryRun), typed: true });
  return isFailure(printer) ? printer : { dryRun: dryRun === "client", result, printer };
}

async function run({ dryRun, result, printer }: Options, invocation: Invocation<typeof FLAGS>): Promise<void> {
  const { flags, factory } = invocation;
  const reconciler = new Reconciler(factory, {
    confirm: !dryRun,
    removeRules: flags["remove-extra-permissions"],
    removeSubjects: flags["remove-extra-subjects"],
  });
  await result.visit(async (info) => {
    const { group, version, kind } = info.mapping;
    const object = typed(info);
    const resource = group === RBAC ? RESOURCES[kind] : undefined;
    if (resource === undefined) return;
    if (version !== "v1") throw new GoError(`only ${RBAC}/v1 is supported: not *${version}.${kind}`);
    const mapping: Mapping = { group, version, resource, kind, namespaced: !kind.startsWith("Cluster") };
    const reconciled = kind.endsWith("Binding")
      ? await reconciler.binding(mapping, object)
      : await reconciler.role(mapping, object);
    await emit(
      invocation.process,
      printer.print({ ...reconciled.object, kind, apiVersion: groupVersion(info.mapping) }),
    );
    await invocation.process.error(report(reconciled, flags));
  });
}

/** The object as its Go type. Those that kubectl has no type for are refused. */
function typed({ mapping, object, source }: Info): JsonObject {
  const { group, version, kind } = mapping;
  const known = hasStructType(typeId(group, version, kind));
  if (!known && group === RBAC && kind in RESOURCES) return object!;
  if (!known)
    throw new GoError(
      `unable to decode ${JSON.stringify(source)}: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(groupVersion(mapping))} in scheme "pkg/scheme/scheme.go:28"`,
    );
  const { value, error } = decode(typeId(group, version, kind), object);
  if (error !== undefined) throw new GoError(`unable to decode ${JSON.stringify(source)}: ${error}`);
  return { kind, apiVersion: groupVersion(mapping), ...value };
}

function report(
  { operation, isProtected, missingRules, extraRules, missingSubjects, extraSubjects }: Reconciled,
  flags: ValuesOf<typeof FLAGS>,
): string {
  if (operation === "none") return "";
  const caveat = isProtected ? ", but object opted out (rbac.authorization.kubernetes.io/autoupdate: false)" : "";
  const part = (title: string, lines: readonly string[]): string =>
    lines.length === 0 ? "" : `\t${title}:\n${lines.map((line) => `\t\t${line}\n`).join("")}`;
  return [
    `\treconciliation required ${operation}${caveat}\n`,
    part("missing subjects added", missingSubjects.map(subjectText)),
    flags["remove-extra-subjects"] ? part("extra subjects removed", extraSubjects.map(subjectText)) : "",
    part("missing rules added", missingRules.map(ruleText)),
    flags["remove-extra-permissions"] ? part("extra rules removed", extraRules.map(ruleText)) : "",
  ].join("");
}

/** `%+v` of an rbacv1.Subject. */
function subjectText(subject: JsonObject): string {
  const field = (name: string): string => (subject[name] as string | undefined) ?? "";
  return `{Kind:${field("kind")} APIGroup:${field("apiGroup")} Name:${field("name")} Namespace:${field("namespace")}}`;
}

/** `%+v` of an rbacv1.PolicyRule. */
function ruleText(rule: JsonObject): string {
  const list = (name: string): string => `[${((rule[name] ?? []) as string[]).join(" ")}]`;
  return `{Verbs:${list("verbs")} APIGroups:${list("apiGroups")} Resources:${list("resources")} ResourceNames:${list("resourceNames")} NonResourceURLs:${list("nonResourceURLs")}}`;
}
