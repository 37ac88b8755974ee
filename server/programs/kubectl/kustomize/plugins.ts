import { GoError, NotSimulated } from "../errors/go-error.ts";
import { isFailure } from "../output/failure.ts";
import type { Json, JsonObject } from "../output/golang/kind.ts";
import { readYaml } from "../yaml/read.ts";
import { fieldSpec } from "./config.ts";
import { generate } from "./generate/config-map.ts";
import { decodeStruct, type Structs } from "./go-json.ts";
import type { FieldSpecFields, GeneratorFields, ImageFields, PatchFields, ReplacementFields } from "./kustomization.ts";
import { refuseExternal } from "./external-plugin.ts";
import { checkChart, inflateChart } from "./helm.ts";
import type { Loader } from "./loader.ts";
import type { ResMap } from "./resmap.ts";
import { gvkText, idText } from "./resid.ts";
import type { Resource } from "./resource.ts";
import type { Build } from "./target.ts";
import { STRUCTS } from "./structs.ts";
import { addAffix } from "./transform/affix.ts";
import { addHashes } from "./transform/hash.ts";
import { changeImages } from "./transform/images.ts";
import { addTexts } from "./transform/labels.ts";
import { checkSubjects, setNamespace } from "./transform/namespace.ts";
import { applyPatch, readMerges, readPatch } from "./transform/patches.ts";
import { replaceFields } from "./transform/replacements.ts";
import { setReplicas } from "./transform/replicas.ts";

export type Transformer = (map: ResMap) => void;
export type Generator = () => Promise<Resource[]>;

const SPECS = { fieldSpecs: "[]types.FieldSpec" } as const;

/** What the files of built-in plugins hold, by their kinds (api/internal/builtins). */
const PLUGINS: Structs = {
  ...STRUCTS,
  AnnotationsTransformer: { annotations: "map[string]string", ...SPECS },
  ConfigMapGenerator: { metadata: "types.ObjectMeta", ...STRUCTS.ConfigMapArgs },
  HashTransformer: {},
  HelmChartInflationGenerator: { metadata: "types.ObjectMeta", ...STRUCTS.HelmGlobals, ...STRUCTS.HelmChart },
  ImageTagTransformer: { imageTag: "types.Image", ...SPECS },
  LabelTransformer: { labels: "map[string]string", ...SPECS },
  NamespaceTransformer: { metadata: "types.ObjectMeta", unsetOnly: "bool", setRoleBindingSubjects: "string", ...SPECS },
  PatchJson6902Transformer: { target: "types.Selector", path: "string", jsonOp: "string" },
  PatchStrategicMergeTransformer: { paths: "[]string", patches: "string" },
  PatchTransformer: STRUCTS.Patch,
  PrefixTransformer: { prefix: "string", ...SPECS },
  ReplacementTransformer: { replacements: "[]types.ReplacementField" },
  ReplicaCountTransformer: { replica: "types.Replica", ...SPECS },
  SecretGenerator: { metadata: "types.ObjectMeta", ...STRUCTS.SecretArgs },
  SuffixTransformer: { suffix: "string", ...SPECS },
};

const NOT_SIMULATED = ["IAMPolicyGenerator", "ValueAddTransformer"];
const HELM = "HelmChartInflationGenerator";

interface PluginFields extends Omit<GeneratorFields & PatchFields, "options"> {
  readonly options?: never;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly fieldSpecs?: readonly FieldSpecFields[];
  readonly imageTag?: ImageFields;
  readonly unsetOnly?: boolean;
  readonly setRoleBindingSubjects?: string;
  readonly jsonOp?: string;
  readonly paths?: readonly string[];
  readonly patches?: string;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly replacements?: readonly ReplacementFields[];
  readonly replica?: { readonly name?: string; readonly count?: number };
}

/** A built-in plugin with what its file says. */
function checked(resource: Resource, build: Build): { readonly kind: string; readonly fields: PluginFields } {
  const { gvk } = resource;
  if (gvk.group !== "" || gvk.version !== "builtin")
    throw refuseExternal(build.process, gvk, resource.annotations, build.plugins);
  if (NOT_SIMULATED.includes(gvk.kind)) throw new NotSimulated(`kustomize with the plugin '${gvk.kind}'`);
  if (!PLUGINS[gvk.kind] || gvk.kind in STRUCTS) throw new GoError(`unable to load builtin ${gvkText(gvk)}`);
  try {
    return { kind: gvk.kind, fields: decodeStruct(PLUGINS, gvk.kind, resource.json(), false) };
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`plugin ${idText(resource.originalId)} fails configuration: error unmarshaling JSON: while decoding JSON: ${error.message}`); // prettier-ignore
  }
}

/** A generator that a file describes. */
export function loadGenerator(resource: Resource, loader: Loader, build: Build): Generator {
  const { kind, fields } = checked(resource, build);
  if (kind === HELM) {
    const chart = resource.json() as JsonObject;
    configured(resource, () => checkChart(build.helm, chart));
    return () => inflateChart(build.process, build.helm, chart);
  }
  if (kind !== "ConfigMapGenerator" && kind !== "SecretGenerator")
    throw new GoError(`plugin ${idText(resource.originalId)} not a generator`);
  const { name = fields.metadata?.name, namespace = fields.metadata?.namespace } = fields;
  const args = { ...fields, ...(name ? { name } : {}), ...(namespace ? { namespace } : {}) };
  const made = kind === "SecretGenerator" ? "Secret" : "ConfigMap";
  return async () => [await generate(made, args, undefined, loader)];
}

/** A transformer that a file describes. */
export async function loadTransformer(resource: Resource, loader: Loader, build: Build): Promise<Transformer> {
  const { kind, fields } = checked(resource, build);
  const specs = (fields.fieldSpecs ?? []).map(fieldSpec);
  try {
    if ((kind === "PrefixTransformer" || kind === "SuffixTransformer") && !fields.fieldSpecs)
      throw new GoError("fieldSpecs is not expected to be nil");
    const { setRoleBindingSubjects: mode = "" } = fields;
    if (kind === "NamespaceTransformer") checkSubjects(mode);
    const transform = await transformerOf(kind, fields, specs, loader, resource);
    if (transform) return transform;
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`plugin ${idText(resource.originalId)} fails configuration: ${error.message}`);
  }
  throw new GoError(`plugin ${idText(resource.originalId)} not a transformer`);
}

function configured(resource: Resource, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`plugin ${idText(resource.originalId)} fails configuration: ${error.message}`);
  }
}

async function transformerOf(
  kind: string,
  fields: PluginFields,
  specs: readonly ReturnType<typeof fieldSpec>[],
  loader: Loader,
  resource: Resource,
): Promise<Transformer | undefined> {
  switch (kind) {
    case "AnnotationsTransformer":
      return ({ list }) => addTexts(list, fields.annotations ?? {}, specs);
    case "LabelTransformer":
      return ({ list }) => addTexts(list, fields.labels ?? {}, specs);
    case "HashTransformer":
      return ({ list }) => addHashes(list);
    case "ImageTagTransformer":
      return ({ list }) => changeImages(list, imageChange(fields.imageTag), specs);
    case "NamespaceTransformer": {
      const { unsetOnly = false, setRoleBindingSubjects: subjects = "", metadata = {} } = fields;
      return (map) => setNamespace(map, { namespace: metadata.namespace ?? "", specs, unsetOnly, subjects });
    }
    case "PrefixTransformer":
      return ({ list }) => addAffix(list, "prefix", fields.prefix ?? "", specs);
    case "SuffixTransformer":
      return ({ list }) => addAffix(list, "suffix", fields.suffix ?? "", specs);
    case "ReplicaCountTransformer": {
      const { name = "", count = 0 } = fields.replica ?? {};
      return (map) => setReplicas(map, { name, count }, specs);
    }
    case "PatchTransformer": {
      const patch = await readPatch(fields, loader, resource.yaml());
      return (map) => applyPatch(map, patch);
    }
    case "PatchJson6902Transformer": {
      const { path = "", jsonOp = "", target } = fields;
      const patch = await readPatch({ path, patch: jsonOp, ...(target ? { target } : {}) }, loader, resource.yaml());
      return (map) => applyPatch(map, patch);
    }
    case "PatchStrategicMergeTransformer": {
      const merges = await readMerges([...(fields.paths ?? []), ...(fields.patches ? [fields.patches] : [])], loader);
      return (map) => applyPatch(map, { merges, operations: undefined, target: undefined, source: "" });
    }
    case "ReplacementTransformer": {
      const replacements = await readReplacements(fields.replacements ?? [], loader);
      return ({ list }) => replacements.forEach((each) => replaceFields(list, each));
    }
    default:
      return undefined;
  }
}

export function imageChange(fields: ImageFields = {}): Required<ImageFields> {
  return { name: "", newName: "", tagSuffix: "", newTag: "", digest: "", ...fields };
}

/** Elements of `replacements`; one with a path stands for what that file holds, one or a list. */
export async function readReplacements(
  elements: readonly ReplacementFields[],
  loader: Loader,
): Promise<ReplacementFields[]> {
  const replacements: ReplacementFields[] = [];
  for (const element of elements) {
    const { path, source, targets = [] } = element;
    if (!path) {
      replacements.push(element);
      continue;
    }
    if (source || targets.length > 0) throw new GoError("cannot specify both path and inline replacement");
    const read = readYaml(await loader.text(path));
    if (isFailure(read)) throw new GoError(`error converting YAML to JSON: ${read.error}`);
    const { value } = read;
    if (Array.isArray(value)) for (const item of value as readonly Json[]) replacements.push(replacementOf(item));
    else if (typeof value === "object" && value !== null) replacements.push(replacementOf(value));
    else throw new GoError(`unsupported replacement type encountered within replacement path: ${typeof value === "string" ? "string" : "invalid"}`); // prettier-ignore
  }
  return replacements;
}

function replacementOf(value: Json): ReplacementFields {
  return decodeStruct(STRUCTS, "ReplacementField", value, false);
}
