import { groupResource, type ApiResource } from "../../client/api-resource.ts";
import type { RestMapper } from "../../client/rest-mapper.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool, text } from "../../cobra/flag.ts";
import { GoError, NotSimulated } from "../../errors/go-error.ts";
import type { Failure } from "../../output/index.ts";
import type { PathNode } from "../../output/jsonpath/node.ts";
import { parseTemplate, PathSyntaxError } from "../../output/jsonpath/parser.ts";
import { explain as explainModel, type Document } from "./model.ts";

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
  complete({ args, path }): object | Failure {
    if (args.length === 0)
      return {
        error: `You must specify the type of resource to explain. Use "${path.split(" ")[0]!} api-resources" for a complete list of supported resources.\n`,
      };
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

/** The type that a path of fields begins with, and the rest of the path (kubectl pkg/explain/explain.go). */
interface Request {
  readonly resource: ApiResource;
  readonly path: readonly string[];
}

/** SplitAndParseResourceRequest: with a version given, the first word is the type. */
async function resourceIn(text_: string, mapper: RestMapper): Promise<Request> {
  const [first, ...rest] = pathNodes(text_);
  const [resource = ""] = fieldNames([first!], "first node must be field node");
  const path = fieldNames(rest, "all nodes must be field nodes");
  return { resource: await mapper.resourceFor({ group: "", version: "", resource }), path };
}

/** SplitAndParseResourceRequestWithMatchingPrefix: its name may go on with its group, `ingresses.networking.k8s.io.spec`. */
async function resourceAt(text_: string, mapper: RestMapper): Promise<Request> {
  const [first, ...rest] = pathNodes(text_);
  const [name = ""] = fieldNames([first!], "first node must be field node");
  const resources = await mapper.resourcesFor(name);
  for (const resource of resources) {
    const full = groupResource({ group: resource.group, resource: resource.name });
    if (!text_.startsWith(full)) continue;
    const suffix = text_.slice(full.length);
    const nodes = suffix === "" ? [] : pathNodes(suffix).slice(1);
    return { resource, path: fieldNames(nodes, "first node must be field node") };
  }
  return { resource: resources[0]!, path: fieldNames(rest, "first node must be field node") };
}

function pathNodes(text_: string): readonly PathNode[] {
  try {
    const [only, ...more] = parseTemplate(`{.${text_.replace(/\.$/, "")}}`);
    if (only?.kind !== "list" || more.length > 0) throw new GoError("must pass in 1 jsonpath string");
    return only.nodes;
  } catch (error) {
    throw error instanceof PathSyntaxError ? new GoError(error.message) : error;
  }
}

function fieldNames(nodes: readonly PathNode[], otherwise: string): string[] {
  return nodes.map((node) => {
    if (node.kind !== "field") throw new GoError(`invalid jsonpath syntax, ${otherwise}`);
    return node.name;
  });
}

function versionOf(text_: string, { group, version }: ApiResource): { group: string; version: string } {
  if (text_ === "") return { group, version };
  const slash = text_.indexOf("/");
  return slash < 0 ? { group: "", version: text_ } : { group: text_.slice(0, slash), version: text_.slice(slash + 1) };
}
