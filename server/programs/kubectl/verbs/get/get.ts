import { command, usageError, type Invocation } from "../../cobra/command.ts";
import { bool, integer, list, text, type ValuesOf } from "../../cobra/flag.ts";
import { SUBRESOURCES } from "../../cobra/offer.ts";
import type { Failure } from "../../output/index.ts";
import { PRINT_FLAGS, type ObjectPrinter } from "../../printing/print-flags.ts";
import { FILENAME_FLAGS, filenameOptions, noFiles } from "../../resource/filename-flags.ts";
import type { FilenameOptions } from "../../resource/sources.ts";
import { printObjects } from "./objects.ts";
import { GET_FORMATS, objectsPrinter } from "./printer.ts";
import { getRaw, rawPathError } from "./raw.ts";
import { printTables } from "./tables.ts";
import { watchResources } from "./watch.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  output: text(`How to print: ${GET_FORMATS.join(", ")}.`, {
    shorthand: "o",
    offer: { kind: "words", words: GET_FORMATS },
  }),
  "all-namespaces": bool("Look in all namespaces; --namespace does not count then.", { shorthand: "A" }),
  "chunk-size": integer("Ask for large lists in pieces of that many objects; 0 asks for all at once.", 500),
  "field-selector": text("Only objects with these fields: metadata.name=web,status.phase!=Running."),
  "ignore-not-found": bool("If what was named is not there, print nothing and succeed."),
  "label-columns": list("Labels to show as columns of their own.", { shorthand: "L" }),
  "no-headers": bool("Print no headers."),
  "output-watch-events": bool("Print the type of each event with its object. Only with --watch or --watch-only."),
  raw: text("A path on the server to print as it answers."),
  selector: text("Only objects with these labels: app=web,tier!=db,env in (a,b).", { shorthand: "l" }),
  "server-print": bool("Let the server choose the columns.", { initial: true }),
  "show-kind": bool("Print each name with its type."),
  "show-labels": bool("Print all labels as the last column."),
  "sort-by": text("A JSONPath expression to sort by: {.metadata.name}."),
  subresource: text("The part of the objects to get: status, scale or resize.", { offer: SUBRESOURCES }),
  watch: bool("Print what there is, then what changes.", { shorthand: "w" }),
  "watch-only": bool("Print only what changes."),
} as const;

type GetFlags = ValuesOf<typeof FLAGS>;

export interface GetOptions {
  readonly flags: GetFlags;
  readonly args: readonly string[];
  readonly files: FilenameOptions;
  readonly namespace: string;
  readonly explicitNamespace: boolean;
  /** Columns rather than objects are printed. */
  readonly humanReadable: boolean;
  /** The server makes the columns. */
  readonly serverPrint: boolean;
  /** Makes the printer for what is no table. An unknown format is found out only when there is something to print. */
  readonly printer: () => ObjectPrinter | Failure;
}

export const get = command({
  use: "get [(-o|--output=)json|yaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]",
  summary: "Display one or many resources",
  about:
    "Display one or many resources.\n\n The columns are those that the server chooses for the type; -o wide shows more of them.",
  examples: `# All pods of the namespace
kubectl get pods

# A deployment as YAML
kubectl get deployment web -o yaml

# Pods and services with a label, with their nodes and addresses
kubectl get pods,services -l app=web -o wide`,
  flags: FLAGS,
  arguments: { kind: "resources" },
  complete,
  validate,
  run,
});

async function complete(invocation: Invocation<typeof FLAGS>): Promise<GetOptions | Failure> {
  const { flags, args, factory, process } = invocation;
  const base = { flags, args, files: filenameOptions(flags) };
  const printer = (): ObjectPrinter | Failure => objectsPrinter(process, flags);
  if (flags.raw !== "")
    return args.length > 0
      ? { error: "arguments may not be passed when --raw is specified" }
      : { ...base, namespace: "", explicitNamespace: false, humanReadable: false, serverPrint: false, printer };
  const namespace = factory.config.namespace();
  const humanReadable = (flags.output === "" && flags.template === "") || flags.output === "wide";
  const objects = flags.output.includes("custom-columns") || flags.output === "yaml" || flags.output.includes("json");
  if (flags.watch || flags["watch-only"]) {
    if (flags["sort-by"] !== "")
      await process.error(
        flags.watch
          ? "warning: --watch requested, --sort-by will be ignored for watch events received\n"
          : "warning: --watch-only requested, --sort-by will be ignored\n",
      );
  } else if (args.length === 0 && noFiles(base.files)) {
    await process.error(
      'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n',
    );
    return usageError(
      invocation,
      'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).',
    );
  }
  return {
    ...base,
    namespace: flags["all-namespaces"] ? "" : namespace.name,
    explicitNamespace: namespace.explicit && !flags["all-namespaces"],
    humanReadable,
    serverPrint: flags["server-print"] && !objects,
    printer,
  };
}

function validate({ flags }: GetOptions): Failure | undefined {
  const watching = flags.watch || flags["watch-only"];
  if (flags.raw !== "") {
    if (watching || flags.selector !== "")
      return {
        error: "--raw may not be specified with other flags that filter the server request or alter the output",
      };
    if (flags.output !== "") return { error: "--raw and --output are mutually exclusive" };
    const error = rawPathError(flags.raw);
    if (error !== undefined) return { error: `--raw must be a valid URL path: ${error}` };
  }
  if (flags["show-labels"] && flags.output !== "" && flags.output !== "wide")
    return { error: `--show-labels option cannot be used with ${flags.output} printer` };
  if (flags["output-watch-events"] && !watching)
    return { error: "--output-watch-events option can only be used with --watch or --watch-only" };
  return undefined;
}

async function run(options: GetOptions, { factory }: Invocation<typeof FLAGS>): Promise<void> {
  const { flags } = options;
  if (flags.raw !== "") return getRaw(factory, flags.raw);
  if (flags.watch || flags["watch-only"]) return watchResources(factory, options);
  return options.humanReadable ? printTables(factory, options) : printObjects(factory, options);
}
