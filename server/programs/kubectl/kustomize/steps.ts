import { GoError } from "../errors/go-error.ts";
import type { Json, JsonObject } from "../output/golang/kind.ts";
import { fieldSpec, type TransformerConfig } from "./config.ts";
import { mergeSpecs, type FieldSpec } from "./field-spec.ts";
import { generate, type GeneratedKind } from "./generate/config-map.ts";
import { checkChart, inflateChart } from "./helm.ts";
import { omitEmpty } from "./go-json.ts";
import type { Kustomization, LabelFields } from "./kustomization.ts";
import type { Loader } from "./loader.ts";
import { imageChange, readReplacements, type Generator, type Transformer } from "./plugins.ts";
import type { ResId } from "./resid.ts";
import type { Build } from "./target.ts";
import { addAffix } from "./transform/affix.ts";
import { changeImages } from "./transform/images.ts";
import { addTexts } from "./transform/labels.ts";
import { setNamespace } from "./transform/namespace.ts";
import { applyPatch, readMerges, readPatch } from "./transform/patches.ts";
import { replaceFields } from "./transform/replacements.ts";
import { setReplicas } from "./transform/replicas.ts";
import { yamlText } from "./yaml/json.ts";

/** The name of a plugin, and where it is configured if it has a file of its own. */
interface Plugin {
  readonly kind: string;
  readonly file?: string;
  readonly id?: ResId;
}

export interface MakingStep extends Plugin {
  readonly make: Generator;
}

export interface Step extends Plugin {
  readonly transform: Transformer;
}

/** What the generator fields of a kustomization say (kusttarget_configplugin.go). */
export async function builtinGenerators(
  kustomization: Kustomization,
  loader: Loader,
  { process, helm }: Build,
): Promise<MakingStep[]> {
  const {
    configMapGenerator = [],
    secretGenerator = [],
    helmCharts = [],
    helmGlobals,
    generatorOptions,
  } = kustomization;
  const step = (kind: GeneratedKind, fields: (typeof configMapGenerator)[number]): MakingStep => ({
    kind: `${kind}Generator`,
    make: async () => [await generate(kind, fields, generatorOptions, loader)],
  });
  const charts = helmCharts.map((fields): MakingStep => {
    const kind = "HelmChartInflationGenerator";
    const chart = { ...helmGlobals, ...fields };
    configure(kind, chart, () => checkChart(helm, chart));
    return { kind, make: () => inflateChart(process, helm, chart) };
  });
  return [
    ...configMapGenerator.map((fields) => step("ConfigMap", fields)),
    ...secretGenerator.map((fields) => step("Secret", fields)),
    ...charts,
  ];
}

function configure<T>(kind: string, config: JsonObject, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw inConfig(kind, config, error);
  }
}

async function configureLater<T>(kind: string, config: JsonObject, act: (text: string) => Promise<T>): Promise<T> {
  try {
    return await act(yamlText(omitEmpty(config)));
  } catch (error) {
    throw inConfig(kind, config, error);
  }
}

function inConfig(kind: string, config: JsonObject, error: unknown): unknown {
  if (!(error instanceof GoError)) return error;
  return new GoError(
    `trouble configuring builtin ${kind} with config: \`\n${yamlText(omitEmpty(config))}\`: ${error.message}`,
  );
}

/** What the transformer fields say, in the order in which kustomize works. */
export async function builtinTransformers(
  kustomization: Kustomization,
  config: TransformerConfig,
  loader: Loader,
): Promise<Step[]> {
  return [
    ...(await patchSteps(kustomization, loader)),
    ...namingSteps(kustomization, config),
    ...textSteps(kustomization, config),
    ...(await operationSteps(kustomization, loader)),
    ...valueSteps(kustomization, config),
    ...(await replacementSteps(kustomization, loader)),
  ];
}

async function patchSteps(
  { patchesStrategicMerge = [], patches = [] }: Kustomization,
  loader: Loader,
): Promise<Step[]> {
  const steps: Step[] = [];
  if (patchesStrategicMerge.length > 0) {
    const kind = "PatchStrategicMergeTransformer";
    const config = { paths: patchesStrategicMerge };
    const merges = await configureLater(kind, config, () => readMerges(patchesStrategicMerge, loader));
    steps.push({ kind, transform: (map) => applyPatch(map, { merges, operations: undefined, target: undefined, source: "" }) }); // prettier-ignore
  }
  for (const fields of patches) {
    const kind = "PatchTransformer";
    const patch = await configureLater(kind, fields as JsonObject, (text) => readPatch(fields, loader, text));
    steps.push({ kind, transform: (map) => applyPatch(map, patch) });
  }
  return steps;
}

async function operationSteps({ patchesJson6902 = [] }: Kustomization, loader: Loader): Promise<Step[]> {
  const steps: Step[] = [];
  for (const { target, path = "", patch: jsonOp = "" } of patchesJson6902) {
    const kind = "PatchJson6902Transformer";
    const config = { ...(target ? { target: target as Json } : {}), path, jsonOp };
    const patch = await configureLater(kind, config, async (text) => {
      if (!target?.name) throw new GoError("must specify the target name");
      if (path === "" && jsonOp === "") throw new GoError("must specify a file path or jsonOp");
      if (path !== "" && jsonOp !== "") throw new GoError("must specify a file path or jsonOp, not both");
      return readPatch({ target, path, patch: jsonOp }, loader, text);
    });
    steps.push({ kind, transform: (map) => applyPatch(map, patch) });
  }
  return steps;
}

function namingSteps(
  { namespace = "", namePrefix = "", nameSuffix = "" }: Kustomization,
  config: TransformerConfig,
): Step[] {
  const steps: Step[] = [];
  if (namespace !== "")
    steps.push({ kind: "NamespaceTransformer", transform: (map) => setNamespace(map, { namespace, specs: config.namespace }) }); // prettier-ignore
  if (namePrefix !== "")
    steps.push({ kind: "PrefixTransformer", transform: ({ list }) => addAffix(list, "prefix", namePrefix, config.namePrefix) }); // prettier-ignore
  if (nameSuffix !== "")
    steps.push({ kind: "SuffixTransformer", transform: ({ list }) => addAffix(list, "suffix", nameSuffix, config.nameSuffix) }); // prettier-ignore
  return steps;
}

const LABELS: FieldSpec = { group: "", version: "", kind: "", path: "metadata/labels", create: true };

function textSteps(kustomization: Kustomization, config: TransformerConfig): Step[] {
  const { labels = [], commonLabels = {}, commonAnnotations = {} } = kustomization;
  const step = (kind: string, texts: Readonly<Record<string, string>>, specs: readonly FieldSpec[]): Step => ({
    kind,
    transform: ({ list }) => addTexts(list, texts, specs),
  });
  const steps = labels.map((label) => step("LabelTransformer", label.pairs ?? {}, labelSpecs(label, config)));
  if (Object.keys(commonLabels).length > 0) steps.push(step("LabelTransformer", commonLabels, config.commonLabels));
  if (Object.keys(commonAnnotations).length > 0)
    steps.push(step("AnnotationsTransformer", commonAnnotations, config.commonAnnotations));
  return steps;
}

function labelSpecs(
  { fields = [], includeSelectors, includeTemplates }: LabelFields,
  config: TransformerConfig,
): FieldSpec[] {
  const more = includeSelectors ? config.commonLabels : includeTemplates ? config.templateLabels : [LABELS];
  const what = includeTemplates && !includeSelectors ? "template fieldSpec" : "labels";
  try {
    return mergeSpecs(mergeSpecs(fields.map(fieldSpec), config.labels), more);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`failed to merge ${what}: ${error.message}`);
  }
}

function valueSteps({ replicas = [], images = [] }: Kustomization, config: TransformerConfig): Step[] {
  return [
    ...replicas.map(({ name = "", count = 0 }) => ({
      kind: "ReplicaCountTransformer",
      transform: ((map) => setReplicas(map, { name, count }, config.replicas)) as Transformer,
    })),
    ...images.map((image) => ({
      kind: "ImageTagTransformer",
      transform: (({ list }) => changeImages(list, imageChange(image), config.images)) as Transformer,
    })),
  ];
}

async function replacementSteps({ replacements = [] }: Kustomization, loader: Loader): Promise<Step[]> {
  if (replacements.length === 0) return [];
  const kind = "ReplacementTransformer";
  const config = { Replacements: replacements as Json };
  const read = await configureLater(kind, config, () => readReplacements(replacements, loader));
  return [{ kind, transform: ({ list }) => read.forEach((each) => replaceFields(list, each)) }];
}
