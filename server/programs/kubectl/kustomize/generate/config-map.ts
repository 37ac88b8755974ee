import { decode, type Bytes } from "../../../../sim/kernel/index.ts";
import { GoError } from "../../errors/go-error.ts";
import type { GeneratorFields, GeneratorOptionsFields } from "../kustomization.ts";
import type { Loader } from "../loader.ts";
import { NOTE, Resource } from "../resource.ts";
import { Node, sortedNames } from "../yaml/node.ts";
import { loadKeyValues } from "./key-values.ts";

export type GeneratedKind = "ConfigMap" | "Secret";

/** Makes a ConfigMap or Secret (api/internal/generators). Its name gets a hash later, if it is to have one. */
export async function generate(
  kind: GeneratedKind,
  fields: GeneratorFields,
  common: GeneratorOptionsFields | undefined,
  loader: Loader,
): Promise<Resource> {
  const { name = "", namespace = "", type = "" } = fields;
  if (name === "") throw new GoError("a configmap must have a name");
  const node = Node.map();
  node.set("apiVersion", Node.text("v1"));
  node.set("kind", Node.text(kind));
  node.set("metadata", Node.texts(namespace === "" ? { name } : { name, namespace }));
  if (kind === "Secret") node.set("type", Node.text(type === "" ? "Opaque" : type));
  const values = await uniqueValues(fields, loader);
  for (const field of kind === "Secret" ? SECRET_FIELDS : CONFIG_MAP_FIELDS) fill(node, field, values);
  const options = mergedOptions(fields.options, common);
  const resource = new Resource(node);
  if (Object.keys(options.labels ?? {}).length > 0) resource.setLabels({ ...options.labels });
  if (Object.keys(options.annotations ?? {}).length > 0) resource.setAnnotations({ ...options.annotations });
  if (options.immutable) node.set("immutable", new Node("scalar", { tag: "!!bool", value: "true" }));
  if (!options.disableNameSuffixHash) resource.enable(NOTE.needsHash);
  const { behavior = "" } = fields;
  resource.setAnnotations({ ...resource.annotations, [NOTE.behavior]: BEHAVIORS.includes(behavior) ? behavior : "unspecified" }); // prettier-ignore
  return resource;
}

const BEHAVIORS = ["create", "replace", "merge"];

async function uniqueValues(fields: GeneratorFields, loader: Loader): Promise<Record<string, Bytes>> {
  const values: Record<string, Bytes> = {};
  for (const { key, value } of await loadKeyValues(fields, loader)) {
    if (Object.hasOwn(values, key)) throw new GoError(`configmap ${fields.name} illegally repeats the key \`${key}\``);
    values[key] = value;
  }
  return values;
}

interface DataField {
  readonly name: string;
  takes(value: Bytes): boolean;
  text(value: Bytes): string;
  /** It is there even if nothing is in it. */
  readonly always?: boolean;
}

const CONFIG_MAP_FIELDS: readonly DataField[] = [
  { name: "data", takes: isUtf8, text: decode },
  { name: "binaryData", takes: (value) => !isUtf8(value), text: base64Lines },
];
const SECRET_FIELDS: readonly DataField[] = [{ name: "data", takes: () => true, text: base64Lines, always: true }];

function fill(node: Node, { name, takes, text, always }: DataField, values: Readonly<Record<string, Bytes>>): void {
  const texts = sortedNames(values)
    .filter((key) => takes(values[key]!))
    .map((key) => [key, text(values[key]!)] as const);
  if (always || texts.length > 0) node.set(name, Node.texts(Object.fromEntries(texts)));
}

function isUtf8(value: Bytes): boolean {
  return Buffer.from(value, "latin1").equals(Buffer.from(Buffer.from(value, "latin1").toString("utf8"), "utf8"));
}

const LINE = 70;

/** Base 64, in lines if it is more than one (kyaml datamap.go encodeBase64). */
function base64Lines(value: Bytes): string {
  const text = Buffer.from(value, "latin1").toString("base64");
  return text.length < LINE ? text : text.replace(/.{1,70}/g, "$&\n");
}

/** The generator's own options go before those for all. */
function mergedOptions(own: GeneratorOptionsFields = {}, common: GeneratorOptionsFields = {}): GeneratorOptionsFields {
  return {
    labels: { ...common.labels, ...own.labels },
    annotations: { ...common.annotations, ...own.annotations },
    disableNameSuffixHash: own.disableNameSuffixHash || common.disableNameSuffixHash || false,
    immutable: own.immutable || common.immutable || false,
  };
}
