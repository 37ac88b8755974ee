import {
  names, NAME, sameJson, type Column, type CustomResourceDefinition, type Draft, type Kind,
} from "../../api/index.ts"; // prettier-ignore
import { withCondition } from "./condition.ts";
import { customKinds } from "./custom-resource.ts";
import { validateDefinition, validateDefinitionUpdate, validateNames } from "./definition.ts";

/** Keeps a definition until its objects are gone. */
export const CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

const COLUMNS: readonly Column[] = [NAME, { name: "Created At", type: "date" }];

/** pkg/registry/customresourcedefinition of apiextensions-apiserver. */
export const customResourceDefinitions: Kind<CustomResourceDefinition> = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  singular: "customresourcedefinition",
  shortNames: ["crd", "crds"],
  categories: ["api-extensions"],
  namespaced: false,
  registryPath: "/registry/apiextensions.k8s.io/customresourcedefinitions",
  columns: COLUMNS,
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp],
  nameRule: names.forNames(names.subdomain),
  needsResourceVersion: false,
  brings: customKinds,

  defaults({ spec, status }) {
    const { names: given } = spec;
    if (!given.singular) given.singular = given.kind.toLowerCase();
    if (!given.listKind && given.kind) given.listKind = `${given.kind}List`;
    spec.conversion ??= { strategy: "None" };
    const service = spec.conversion.webhook?.clientConfig?.service;
    if (service) service.port ??= 443;
    status.storedVersions ??= (spec.versions ?? []).filter(({ storage }) => storage).map(({ name }) => name);
  },
  prepareCreate(definition) {
    const stored = definition.spec.versions?.find(({ storage }) => storage);
    definition.status = {
      conditions: null,
      acceptedNames: { plural: "", kind: "" },
      storedVersions: stored ? [stored.name] : null,
    };
    definition.metadata.generation = 1;
  },
  prepareUpdate(definition, old) {
    definition.status = old.status as Draft<CustomResourceDefinition["status"]>;
    if (!sameJson(definition.spec, old.spec)) definition.metadata.generation = (old.metadata.generation ?? 0) + 1;
    const stored = definition.spec.versions?.find(({ storage }) => storage)?.name;
    const { storedVersions } = old.status;
    if (stored !== undefined && !storedVersions?.includes(stored))
      definition.status = { ...definition.status, storedVersions: [...(storedVersions ?? []), stored] };
  },
  validate: (definition) => validateDefinition(definition),
  validateUpdate: (definition, old) => validateDefinitionUpdate(definition, old),

  /** The first DELETE asks for the deletion of its objects; the finalizer of the cleaner lets it go after that. */
  beginDelete(definition, { nowText }) {
    const { metadata } = definition;
    if (metadata.deletionTimestamp) return undefined;
    const finalizers = metadata.finalizers ?? [];
    const marked: CustomResourceDefinition = {
      ...definition,
      metadata: {
        ...metadata,
        deletionTimestamp: nowText,
        deletionGracePeriodSeconds: 0,
        generation: (metadata.generation ?? 0) + 1,
        finalizers: finalizers.includes(CLEANUP_FINALIZER) ? finalizers : [...finalizers, CLEANUP_FINALIZER],
      },
    };
    const condition = {
      type: "Terminating",
      status: "True",
      reason: "InstanceDeletionPending",
      message: "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
    } as const;
    return withCondition(marked, condition, nowText);
  },
  resetFields: { "": [["status"]], status: [["metadata"], ["spec"]] },
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(definition, old) {
        definition.spec = old.spec as Draft<CustomResourceDefinition["spec"]>;
        // As upstream: everything but status and, for those who finish, the finalizers stays.
        const { finalizers, resourceVersion } = definition.metadata;
        definition.metadata = { ...(old.metadata as Draft<CustomResourceDefinition["metadata"]>), resourceVersion };
        if (finalizers) definition.metadata.finalizers = finalizers;
        else delete definition.metadata.finalizers;
      },
      validateUpdate: ({ status }) => validateNames(status.acceptedNames, "status.acceptedNames"),
    },
  },
};
