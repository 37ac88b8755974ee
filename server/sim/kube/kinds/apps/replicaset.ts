import {
  age,
  AGE,
  NAME,
  names,
  sameJson,
  type Cell,
  type Column,
  type Draft,
  type FieldErrors,
  type Kind,
  type ReplicaSet,
} from "../../api/index.ts";
import { defaultTemplate } from "../pod-template/defaults.ts";
import { notNegative } from "../pod-template/probes.ts";
import {
  containerImages,
  containerNames,
  validateSelectorUpdate,
  validateWorkloadSelector,
  validateWorkloadTemplate,
} from "../pod-template/template.ts";
import { scaleSelector } from "./deployment.ts";
import { scale } from "./scale.ts";
import { formatSelector } from "./selector-cell.ts";
import { hostnameWarning, podSpecWarnings } from "../pod-template/warnings.ts";

const COLUMNS: readonly Column[] = [
  NAME,
  { name: "Desired", type: "integer" },
  { name: "Current", type: "integer" },
  { name: "Ready", type: "integer" },
  AGE,
  { name: "Containers", priority: 1 },
  { name: "Images", priority: 1 },
  { name: "Selector", priority: 1 },
];

export const replicaSets: Kind<ReplicaSet> = {
  group: "apps",
  version: "v1",
  kind: "ReplicaSet",
  plural: "replicasets",
  singular: "replicaset",
  shortNames: ["rs"],
  categories: ["all"],
  namespaced: true,
  columns: COLUMNS,
  cells: ({ metadata, spec, status }, now): readonly Cell[] => [
    metadata.name,
    spec.replicas ?? 0,
    status.replicas,
    status.readyReplicas ?? 0,
    age(metadata.creationTimestamp, now),
    containerNames(spec.template),
    containerImages(spec.template),
    formatSelector(spec.selector),
  ],
  nameRule: names.forNames(names.subdomain),
  fields: { "status.replicas": ({ status }) => String(status.replicas) },

  defaults({ spec }) {
    spec.replicas ??= 1;
    defaultTemplate(spec.template);
  },
  prepareCreate(replicaSet) {
    replicaSet.status = { replicas: 0 };
    replicaSet.metadata.generation = 1;
  },
  prepareUpdate(replicaSet, old) {
    replicaSet.status = old.status as Draft<ReplicaSet["status"]>;
    if (!sameJson(replicaSet.spec, old.spec)) replicaSet.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate: validateReplicaSet,
  validateUpdate: (next, old) => [...validateReplicaSet(next), ...validateSelectorUpdate(next.spec, old.spec)],
  warnings: ({ metadata, spec }, old) => [
    ...(old ? [] : hostnameWarning(metadata.name, "Pod names and hostnames")),
    ...(metadata.generation === old?.metadata.generation
      ? []
      : podSpecWarnings(spec.template.spec, "spec.template.spec")),
  ],
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(replicaSet, old) {
        replicaSet.spec = old.spec as Draft<ReplicaSet["spec"]>;
      },
    },
    scale: scale(({ spec, status }) => ({ replicas: status.replicas, selector: scaleSelector(spec.selector) })),
  },
};

/** pkg/apis/apps/validation ValidateReplicaSetSpec; its messages say deployment, too. */
function validateReplicaSet({ spec }: ReplicaSet): FieldErrors {
  return [
    ...notNegative(spec.replicas, "spec.replicas"),
    ...notNegative(spec.minReadySeconds, "spec.minReadySeconds"),
    ...validateWorkloadSelector(spec.selector, "deployment"),
    ...validateWorkloadTemplate(spec.template, spec.selector, "ReplicaSet"),
  ];
}
