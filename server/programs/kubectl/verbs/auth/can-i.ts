import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { command, usageError, type Invocation } from "../../cobra/command.ts";
import { bool, text } from "../../cobra/flag.ts";
import type { Factory } from "../../client/factory.ts";
import { warn } from "../../client/warning.ts";
import { ExitError, GoError, NotSimulated } from "../../errors/go-error.ts";
import type { Failure } from "../../output/index.ts";

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

export const canI = command({
  use: "auth can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]",
  summary: "Check whether an action is allowed",
  about: "Check whether an action is allowed.\n\n The answer is yes or no, with the exit code 0 or 1.",
  examples: "# May I delete pods here?\nkubectl auth can-i delete pods",
  flags: FLAGS,
  complete,
  run,
});

async function complete(invocation: Invocation<typeof FLAGS>): Promise<Question | Failure> {
  const { flags, args, factory, process } = invocation;
  if (flags.list) {
    if (args.length > 0) return { error: "list option must be specified with no arguments" };
    throw new NotSimulated("'auth can-i --list'");
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

async function run(
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
