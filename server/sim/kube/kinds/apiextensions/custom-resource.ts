import {
  compareVersions, errors, fieldErrors, fillDefaults, invalid, names, NO_PATH, prune, resourceSchema, sameJson, validateEmbedded,
  validateListTypes, validateSchema, type AnyKind, type CustomResourceDefinition, type CustomResourceDefinitionVersion, type Draft,
  type FieldErrors, type JsonObject, type JsonSchema, type JsonValue, type Kind, type KubeObject, type Subresource, type Verb,
  type WebhookCaller,
} from "../../api/index.ts"; // prettier-ignore
import { isConditionTrue } from "./condition.ts";
import { convertByWebhook } from "./conversion-webhook.ts";
import { printerColumns } from "./columns.ts";
import { parseSimplePath } from "./json-path.ts";
import { rulesOf } from "./rules.ts";
import { customScale, validateScaleParts } from "./scale.ts";

/** An object of a kind that a definition brings. */
export type CustomResource = KubeObject & { readonly [field: string]: unknown };

const VERBS: readonly Verb[] = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
const NOTHING: JsonSchema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
/** What makes it useless to ask the rules: the object does not look as they expect. */
const BLOCKING = new Set([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);

/** The kinds that a definition brings: one for each version that is served, once its names are accepted. */
export function customKinds(definition: CustomResourceDefinition): readonly AnyKind[] {
  if (!isConditionTrue(definition, "Established")) return [];
  const versions = definition.spec.versions ?? [];
  const storage = versions.find((version) => version.storage) ?? versions[0]!;
  const stored = customKind(definition, storage, undefined);
  return versions
    .filter(({ served }) => served)
    .map((version) => (version === storage ? stored : customKind(definition, version, stored)) as unknown as AnyKind);
}

/** A version's kind (apiextensions-apiserver pkg/registry/customresource); `stored` keeps its objects, if it is another. */
function customKind(
  definition: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
  stored: Kind<CustomResource> | undefined,
): Kind<CustomResource> {
  const { spec, status } = definition;
  const { acceptedNames } = status;
  const openApi = version.schema?.openAPIV3Schema ?? NOTHING;
  const schema = resourceSchema(openApi);
  const rules = rulesOf(openApi);
  const hasStatus = version.subresources?.status !== undefined;
  const scale = version.subresources?.scale;
  const terminating = isConditionTrue(definition, "Terminating");
  const typed = (object: KubeObject): JsonObject =>
    ({ apiVersion: `${spec.group}/${version.name}`, kind: acceptedNames.kind, ...object }) as unknown as JsonObject;

  const validate = (object: CustomResource, old?: CustomResource, warn?: (message: string) => void): FieldErrors => {
    const next = typed(object);
    const before = old && typed(old);
    const found = [
      ...fieldErrors(validateSchema(openApi, next, before)),
      ...validateScaleParts(scale, next),
      ...validateEmbedded(next, schema),
    ];
    // A list that was wrong before may stay wrong.
    if (!before || validateListTypes(openApi, before).length === 0) found.push(...validateListTypes(openApi, next));
    if (!rules) return found;
    if (found.some(({ reason }) => BLOCKING.has(reason))) {
      const unchecked =
        "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
      return [...found, invalid(NO_PATH, null, unchecked)];
    }
    return [...found, ...rules.validate(next, before, warn)];
  };

  const subresources: Record<string, Subresource<CustomResource>> = {};
  if (hasStatus)
    subresources["status"] = {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(draft, old) {
        const next = draft["status"];
        const { metadata } = draft;
        for (const name of Object.keys(draft)) delete draft[name];
        Object.assign(draft, structuredCopy(old), next === undefined ? {} : { status: next });
        if (next === undefined) delete draft["status"];
        draft.metadata.resourceVersion = metadata.resourceVersion;
      },
      validateUpdate: (object, old, context) => validate(object, old, (message) => context.warn(message)),
    };
  if (scale) subresources["scale"] = customScale(scale);

  const fields: Record<string, (object: CustomResource) => string> = {};
  for (const { jsonPath } of version.selectableFields ?? []) {
    const path = parseSimplePath(jsonPath);
    fields[jsonPath.replace(/^\./, "")] = (object) => {
      const value = path?.first(object as unknown as JsonValue) ?? null;
      return typeof value === "object" ? "" : String(value);
    };
  }

  const kind: Kind<CustomResource> = {
    group: spec.group,
    version: version.name,
    kind: acceptedNames.kind,
    listKind: acceptedNames.listKind ?? `${acceptedNames.kind}List`,
    plural: acceptedNames.plural,
    singular: acceptedNames.singular ?? "",
    ...(acceptedNames.shortNames ? { shortNames: acceptedNames.shortNames } : {}),
    ...(acceptedNames.categories ? { categories: acceptedNames.categories } : {}),
    namespaced: spec.scope === "Namespaced",
    schema: { type: "structural", openApi },
    verbs: VERBS,
    ...(hasStatus ? { resetFields: { "": [["status"]], status: [["metadata"], ["spec"]] } } : {}),
    ...(Object.keys(subresources).length > 0 ? { subresources } : {}),
    registryPath: `/registry/${spec.group}/${acceptedNames.plural}`,
    ...printerColumns(version.additionalPrinterColumns),
    fields,
    nameRule: names.forNames(names.subdomain),
    needsResourceVersion: true,
    ...(version.deprecated ? { deprecation: deprecationOf(definition, version) } : {}),

    beginCreate() {
      if (terminating)
        throw errors.definitionTerminating({ group: spec.group, resource: acceptedNames.plural }, "create");
    },
    prepareCreate(draft) {
      if (hasStatus) delete draft["status"];
      draft.metadata.generation = 1;
    },
    prepareUpdate(draft, old) {
      if (hasStatus) {
        if (old["status"] === undefined) delete draft["status"];
        else draft["status"] = old["status"];
      }
      if (!sameContent(draft, old)) draft.metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
    validate: (object) => validate(object),
    validateUpdate: (object, old, context) => validate(object, old, (message) => context.warn(message)),
    warnings: ({ metadata }, old) =>
      (metadata.finalizers ?? [])
        .filter((finalizer) => !old?.metadata.finalizers?.includes(finalizer))
        .sort()
        .flatMap(finalizerWarning),
  };
  const stores = stored ?? kind;
  return Object.assign(kind, {
    storedAs: { kind: stores as unknown as AnyKind, ...conversionOf(definition, version, stored) },
  });
}

/** How a version shows what is stored, and how it is stored: by changing the apiVersion alone, or by asking a webhook. */
function conversionOf(
  definition: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
  stored: Kind<CustomResource> | undefined,
): Omit<NonNullable<Kind<CustomResource>["storedAs"]>, "kind"> {
  const { spec } = definition;
  const schema = schemaOf(version);
  const shown = new WeakMap<KubeObject, CustomResource>();
  const storage = spec.versions?.find((one) => one.storage) ?? version;
  const asked = spec.conversion?.strategy === "Webhook";
  const convert = (object: KubeObject, from: string, to: string, call: WebhookCaller | undefined): KubeObject =>
    asked && call ? convertByWebhook(definition, object, { from, to }, call) : object;
  return {
    /** As the server reads it from etcd: in the shape that the stored version's schema gives it now, with its defaults. */
    fromStored(object, call) {
      let found = shown.get(object);
      if (found) return found;
      if (!stored) found = reshaped(schema, object);
      else {
        const read = stored.storedAs!.fromStored(object);
        const converted = convert(read, storage.name, version.name, call);
        found = pruned(schema, converted);
      }
      if (!asked || call) shown.set(object, found);
      return found;
    },
    toStored(object, call) {
      if (!stored) return object;
      return pruned(schemaOf(storage), convert(object, version.name, storage.name, call));
    },
  };
}

function schemaOf({ schema }: CustomResourceDefinitionVersion): JsonSchema {
  return resourceSchema(schema?.openAPIV3Schema ?? NOTHING);
}

function pruned(schema: JsonSchema, object: KubeObject): CustomResource {
  const { value } = prune(schema, object as unknown as JsonObject);
  return (sameJson(value, object) ? object : value) as unknown as CustomResource;
}

function reshaped(schema: JsonSchema, object: KubeObject): CustomResource {
  const value = prune(schema, object as unknown as JsonObject).value;
  fillDefaults(schema, value);
  return (sameJson(value, object) ? object : value) as unknown as CustomResource;
}

function structuredCopy(object: CustomResource): Draft<CustomResource> {
  return { ...object, metadata: { ...object.metadata } } as Draft<CustomResource>;
}

/** Whether nothing but metadata differs. */
function sameContent(a: CustomResource, b: CustomResource): boolean {
  const { metadata: _a, ...left } = a;
  const { metadata: _b, ...right } = b;
  return sameJson(left, right);
}

const STANDARD_FINALIZERS = ["orphan", "foregroundDeletion", "kubernetes"];

function finalizerWarning(finalizer: string): string[] {
  if (STANDARD_FINALIZERS.includes(finalizer) || finalizer.split("/").length === 2) return [];
  return [
    `metadata.finalizers: ${JSON.stringify(finalizer)}: prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers`,
  ];
}

/** The words of the definition, or those of customresource_handler.go defaultDeprecationWarning. */
function deprecationOf(
  { spec }: CustomResourceDefinition,
  { name, deprecationWarning }: CustomResourceDefinitionVersion,
): string {
  if (deprecationWarning !== undefined) return deprecationWarning;
  const [better] = (spec.versions ?? [])
    .filter((version) => version.served && !version.deprecated && compareVersions(version.name, name) < 0)
    .map((version) => version.name)
    .sort(compareVersions);
  const instead = better === undefined ? "" : `; use ${spec.group}/${better} ${spec.names.kind}`;
  return `${spec.group}/${name} ${spec.names.kind} is deprecated${instead}`;
}
