import { groupVersion, type ApiResource } from "../client/api-resource.ts";
import { command, usageError, type Invocation } from "../cobra/command.ts";
import { bool, list, text } from "../cobra/flag.ts";
import { GoError } from "../errors/go-error.ts";
import { TABLE, TabWriter, type Failure } from "../output/index.ts";

const FLAGS = {
  "api-group": text("Only types of that API group."),
  cached: bool("Use what was discovered earlier."),
  categories: list("Only types of these categories."),
  namespaced: bool("false: only types outside of namespaces; true: only those within.", { initial: true }),
  "no-headers": bool("Print no headers."),
  output: text("How to print: wide or name.", { shorthand: "o" }),
  "sort-by": text("Sort by name or by kind."),
  verbs: list("Only types that know these verbs."),
} as const;

export const apiResources = command({
  use: "api-resources [flags]",
  summary: "Print the supported API resources on the server",
  about: "Print the types that the server has.",
  examples: `# All of them
kubectl api-resources

# With their verbs
kubectl api-resources -o wide

# Those outside of namespaces
kubectl api-resources --namespaced=false`,
  flags: FLAGS,
  complete: (invocation): object | Failure =>
    invocation.args.length > 0 ? usageError(invocation, `unexpected arguments: [${invocation.args.join(" ")}]`) : {},
  validate(_, { flags }) {
    if (!["", "wide", "name"].includes(flags.output)) return { error: `--output ${flags.output} is not available` };
    return ["", "name", "kind"].includes(flags["sort-by"])
      ? undefined
      : { error: "--sort-by accepts only name or kind" };
  },
  run,
});

async function run(_: unknown, { flags, given, factory, process }: Invocation<typeof FLAGS>): Promise<void> {
  const { discovery } = await factory.mapper();
  if (!flags.cached) discovery.invalidate();
  let failure: GoError | undefined;
  const all = await discovery.resources().catch((error: unknown) => {
    if (!(error instanceof GoError)) throw error;
    failure = error;
    return [];
  });
  const chosen = preferred(all).filter(
    (one) =>
      (!given.has("api-group") || one.group === flags["api-group"]) &&
      (!given.has("namespaced") || one.namespaced === flags.namespaced) &&
      flags.verbs.every((verb) => one.verbs.includes(verb)) &&
      flags.categories.every((category) => one.categories.includes(category)),
  );
  await process.print(resourcesText(sorted(chosen, flags["sort-by"]), flags));
  if (failure) throw failure;
}

/** Of a type that is served in several versions the preferred one is shown (client-go ServerPreferredResources). */
function preferred(all: readonly ApiResource[]): ApiResource[] {
  const first = new Map(all.toReversed().map((one) => [`${one.group}/${one.name}`, one]));
  return all.filter((one) => first.get(`${one.group}/${one.name}`) === one && one.verbs.length > 0);
}

/** Those whose objects can be got, in the order in which they are listed. */
export function gettable(all: readonly ApiResource[]): readonly ApiResource[] {
  return sorted(
    preferred(all).filter(({ verbs }) => verbs.includes("get")),
    "",
  );
}

/** By group, then by name; by another field alone if asked for. */
function sorted(resources: readonly ApiResource[], by: string): readonly ApiResource[] {
  const key = (one: ApiResource): string =>
    by === "name" ? one.name : by === "kind" ? one.kind : `${one.group}\0${one.name}`;
  return resources.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function resourcesText(resources: readonly ApiResource[], flags: Invocation<typeof FLAGS>["flags"]): string {
  if (flags.output === "name")
    return resources.map(({ name, group }) => `${group === "" ? name : `${name}.${group}`}\n`).join("");
  const wide = flags.output === "wide";
  const writer = new TabWriter(TABLE);
  if (!flags["no-headers"])
    writer.write(`NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND${wide ? "\tVERBS\tCATEGORIES" : ""}\n`);
  for (const one of resources) {
    const cells = [one.name, one.shortNames.join(","), groupVersion(one), String(one.namespaced), one.kind];
    if (wide) cells.push(one.verbs.join(","), one.categories.join(","));
    writer.write(`${cells.join("\t")}\n`);
  }
  return writer.take();
}
