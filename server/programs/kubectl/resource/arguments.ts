import type { RestMapper } from "../client/rest-mapper.ts";
import { groupResource } from "../client/api-resource.ts";
import { GoError } from "../errors/go-error.ts";

/** A type with one name, as in `pod/web`. */
export interface Tuple {
  readonly type: string;
  readonly name: string;
}

/** What TYPE and NAME arguments ask for: single things, or types with perhaps some names. */
export interface Selection {
  readonly tuples: readonly Tuple[];
  readonly types: readonly string[];
  readonly names: readonly string[];
}

const NOTHING: Selection = { tuples: [], types: [], names: [] };

/** Reads `TYPE[,TYPE] [NAME…]` and `TYPE/NAME…` (cli-runtime pkg/resource/builder.go ResourceTypeOrNameArgs). */
export async function typesAndNames(args: readonly string[], mapper: () => Promise<RestMapper>): Promise<Selection> {
  const normal = spreadTypes(args);
  if (combined(normal)) return { ...NOTHING, tuples: normal.map((word) => tuple(word)!) };
  const [first, ...names] = normal;
  if (first === undefined) return NOTHING;
  return { ...NOTHING, types: distinct((await expandCategories(first, await mapper())).split(",")), names };
}

/** Reads names of one type, each of which may be `TYPE/NAME` (ResourceNames). */
export function namesOf(type: string, names: readonly string[]): Tuple[] {
  return names.map((name) => tuple(name) ?? { type, name });
}

/** `a,b x` is `a/x b/x`. */
function spreadTypes(args: readonly string[]): readonly string[] {
  if (args.length < 2) return args;
  const types = distinct(args[0]!.split(","));
  return types.length > 1 ? types.flatMap((type) => args.slice(1).map((name) => `${type}/${name}`)) : args;
}

function combined(args: readonly string[]): boolean {
  const slashed = args.filter((word) => word.includes("/")).length;
  if (slashed === 0 || slashed === args.length) return slashed > 0;
  throw new GoError(
    "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
  );
}

function tuple(word: string): Tuple | undefined {
  if (!word.includes("/")) return undefined;
  const parts = word.split("/");
  if (parts.length !== 2) throw new GoError("arguments in resource/name form may not have more than one slash");
  const [type = "", name = ""] = parts;
  if (type === "" || name === "" || type.includes(","))
    throw new GoError("arguments in resource/name form must have a single resource and name");
  return { type, name };
}

/** `all` is the types that the server puts into that category. */
async function expandCategories(types: string, mapper: RestMapper): Promise<string> {
  const expanded: string[] = [];
  for (const type of types.split(",")) {
    const members = await mapper.category(type).catch(ignored);
    expanded.push(
      ...(members.length === 0 ? [type] : members.map(({ name, group }) => groupResource({ group, resource: name }))),
    );
  }
  return expanded.join(",");
}

/** That the server could not be asked comes out again when the type is looked up. */
function ignored(error: unknown): readonly [] {
  if (error instanceof GoError) return [];
  throw error;
}

function distinct(words: readonly string[]): string[] {
  return [...new Set(words)];
}
