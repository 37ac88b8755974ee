// oxlint-disable no-restricted-imports, no-restricted-globals -- a generator that is run by hand, not a part of the simulation
/**
 * Writes `structure.json` and `docs.json` from the typings of the npm package kubernetes-models (Kubernetes 1.33):
 * `node server/sim/kube/api/schema/generate.ts`. Names, types, enums, required flags and docs stand in its `.d.ts` files;
 * the number formats in its compiled validators. `schema.test.ts` checks that the committed tables are what this makes.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import type { DocsTable, StructureTable } from "./table.ts";

/** What a 1.33 server serves. Older versions stand in the package too, and are left out. */
const GROUP_VERSIONS = [
  "v1", "admissionregistration.k8s.io/v1", "apiextensions.k8s.io/v1", "apiregistration.k8s.io/v1", "apps/v1",
  "authentication.k8s.io/v1", "authorization.k8s.io/v1", "autoscaling/v1", "autoscaling/v2", "batch/v1",
  "certificates.k8s.io/v1", "coordination.k8s.io/v1", "discovery.k8s.io/v1", "events.k8s.io/v1",
  "flowcontrol.apiserver.k8s.io/v1", "networking.k8s.io/v1", "node.k8s.io/v1", "policy/v1",
  "rbac.authorization.k8s.io/v1", "scheduling.k8s.io/v1", "storage.k8s.io/v1",
]; // prettier-ignore

const require = createRequire(import.meta.url);
const models = dirname(require.resolve("kubernetes-models/package.json"));
const machinery = join(dirname(createRequire(join(models, "package.json")).resolve("@kubernetes-models/apimachinery")));

/** Type expressions of the table for the names that are no structures. */
const SCALARS: Record<string, string> = {
  IIoK8sApimachineryPkgApisMetaV1Time: "t",
  IIoK8sApimachineryPkgApisMetaV1MicroTime: "u",
  IIoK8sApimachineryPkgApiResourceQuantity: "q",
  IIoK8sApimachineryPkgUtilIntstrIntOrString: "o",
  IIoK8sApimachineryPkgApisMetaV1FieldsV1: "*",
  IIoK8sApimachineryPkgRuntimeRawExtension: "*",
  string: "s",
  number: "i",
  boolean: "b",
};

/** The one structure that the package writes out where it is used. */
const INLINED: Record<string, string> = {
  "apps/v1.StatefulSetSpec volumeClaimTemplates": "[]#v1.PersistentVolumeClaim",
};

interface Source {
  readonly id: string;
  readonly text: string;
  readonly validator: string;
}

export function generate(): { structure: StructureTable; docs: DocsTable } {
  const sources = [
    ...folder(join(machinery, "apis/meta/v1"), "meta/v1", machinery),
    ...folder(join(machinery, "version"), "meta/v1", machinery),
    ...GROUP_VERSIONS.flatMap((groupVersion) => folder(join(models, groupVersion), groupVersion, models)),
  ];
  const idOf = new Map<string, string>();
  for (const { id, text } of sources) {
    const exported = /^export \{ \w+ as (I?Io\w+)/m.exec(text)?.[1];
    if (exported) idOf.set(exported, id);
  }
  const structure: StructureTable = {};
  const docs: DocsTable = {};
  for (const source of sources) {
    const parsed = parseInterface(source, idOf);
    if (!parsed) continue;
    structure[source.id] = parsed.fields;
    docs[source.id] = parsed.docs;
  }
  return { structure, docs };
}

function folder(path: string, groupVersion: string, root: string): Source[] {
  return readdirSync(path)
    .filter((file) => file.endsWith(".d.ts") && file !== "index.d.ts")
    .sort()
    .map((file) => {
      const text = readFileSync(join(path, file), "utf8");
      const name = /^export \{ \w+ as I(Io\w+)/m.exec(text)?.[1];
      const validator = name ? readIfThere(join(root, "_schemas", `${name}.js`)) : "";
      return { id: `${groupVersion}.${file.slice(0, -".d.ts".length)}`, text, validator };
    });
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The fields of `export interface IName { … }`, in the order in which they stand there; undefined for type aliases. */
function parseInterface(
  { id, text, validator }: Source,
  idOf: ReadonlyMap<string, string>,
): { fields: string[]; docs: string[] } | undefined {
  const start = /^(?:\/\*\*\n((?: \*.*\n)*?) \*\/\n)?export interface \w+(?: extends (\w+))? \{\n/m.exec(text);
  if (!start) return undefined;
  const lines = text.slice(start.index + start[0].length, text.indexOf("\n}\n", start.index)).split("\n");
  const fields: string[] = [];
  const docs = [comment(start[1]?.split("\n") ?? [])];
  let pending: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    if (/^ {4}\/\*\*$/.test(line)) {
      pending = [];
      while (!/^ {4} \*\/$/.test(lines[++at]!)) pending.push(lines[at]!);
      continue;
    }
    if (line === "") continue;
    const field = /^ {4}"([^"]+)"(\??): (.*)$/.exec(line);
    if (!field) throw new Error(`${id}: cannot read ${JSON.stringify(line)}`);
    let type = field[3]!;
    const [name, optional] = [field[1]!, field[2] === "?"];
    if (type.endsWith("{")) while (!/^ {4}\}>?;$/.test(lines[++at]!)) type += lines[at]!.trim();
    const written = INLINED[`${id} ${name}`] ?? expression(id, type.replace(/;$/, ""), idOf, format(validator, name));
    fields.push(`${name}${optional ? "" : "!"}:${written}`);
    docs.push(comment(pending));
    pending = [];
  }
  return { fields, docs };
}

/**
 * A TypeScript type in the table's letters: s string, i int32, l int64, d double, b boolean, y bytes, t Time, u MicroTime,
 * q Quantity, o IntOrString, * anything, e(A|B) an enum of strings, []T, {}T, and #id for a structure.
 */
function expression(id: string, type: string, idOf: ReadonlyMap<string, string>, formats: readonly string[]): string {
  const array = /^Array<(.*)>$/.exec(type);
  if (array) return `[]${expression(id, array[1]!, idOf, formats)}`;
  const map = /^\{\[key: string\]: (.*?);?$/.exec(type);
  if (map) return `{}${expression(id, map[1]!, idOf, formats)}`;
  if (/^"[^"]*"( \| "[^"]*")*$/.test(type))
    return `e(${[...type.matchAll(/"([^"]*)"/g)].map((match) => match[1]).join("|")})`;
  if (type === "string" && formats.includes("byte")) return "y";
  if (type === "number") return formats.includes("int64") ? "l" : formats.includes("double") ? "d" : "i";
  const scalar = SCALARS[type];
  if (scalar) return scalar;
  const reference = idOf.get(type);
  if (reference) return `#${reference}`;
  if (/JSON|JSONSchemaProps|^any$|^unknown$|\|/.test(type)) return "*";
  throw new Error(`${id}: unknown type ${type}`);
}

/** The number and string formats that the compiled validator checks for a property. */
function format(validator: string, name: string): string[] {
  const call = new RegExp(`void 0===data\\.${name}\\|\\|(validate\\d+)\\(`).exec(validator)?.[1];
  if (!call) return [];
  const seen = new Set([call]);
  const formats: string[] = [];
  for (const fn of seen) {
    const start = validator.indexOf(`function ${fn}(`);
    const end = validator.indexOf("\nfunction ", start + 1);
    const body = validator.slice(start, end < 0 ? nextFunction(validator, start) : end);
    for (const match of body.matchAll(/format:"([\w-]+)"/g)) formats.push(match[1]!);
    for (const match of body.matchAll(/(validate\d+)\(data\d*/g)) seen.add(match[1]!);
  }
  return formats;
}

function nextFunction(validator: string, start: number): number {
  const next = validator.indexOf("function validate", start + 9);
  return next < 0 ? validator.length : next;
}

function comment(lines: readonly string[]): string {
  return lines
    .map((line) => line.replace(/^\s*\* ?/, ""))
    .join("\n")
    .replaceAll("\\*", "*")
    .trim();
}

function pack(table: unknown): string {
  const text = JSON.stringify(table);
  return brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).toString("base64");
}

if (import.meta.main) {
  const { structure, docs } = generate();
  for (const [name, table] of Object.entries({ structure, docs })) {
    const packed = pack(table);
    writeFileSync(new URL(`${name}.json`, import.meta.url), `${JSON.stringify(packed)}\n`);
    console.log(`${name}.json: ${Object.keys(table).length} types, ${packed.length} characters`);
  }
}
