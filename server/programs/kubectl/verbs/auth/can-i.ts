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
  run,
});

/** What one may want of a type, and of an address. */
const VERBS =
  "get list watch create update patch delete deletecollection use bind impersonate * approve sign escalate attest".split(
    " ",
  );
const ADDRESS_VERBS = "get put post head options delete patch *".split(" ");
/** To act as: no server lists them as types. */
const IMPERSONATED = ["users", "groups"];

async function complete(invocation: Invocation<typeof FLAGS>): Promise<Question | List | Failure> {
  const { flags, args, factory, process } = invocation;
  if (flags.list) {
    if (args.length > 0) return { error: "list option must be specified with no arguments" };
    if (flags.quiet || flags["all-namespaces"] || flags.subresource !== "")
      return {
        error: "list option can't be specified with neither quiet, all-namespaces nor subresource options",
      };
    return { list: true };
  }
  const [verb = "", what = ""] = args;
  if (args.length !== 2)
    return {
      error:
        "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
    };
  const question = what.startsWith("/")
    ? { verb, group: "", resource: "", name: "", nonResource: what }
    : await questionAbout(verb, what, invocation);
  if (question.nonResource !== "" && flags.subresource !== "")
    return { error: "--subresource can not be used with NonResourceURL" };
  if (!(question.nonResource === "" ? VERBS : ADDRESS_VERBS).includes(verb))
    await warn(process, `verb '${verb}' is not a known verb\n`);
  if (flags["no-headers"]) return { error: "--no-headers cannot be set without --list specified" };
  return question;

  async function questionAbout(
    asked: string,
    about: string,
    { flags: { "all-namespaces": everywhere } }: Invocation<typeof FLAGS>,
  ): Promise<Question> {
    const [type = "", name = ""] = about.split(/\/(.*)/s);
    const known = await resourceOf(factory, type);
    if (!known) {
      const [resource = "", group = ""] = type.toLowerCase().split(/\.(.*)/s);
      if (!IMPERSONATED.includes(resource) || group !== "")
        await warn(process, `the server doesn't have a resource type '${resource}'${inGroup(group)}\n`);
    } else if (!known.namespaced && !everywhere)
      await warn(process, `resource '${known.resource}' is not namespace scoped${inGroup(known.group)}\n`);
    return { verb: asked, name, nonResource: "", group: known?.group ?? "", resource: known?.resource ?? type };
  }
}

function inGroup(group: string): string {
  return group === "" ? "" : ` in group '${group}'`;
}

async function resourceOf(
  factory: Factory,
  type: string,
): Promise<{ group: string; resource: string; namespaced: boolean } | undefined> {
  if (type === "*") return { group: "", resource: "*", namespaced: true };
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
  if (incomplete) await warn(process, `the list may be incomplete: ${evaluationError ?? ""}`);
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
