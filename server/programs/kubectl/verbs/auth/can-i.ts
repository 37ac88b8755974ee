import type { JsonObject, PolicyRule } from "../../../../sim/kube/api/index.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool, text } from "../../cobra/flag.ts";
import type { Factory } from "../../client/factory.ts";
import { warn } from "../../client/warning.ts";
import { ExitError, GoError } from "../../errors/go-error.ts";
import { TABLE, TabWriter, type Failure } from "../../output/index.ts";
import { listedRules, ruleColumns } from "../../rbac/policy-rules.ts";

const FLAGS = {
  "all-namespaces": bool("Ask for all namespaces.", { shorthand: "A" }),
  list: bool("Print everything that is allowed."),
  "no-headers": bool("Print no headers."),
  quiet: bool("Print nothing; the exit code is the answer.", { shorthand: "q" }),
  subresource: text("A part of the type: log, scale, …"),
} as const;

interface Question {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly name: string;
  readonly nonResource: string;
}

/** `--list` */
interface List {
  readonly list: true;
}

export const canI = command({
  use: "auth can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]",
  summary: "Check whether an action is allowed",
  about: "Check whether an action is allowed.\n\n The answer is yes or no, with the exit code 0 or 1.",
  examples: "# May I delete pods here?\nkubectl auth can-i delete pods",
  flags: FLAGS,
  complete,
  validate,
  run,
});

/** client-go's authorizer knows more words than types have verbs (kubectl pkg/cmd/auth/cani.go). */
const RESOURCE_VERBS = ["*", "approve", "attest", "bind", "create", "delete", "deletecollection", "escalate", "get", "impersonate", "list", "patch", "sign", "update", "use", "watch"]; // prettier-ignore
const PATH_VERBS = ["*", "delete", "get", "head", "options", "patch", "post", "put"];
/** What rules may name although the server serves no such type. */
const UNSERVED = ["groups", "users"];

async function complete(invocation: Invocation<typeof FLAGS>): Promise<Question | List | Failure> {
  const { flags, args, factory, process } = invocation;
  if (flags.list) {
    if (args.length > 0) return { error: "list option must be specified with no arguments" };
    return { list: true };
  }
  const [verb = "", what = ""] = args;
  if (args.length !== 2)
    return {
      error:
        "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
    };
  const warnOf = (text: string): Promise<void> => warn(process, `${text}\n`);
  if (what.startsWith("/")) {
    if (flags.subresource !== "") return { error: "--subresource can not be used with NonResourceURL" };
    if (!PATH_VERBS.includes(verb)) await warnOf(`verb '${verb}' is not a known verb`);
    return { verb, group: "", resource: "", name: "", nonResource: what };
  }
  const [type = "", name = ""] = what.split(/\/(.*)/s);
  const known = await resourceOf(factory, type);
  if (!known) {
    const [resource = "", ...group] = type.toLowerCase().split(".");
    if (!UNSERVED.includes(type.toLowerCase()))
      await warnOf(
        `the server doesn't have a resource type '${resource}'${group.length === 0 ? "" : ` in group '${group.join(".")}'`}`,
      );
  } else if (!known.namespaced && !flags["all-namespaces"])
    await warnOf(
      `resource '${known.resource}' is not namespace scoped${known.group === "" ? "" : ` in group '${known.group}'`}`,
    );
  const resource = known?.resource ?? type;
  if (resource !== "" && !flags["all-namespaces"] && !RESOURCE_VERBS.includes(verb))
    await warnOf(`verb '${verb}' is not a known verb`);
  return { verb, name, nonResource: "", group: known?.group ?? "", resource };
}

function validate(_: Question | List, { flags }: Invocation<typeof FLAGS>): Failure | undefined {
  if (!flags.list)
    return flags["no-headers"] ? { error: "--no-headers cannot be set without --list specified" } : undefined;
  return flags.quiet || flags["all-namespaces"] || flags.subresource !== ""
    ? { error: "list option can't be specified with neither quiet, all-namespaces nor subresource options" }
    : undefined;
}

async function resourceOf(
  factory: Factory,
  type: string,
): Promise<{ group: string; resource: string; namespaced: boolean } | undefined> {
  const mapper = await factory.mapper();
  if (type === "*") return { group: "*", resource: "*", namespaced: true };
  const [resource = "", ...rest] = type.toLowerCase().split(".");
  const [version = "", ...group] = rest;
  const asked = [
    ...(rest.length > 1 ? [{ resource, version, group: group.join(".") }] : []),
    { resource, version: "", group: rest.join(".") },
  ];
  for (const partial of asked)
    try {
      const { name, group: of, namespaced } = await mapper.resourceFor(partial);
      return { group: of, resource: name, namespaced };
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
    }
  return undefined;
}

async function run(options: Question | List, invocation: Invocation<typeof FLAGS>): Promise<void> {
  return "list" in options ? listAccess(invocation) : askAccess(options, invocation);
}

/** kubectl pkg/cmd/auth/cani.go RunAccessList */
async function listAccess({ flags, factory, process }: Invocation<typeof FLAGS>): Promise<void> {
  const { name: namespace } = factory.config.namespace();
  const client = await factory.client();
  const review = await client.object({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
    subject: { group: "authorization.k8s.io", resource: "selfsubjectrulesreviews" },
    body: {
      kind: "SelfSubjectRulesReview",
      apiVersion: "authorization.k8s.io/v1",
      metadata: { creationTimestamp: null },
      spec: { namespace },
      status: { resourceRules: null, nonResourceRules: null, incomplete: false },
    },
  });
  const { resourceRules, nonResourceRules, incomplete, evaluationError } = review["status"] as unknown as RulesStatus;
  if (incomplete) await process.error(`warning: the list may be incomplete: ${evaluationError ?? ""}\n`);
  const writer = new TabWriter(TABLE);
  if (!flags["no-headers"]) writer.write("Resources\tNon-Resource URLs\tResource Names\tVerbs\n");
  for (const rule of listedRules([...(resourceRules ?? []), ...(nonResourceRules ?? [])]))
    writer.write(`${ruleColumns(rule)}\n`);
  await process.print(writer.take());
}

interface RulesStatus {
  readonly resourceRules?: readonly PolicyRule[] | null;
  readonly nonResourceRules?: readonly PolicyRule[] | null;
  readonly incomplete?: boolean;
  readonly evaluationError?: string;
}

async function askAccess(
  { verb, group, resource, name, nonResource }: Question,
  { flags, factory, process }: Invocation<typeof FLAGS>,
): Promise<void> {
  const { name: namespace } = factory.config.namespace();
  const asked: JsonObject =
    nonResource === ""
      ? {
          resourceAttributes: {
            namespace: flags["all-namespaces"] ? "" : namespace,
            verb,
            group,
            resource,
            subresource: flags.subresource,
            name,
          },
        }
      : { nonResourceAttributes: { verb, path: nonResource } };
  const client = await factory.client();
  const review = await client.object({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    subject: { group: "authorization.k8s.io", resource: "selfsubjectaccessreviews" },
    body: {
      kind: "SelfSubjectAccessReview",
      apiVersion: "authorization.k8s.io/v1",
      metadata: { creationTimestamp: null },
      spec: asked,
    },
  });
  const {
    allowed = false,
    reason = "",
    evaluationError = "",
  } = review["status"] as { allowed?: boolean; reason?: string; evaluationError?: string };
  if (!flags.quiet) {
    const more = `${reason === "" ? "" : ` - ${reason}`}${evaluationError === "" ? "" : ` - ${evaluationError}`}`;
    await process.print(allowed ? "yes\n" : `no${more}\n`);
  }
  if (!allowed) throw new ExitError(1);
}
