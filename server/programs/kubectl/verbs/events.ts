import { parseRfc3339 } from "../../../sim/kernel/index.ts";
import type { Event, JsonObject, Query } from "../../../sim/kube/api/index.ts";
import { groupVersion, type Mapping } from "../client/api-resource.ts";
import { toMapping, type RestMapper } from "../client/rest-mapper.ts";
import { command, type Invocation } from "../cobra/command.ts";
import { bool, integer, list, text } from "../cobra/flag.ts";
import type { Factory } from "../client/factory.ts";
import { interval } from "../describe/events.ts";
import { GoError } from "../errors/go-error.ts";
import { exitOnInterrupt } from "../interrupt.ts";
import { escapeTerminal, goSort, isFailure, TABLE, TabWriter, type Failure } from "../output/index.ts";
import { emit } from "../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS, type ObjectPrinter } from "../printing/print-flags.ts";

const FLAGS = {
  ...PRINT_FLAGS,
  "all-namespaces": bool("Look in all namespaces; --namespace does not count then.", { shorthand: "A" }),
  "chunk-size": integer("Ask for large lists in pieces of that many objects; 0 asks for all at once.", 500),
  for: text("Only events about that thing: TYPE/NAME."),
  "no-headers": bool("Print no headers."),
  types: list("Only events of these types: Normal, Warning."),
  watch: bool("Print what there is, then what comes.", { shorthand: "w" }),
} as const;

const EVENTS = { group: "", version: "v1", resource: "events", kind: "Event", namespaced: true };

interface Options {
  readonly namespace: string;
  readonly types: readonly string[];
  readonly about: { readonly apiVersion: string; readonly kind: string; readonly name: string } | undefined;
  /** Undefined: columns. */
  readonly printer: ObjectPrinter | undefined;
}

export const events = command({
  use: "events [(-o|--output=)json|yaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]",
  summary: "List events",
  about: "List events, the oldest first.",
  examples: `# Of the namespace
kubectl events

# About a pod, as they come
kubectl events --for pod/web --watch`,
  flags: FLAGS,
  complete,
  run,
});

async function complete({ flags, factory, process }: Invocation<typeof FLAGS>): Promise<Options | Failure> {
  const { name } = factory.config.namespace();
  let about: Options["about"];
  if (flags.for !== "") {
    const [type = "", named = "", ...more] = flags.for.split("/");
    if (!flags.for.includes("/")) return { error: "--for must be in resource/name form" };
    if (more.length > 0) return { error: "arguments in resource/name form may not have more than one slash" };
    const mapping = await typeOf(type, await factory.mapper());
    about = { apiVersion: groupVersion(mapping), kind: mapping.kind, name: named };
  }
  const types: string[] = [];
  for (const type of flags.types) {
    const known = ["Normal", "Warning"].find((one) => one.toLowerCase() === type.toLowerCase());
    if (!known) return { error: "valid --types are Normal or Warning" };
    types.push(known);
  }
  const structured = flags.output !== "" || flags.template !== "";
  const printer = structured ? objectPrinter(process, flags) : undefined;
  if (printer && isFailure(printer)) return printer;
  return { namespace: flags["all-namespaces"] ? "" : name, types, about, printer };
}

/** As decodeResourceTypeName: what is no type with version and group is one with its group alone. */
async function typeOf(type: string, mapper: RestMapper): Promise<Mapping> {
  const [resource = "", version = "", ...group] = type.toLowerCase().split(".");
  if (group.length > 0) {
    const full = { resource, version, group: group.join(".") };
    const found = await mapper.resourceFor(full).catch((error: unknown) => {
      if (!(error instanceof GoError)) throw error;
    });
    if (found) return toMapping(found);
  }
  return toMapping(await mapper.resourceFor({ resource, version: "", group: [version, ...group].join(".") }));
}

async function run(options: Options, { flags, factory, process }: Invocation<typeof FLAGS>): Promise<void> {
  const { namespace, about, types } = options;
  const fieldSelector: Query = about
    ? {
        fieldSelector: [
          `involvedObject.apiVersion=${about.apiVersion},involvedObject.kind=${about.kind},involvedObject.name=${about.name}`,
        ],
      }
    : {};
  const limit: Query = flags["chunk-size"] > 0 ? { limit: [String(flags["chunk-size"])] } : {};
  if (flags.watch) return watchEvents(factory, options, { ...fieldSelector, ...limit }, flags);
  const helper = await factory.helper();
  const items: Event[] = [];
  let next = "";
  do {
    const more: Query = next === "" ? {} : { continue: [next] };
    const last = await helper.list(
      { mapping: { ...EVENTS, namespaced: namespace !== "" }, namespace },
      { ...more, ...fieldSelector, ...limit },
    );
    items.push(...((last["items"] ?? []) as unknown as Event[]));
    next = ((last["metadata"] as JsonObject | undefined)?.["continue"] as string | undefined) ?? "";
  } while (next !== "");
  const chosen = items.filter(({ type = "" }) => types.length === 0 || types.includes(type));
  if (chosen.length === 0)
    return process.error(namespace === "" ? "No events found.\n" : `No events found in ${namespace} namespace.\n`);
  goSort(chosen, (a, b) => timeOf(a) < timeOf(b));
  if (options.printer) {
    // A list of Go's types has no names to print.
    if (flags.output === "name") return;
    const typed = chosen.map((event) => ({ apiVersion: "v1", kind: "Event", ...event }) as unknown as JsonObject);
    return emit(process, options.printer.print({ apiVersion: "v1", kind: "EventList", metadata: {}, items: typed }));
  }
  const writer = new TabWriter(TABLE);
  if (!flags["no-headers"]) writer.write(header(flags["all-namespaces"]));
  for (const event of chosen) writer.write(row(event, flags["all-namespaces"], process.now));
  await process.print(writer.take());
}

async function watchEvents(
  factory: Factory,
  { namespace, types, printer }: Options,
  query: Query,
  flags: Invocation<typeof FLAGS>["flags"],
): Promise<void> {
  const { process } = factory;
  exitOnInterrupt(process);
  const helper = await factory.helper();
  const stream = await helper.watch({ mapping: { ...EVENTS, namespaced: namespace !== "" }, namespace }, query);
  const writer = new TabWriter(TABLE);
  let first = !flags["no-headers"];
  for await (const { type, object } of stream) {
    if (type === "DELETED" || type === "BOOKMARK") continue;
    if (type === "ERROR") throw new GoError((object as { message?: string }).message ?? "");
    const event = object as Event;
    if (types.length > 0 && !types.includes(event.type ?? "")) continue;
    if (printer) {
      await emit(process, printer.print(object as JsonObject));
      continue;
    }
    if (first) writer.write(header(flags["all-namespaces"]));
    first = false;
    writer.write(row(event, flags["all-namespaces"], process.now));
    await process.print(writer.take());
  }
}

function header(withNamespace: boolean): string {
  return `${withNamespace ? "NAMESPACE\t" : ""}LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE\n`;
}

function row(event: Event, withNamespace: boolean, now: number): string {
  const { involvedObject: about, metadata, type = "", reason = "", message = "" } = event;
  const cells = [
    interval(event, now),
    type,
    reason,
    `${about.kind ?? ""}/${about.name ?? ""}`,
    escapeTerminal(message.trim()),
  ];
  return `${withNamespace ? `${metadata.namespace ?? ""}\t` : ""}${cells.join("\t")}\n`;
}

/** The last time that an event happened (kubectl pkg/cmd/events eventTime). */
function timeOf({ series, lastTimestamp, eventTime }: Event): number {
  const time = series?.lastObservedTime ?? lastTimestamp ?? eventTime;
  return time ? (parseRfc3339(time) ?? -Infinity) : -Infinity;
}
