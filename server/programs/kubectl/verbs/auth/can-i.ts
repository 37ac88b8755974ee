import type { JsonObject, PolicyRule } from "../../../../sim/kube/api/index.ts";
import { command, usageError, type Invocation } from "../../cobra/command.ts";
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
  run,
});

async function complete(invocation: Invocation<typeof FLAGS>): Promise<Question | List | Failure> {
  const { flags, args, factory, process } = invocation;
  if (flags.list) {
    if (args.length > 0) return { error: "list option must be specified with no arguments" };
    return { list: true };
  }
  const [verb = "", what = ""] = args;
  if (args.length !== 2)
    return usageError(
      invocation,
      "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.".split(
        "\n",
      )[0]!,
    );
  if (what.startsWith("/")) return { verb, group: "", resource: "", name: "", nonResource: what };
  const [type = "", name = ""] = what.split(/\/(.*)/s);
  const known = await resourceOf(factory, type);
  if (!known) await warn(process, `the server doesn't have a resource type '${type}'\n`.trimEnd());
  else if (!known.namespaced && !flags["all-namespaces"])
    await warn(
      process,
      `resource '${known.resource}' is not namespace scoped${known.group === "" ? "" : ` in group '${known.group}'`}\n`,
    );
  return { verb, name, nonResource: "", group: known?.group ?? "", resource: known?.resource ?? type };
}

async function resourceOf(
  factory: Factory,
  type: string,
): Promise<{ group: string; resource: string; namespaced: boolean } | undefined> {
  if (type === "*") return { group: "*", resource: "*", namespaced: true };
  try {
    return await (await factory.mapper()).mappingFor(type);
  } catch (error) {
    if (error instanceof GoError) return undefined;
    throw error;
  }
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
