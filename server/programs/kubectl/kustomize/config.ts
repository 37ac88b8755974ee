import { createRequire } from "node:module";
import { GoError } from "../errors/go-error.ts";
import { isFailure } from "../output/failure.ts";
import type { Json } from "../output/golang/kind.ts";
import { readYaml } from "../yaml/read.ts";
import { mergeSpecs, sortSpecs, type FieldSpec } from "./field-spec.ts";
import { decodeStruct, type Structs } from "./go-json.ts";
import type { FieldSpecFields, GvkFields } from "./kustomization.ts";
import { compareGvk, sameGvk } from "./resid.ts";
import { STRUCTS } from "./structs.ts";
import type { NameReference } from "./transform/name-references.ts";

const LISTS = [
  "namePrefix", "nameSuffix", "namespace", "commonLabels", "labels", "templateLabels", "commonAnnotations", "varReference",
  "images", "replicas",
] as const; // prettier-ignore

/** Where in which kinds each transformer works (api/internal/plugins/builtinconfig/transformerconfig.go). */
export type TransformerConfig = Readonly<Record<(typeof LISTS)[number], readonly FieldSpec[]>> & {
  readonly nameReference: readonly NameReference[];
};

/** `+` before a path: it is created where it is missing. */
type Row = readonly [path: string, kind?: string, group?: string, version?: string];

interface Defaults extends Readonly<Partial<Record<(typeof LISTS)[number], readonly Row[]>>> {
  readonly nameReference: readonly {
    readonly target: readonly [kind: string, group?: string, version?: string];
    readonly fields: readonly Row[];
  }[];
}

const require = createRequire(import.meta.url);
let defaults: TransformerConfig | undefined;

const NAME: FieldSpec = { group: "", version: "", kind: "", path: "metadata/name", create: false };

/** What is built into kustomize 5.6 (konfig/builtinpluginconsts, in defaults.json). */
export function defaultConfig(): TransformerConfig {
  return (defaults ??= unpack(require("./defaults.json") as Defaults));
}

function unpack(table: Defaults): TransformerConfig {
  const lists = Object.fromEntries(LISTS.map((name) => [name, sortSpecs((table[name] ?? []).map(specOf))]));
  const nameReference = table.nameReference.map(({ target: [kind, group = "", version = ""], fields }) => ({
    kind,
    group,
    version,
    fieldSpecs: fields.map(specOf),
  }));
  return {
    ...(lists as Record<(typeof LISTS)[number], FieldSpec[]>),
    namePrefix: [NAME],
    nameSuffix: [NAME],
    nameReference,
  };
}

function specOf([path, kind = "", group = "", version = ""]: Row): FieldSpec {
  const create = path.startsWith("+");
  return { path: create ? path.slice(1) : path, kind, group, version, create };
}

const CONFIG_STRUCTS: Structs = {
  ...STRUCTS,
  TransformerConfig: {
    ...Object.fromEntries(LISTS.map((name) => [name, "[]types.FieldSpec"])),
    nameReference: "[]types.NameBackReferences",
  },
  NameBackReferences: {
    group: "string in Gvk",
    version: "string in Gvk",
    kind: "string in Gvk",
    fieldSpecs: "[]types.FieldSpec",
  },
};

export function fieldSpec({
  group = "",
  version = "",
  kind = "",
  path = "",
  create = false,
}: FieldSpecFields): FieldSpec {
  return { group, version, kind, path, create };
}

interface ConfigFields extends Readonly<Partial<Record<(typeof LISTS)[number], readonly FieldSpecFields[]>>> {
  readonly nameReference?: readonly (GvkFields & { readonly fieldSpecs?: readonly FieldSpecFields[] })[];
}

/** A file of `configurations`. */
export function readConfig(text: string): TransformerConfig {
  const read = readYaml(text);
  if (isFailure(read)) throw new GoError(`error converting YAML to JSON: ${read.error}`);
  const fields = decode(read.value);
  const lists = Object.fromEntries(LISTS.map((name) => [name, (fields[name] ?? []).map(fieldSpec)]));
  const nameReference = (fields.nameReference ?? []).map(
    ({ group = "", version = "", kind = "", fieldSpecs = [] }) => ({
      group,
      version,
      kind,
      fieldSpecs: fieldSpecs.map(fieldSpec),
    }),
  );
  return { ...(lists as Record<(typeof LISTS)[number], FieldSpec[]>), nameReference };
}

function decode(value: Json): ConfigFields {
  try {
    return decodeStruct(CONFIG_STRUCTS, "TransformerConfig", value, false);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`error unmarshaling JSON: while decoding JSON: ${error.message}`);
  }
}

export function mergeConfigs(base: TransformerConfig, more: TransformerConfig): TransformerConfig {
  if (more === base) return base;
  const lists = Object.fromEntries(LISTS.map((name) => [name, sortSpecs(mergeSpecs(base[name], more[name]))]));
  const nameReference = [...base.nameReference];
  for (const reference of more.nameReference) {
    const at = nameReference.findIndex((other) => sameGvk(other, reference));
    if (at < 0) nameReference.push(reference);
    else
      nameReference[at] = { ...reference, fieldSpecs: mergeSpecs(nameReference[at]!.fieldSpecs, reference.fieldSpecs) };
  }
  return { ...(lists as Record<(typeof LISTS)[number], FieldSpec[]>), nameReference: nameReference.sort(compareGvk) };
}
