import type { JsonObject } from "../output/golang/kind.ts";
import { GoError } from "../errors/go-error.ts";
import { readYaml } from "../yaml/read.ts";
import { isFailure } from "../output/failure.ts";
import { decodeStruct } from "./go-json.ts";
import { STRUCTS } from "./structs.ts";

type Texts = Readonly<Record<string, string>>;

export interface GvkFields {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
}

export interface SelectorFields extends GvkFields {
  readonly name?: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly annotationSelector?: string;
}

export interface FieldSpecFields extends GvkFields {
  readonly path?: string;
  readonly create?: boolean;
}

export interface LabelFields {
  readonly pairs?: Texts;
  readonly includeSelectors?: boolean;
  readonly includeTemplates?: boolean;
  readonly fields?: readonly FieldSpecFields[];
}

export interface PatchFields {
  readonly path?: string;
  readonly patch?: string;
  readonly target?: SelectorFields;
  readonly options?: Readonly<Record<string, boolean>>;
}

export interface ImageFields {
  readonly name?: string;
  readonly newName?: string;
  readonly tagSuffix?: string;
  readonly newTag?: string;
  readonly digest?: string;
}

export interface GeneratorOptionsFields {
  readonly labels?: Texts;
  readonly annotations?: Texts;
  readonly disableNameSuffixHash?: boolean;
  readonly immutable?: boolean;
}

/** An element of configMapGenerator or secretGenerator. */
export interface GeneratorFields {
  readonly name?: string;
  readonly namespace?: string;
  readonly behavior?: string;
  readonly literals?: readonly string[];
  readonly files?: readonly string[];
  readonly envs?: readonly string[];
  readonly env?: string;
  readonly type?: string;
  readonly options?: GeneratorOptionsFields;
}

export interface ReplacementOptions {
  readonly delimiter?: string;
  readonly index?: number;
  readonly encoding?: string;
  readonly create?: boolean;
}

export interface ReplacementFields {
  readonly path?: string;
  readonly source?: SelectorFields & { readonly fieldPath?: string; readonly options?: ReplacementOptions };
  readonly targets?: readonly {
    readonly select?: SelectorFields;
    readonly reject?: readonly SelectorFields[];
    readonly fieldPaths?: readonly string[];
    readonly options?: ReplacementOptions;
  }[];
}

export interface VarFields {
  readonly name?: string;
  readonly objref?: GvkFields & { readonly apiVersion?: string; readonly name?: string; readonly namespace?: string };
  readonly fieldref?: { readonly fieldPath?: string };
}

/** A kustomization.yaml, with the fields that it has. */
export interface Kustomization {
  readonly kind: string;
  readonly apiVersion: string;
  readonly openapi?: Texts;
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly namespace?: string;
  readonly commonLabels?: Texts;
  readonly labels?: readonly LabelFields[];
  readonly commonAnnotations?: Texts;
  readonly patchesStrategicMerge?: readonly string[];
  readonly patchesJson6902?: readonly PatchFields[];
  readonly patches?: readonly PatchFields[];
  readonly images?: readonly ImageFields[];
  readonly replacements?: readonly ReplacementFields[];
  readonly replicas?: readonly { readonly name?: string; readonly count?: number }[];
  readonly vars?: readonly VarFields[];
  readonly sortOptions?: {
    readonly order?: string;
    readonly legacySortOptions?: { readonly orderFirst?: readonly string[]; readonly orderLast?: readonly string[] };
  };
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly crds?: readonly string[];
  readonly configMapGenerator?: readonly GeneratorFields[];
  readonly secretGenerator?: readonly GeneratorFields[];
  readonly helmCharts?: readonly JsonObject[];
  readonly helmGlobals?: JsonObject;
  readonly generatorOptions?: GeneratorOptionsFields;
  readonly configurations?: readonly string[];
  readonly generators?: readonly string[];
  readonly transformers?: readonly string[];
  readonly validators?: readonly string[];
  readonly buildMetadata?: readonly string[];
}

export const COMPONENT = "Component";
const KUSTOMIZATION = "Kustomization";
const FIX = "Run 'kustomize edit fix' to update your Kustomization automatically.";

/** `old field`, `new field`, and what else is said. */
const DEPRECATED = [
  ["bases", "resources", ""],
  ["commonLabels", "labels", ""],
  ["imageTags", "images", ""],
  ["patchesJson6902", "patches", ""],
  ["patchesStrategicMerge", "patches", ""],
  ["vars", "replacements", "[EXPERIMENTAL] "],
] as const;

/** Reads a kustomization.yaml (api/types/kustomization.go); `warn` gets what is deprecated before more is looked at. */
export async function readKustomization(
  text: string,
  root: string,
  warn: (text: string) => Promise<void>,
): Promise<Kustomization> {
  const fields = decode(text);
  const old = DEPRECATED.filter(([name]) => fields[name] !== undefined);
  if (old.length > 0)
    await warn(old.map(([from, to, note]) => `# Warning: '${from}' is deprecated. Please use '${to}' instead. ${note}${FIX}\n`).join("")); // prettier-ignore
  if (isEmpty(fields)) throw new GoError("kustomization.yaml is empty");
  const kustomization = modern(fields);
  const problems = [];
  const { kind, apiVersion } = kustomization;
  if (kind !== KUSTOMIZATION && kind !== COMPONENT) problems.push("kind should be Kustomization or Component");
  const required = `kustomize.config.k8s.io/${kind === COMPONENT ? "v1alpha1" : "v1beta1"}`;
  if (apiVersion !== required) problems.push(`apiVersion for ${kind} should be ${required}`);
  if (problems.length > 0)
    throw new GoError(`Failed to read kustomization file under ${root}:\n${problems.join("\n")}`);
  return kustomization;
}

function decode(text: string): JsonObject {
  const read = readYaml(text);
  try {
    if (isFailure(read)) throw new GoError(read.error);
    return decodeStruct(STRUCTS, KUSTOMIZATION, read.value, true);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`invalid Kustomization: ${error.message}`);
  }
}

function isEmpty(fields: JsonObject): boolean {
  return Object.entries(fields).every(([name, value]) => name === "kind" || name === "apiVersion" || value === "");
}

/** Moves what deprecated fields say to where it belongs now. */
function modern(fields: JsonObject): Kustomization {
  const { bases, imageTags, helmChartInflationGenerator, ...rest } = fields as Record<string, never>;
  const kustomization = rest as unknown as Kustomization;
  const kind = kustomization.kind || KUSTOMIZATION;
  return {
    ...kustomization,
    kind,
    apiVersion: kustomization.apiVersion || `kustomize.config.k8s.io/${kind === COMPONENT ? "v1alpha1" : "v1beta1"}`,
    resources: [...(kustomization.resources ?? []), ...((bases as string[] | undefined) ?? [])],
    images: [...(kustomization.images ?? []), ...((imageTags as ImageFields[] | undefined) ?? [])],
    helmCharts: [...(kustomization.helmCharts ?? []), ...((helmChartInflationGenerator as JsonObject[] | undefined) ?? [])], // prettier-ignore
    configMapGenerator: (kustomization.configMapGenerator ?? []).map(withEnvs),
    secretGenerator: (kustomization.secretGenerator ?? []).map(withEnvs),
  };
}

function withEnvs({ env, ...generator }: GeneratorFields): GeneratorFields {
  return env ? { ...generator, envs: [...(generator.envs ?? []), env] } : generator;
}
