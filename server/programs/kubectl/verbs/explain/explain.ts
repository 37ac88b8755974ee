import type { ApiResource } from "../../client/api-resource.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool, text } from "../../cobra/flag.ts";
import { GoError, NotSimulated } from "../../errors/go-error.ts";
import type { Failure } from "../../output/index.ts";
import { explain as explainModel, type Document } from "./model.ts";
import { resourceAt, resourceIn } from "./resource-request.ts";

const FLAGS = {
  "api-version": text("The version to explain, with its group: apps/v1."),
  output: text("plaintext, or plaintext-openapiv2.", { initial: "plaintext" }),
  recursive: bool("Print the names of all fields, those within others too."),
} as const;

export const explain = command({
  use: "explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]",
  summary: "Get documentation for a resource",
  about: "Explain a type and its fields, in the words of the server.",
  examples: `# A type
kubectl explain pods

# One of its fields
kubectl explain pods.spec.containers

# The names of all its fields
kubectl explain pods --recursive

# A certain version of it
kubectl explain deployments --api-version=apps/v1`,
  flags: FLAGS,
  complete({ args, flags, path }): object | Failure {
    if (args.length === 0)
      return {
        error: `You must specify the type of resource to explain. Use "${path.split(" ")[0]!} api-resources" for a complete list of supported resources.\n`,
      };
    if (flags["api-version"].split("/").length > 2)
      return { error: `unexpected GroupVersion string: ${flags["api-version"]}` };
    return args.length > 1 ? { error: "We accept only this format: explain RESOURCE\n" } : {};
  },
  run,
});

async function run(_: unknown, { args, flags, factory, process }: Invocation<typeof FLAGS>): Promise<void> {
  if (flags.output === "plaintext-openapiv2") throw new NotSimulated("'--output plaintext-openapiv2'");
  const split = flags["api-version"] === "" ? resourceAt : resourceIn;
  const { resource, path } = await split(args[0]!, await factory.mapper());
  const client = await factory.client();
  const index = await client.reply({ method: "GET", path: "/openapi/v3", query: { timeout: ["32s"] } });
  const { group, version } = versionOf(flags["api-version"], resource);
  const key = group === "" ? `api/${version}` : `apis/${group}/${version}`;
  const { paths } = (index.kind === "object" ? index.object : {}) as {
    paths?: Record<string, { serverRelativeURL: string }>;
  };
  const url = paths?.[key]?.serverRelativeURL;
  if (url === undefined)
    throw new GoError(`couldn't find resource for "${group}/${version}, Resource=${resource.name}"`);
  if (flags.output !== "plaintext") throw new GoError(`unrecognized format: ${flags.output}`);
  const [at = "", hash = ""] = url.split("?hash=");
  const reply = await client.reply({ method: "GET", path: at, query: { hash: [hash], timeout: ["32s"] } });
  const document = (reply.kind === "object" ? reply.object : {}) as Document;
  const { text: explained, error } = explainModel(
    document,
    { group, version, resource: resource.name },
    path,
    flags.recursive,
  );
  await process.print(explained);
  if (error !== undefined) throw new GoError(error);
}

function versionOf(text_: string, { group, version }: ApiResource): { group: string; version: string } {
  if (text_ === "") return { group, version };
  const slash = text_.indexOf("/");
  return slash < 0 ? { group: "", version: text_ } : { group: text_.slice(0, slash), version: text_.slice(slash + 1) };
}
