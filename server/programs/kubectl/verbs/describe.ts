import { command, type Invocation } from "../cobra/command.ts";
import { bool, integer, text } from "../cobra/flag.ts";
import type { Factory } from "../client/factory.ts";
import { describerFor } from "../describe/describers.ts";
import { DescribeSession } from "../describe/session.ts";
import { Aggregate, GoError, isReason } from "../errors/go-error.ts";
import type { Failure } from "../output/index.ts";
import { typesAndNames } from "../resource/arguments.ts";
import { findResources, type ResourceQuery } from "../resource/builder.ts";
import { FILENAME_FLAGS, filenameOptions, noFiles } from "../resource/filename-flags.ts";
import { nameOf, type Info } from "../resource/info.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  "all-namespaces": bool("Look in all namespaces; --namespace does not count then.", { shorthand: "A" }),
  "chunk-size": integer("Ask for large lists in pieces of that many objects; 0 asks for all at once.", 500),
  selector: text("Only objects with these labels: app=web,tier!=db,env in (a,b).", { shorthand: "l" }),
  "show-events": bool("Show the events of what is described.", { initial: true }),
} as const;

export const describe = command({
  use: "describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)",
  summary: "Show details of a specific resource or group of resources",
  about: `Show details of a specific resource or group of resources.

 What belongs to them, such as events or controllers, is shown with them. Where no object has the given name, all objects whose names begin with it are described.

Use "kubectl api-resources" for a complete list of supported resources.`,
  examples: `# A node
kubectl describe node node01

# A pod
kubectl describe pods/web

# All pods with a label
kubectl describe pods -l app=web`,
  flags: FLAGS,
  arguments: { kind: "resources" },
  complete,
  run,
});

interface Options {
  readonly namespace: string;
  readonly explicit: boolean;
}

function complete({ args, flags, factory }: Invocation<typeof FLAGS>): Options | Failure {
  const { name, explicit } = factory.config.namespace();
  if (args.length === 0 && noFiles(filenameOptions(flags)))
    return {
      error:
        'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.\n',
    };
  return { namespace: flags["all-namespaces"] ? "" : name, explicit: explicit && !flags["all-namespaces"] };
}

async function run(
  { namespace, explicit }: Options,
  { flags, args, factory, process }: Invocation<typeof FLAGS>,
): Promise<void> {
  const query: ResourceQuery = {
    files: filenameOptions(flags),
    namespace,
    enforceNamespace: explicit,
    allNamespaces: flags["all-namespaces"],
    labels: flags.selector,
    chunkSize: flags["chunk-size"],
    selection: await typesAndNames(args, () => factory.mapper()),
    allowEmptySelector: true,
    continueOnError: true,
    flatten: true,
  };
  const result = await findResources(factory, query);
  const { infos, error } = await result.infos();
  if (error && isReason(single(error), "NotFound") && args.length === 2)
    return describeByPrefix(factory, query, args as [string, string], error, flags);
  const session = await DescribeSession.open(factory, {
    showEvents: flags["show-events"],
    chunkSize: flags["chunk-size"],
  });
  const errors = error ? [error] : [];
  let first = true;
  for (const info of infos) {
    try {
      const text = await describerFor(info.mapping)(session, info);
      await process.print(first ? text : `\n\n${text}`);
      first = false;
    } catch (failure) {
      if (!(failure instanceof GoError)) throw failure;
      errors.push(failure);
    }
  }
  if (infos.length === 0 && errors.length === 0)
    await process.error(
      flags["all-namespaces"] ? "No resources found\n" : `No resources found in ${namespace} namespace.\n`,
    );
  // A list even of one: what the files have collected is told without `error: `.
  if (errors.length > 0) throw new Aggregate(errors);
}

function single(error: GoError): GoError {
  return error instanceof Aggregate && error.errors.length === 1 ? single(error.errors[0]!) : error;
}

/** What begins with the name, if nothing has it (kubectl pkg/cmd/describe DescribeMatchingResources). */
async function describeByPrefix(
  factory: Factory,
  query: ResourceQuery,
  [type, prefix]: readonly [string, string],
  notFound: GoError,
  flags: Invocation<typeof FLAGS>["flags"],
): Promise<void> {
  const selection = await typesAndNames([type], () => factory.mapper());
  const { files: _, ...rest } = query;
  const result = await findResources(factory, { ...rest, selection, singleType: true });
  const infos = await result.all();
  const session = await DescribeSession.open(factory, {
    showEvents: flags["show-events"],
    chunkSize: flags["chunk-size"],
  });
  let found = false;
  for (const info of infos.filter((one: Info) => (one.name || nameOf(one.object)).startsWith(prefix))) {
    found = true;
    await factory.process.print(`${await describerFor(info.mapping)(session, info)}\n`);
  }
  if (!found) throw notFound;
}
