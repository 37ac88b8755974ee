import {
  age, AGE, forbidden, go, goStringMap, goStruct, invalid, matchesLabels, NAME, names, notSupported, required, sameJson, selectorOf,
  validateAnnotations, validateLabels, type Cell, type Column, type Draft, type FieldErrors, type Kind, type StatefulSet,
} from "../../api/index.ts"; // prettier-ignore
import { defaultTemplate } from "../pod-template/defaults.ts";
import { notNegative } from "../pod-template/probes.ts";
import { goLabelSelector } from "../pod-template/selector.ts";
import { containerImages, containerNames, validateWorkloadSelector } from "../pod-template/template.ts";
import { podSpecWarnings } from "../pod-template/warnings.ts";
import { scaleSelector } from "./deployment.ts";
import { scale } from "./scale.ts";

const COLUMNS: readonly Column[] = [
  NAME,
  { name: "Ready" },
  AGE,
  { name: "Containers", priority: 1 },
  { name: "Images", priority: 1 },
];

/** What an update may change, in the words of the server. */
const CHANGEABLE =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

export const statefulSets: Kind<StatefulSet> = {
  group: "apps",
  version: "v1",
  kind: "StatefulSet",
  plural: "statefulsets",
  singular: "statefulset",
  shortNames: ["sts"],
  categories: ["all"],
  namespaced: true,
  columns: COLUMNS,
  cells: ({ metadata, spec, status }, now): readonly Cell[] => [
    metadata.name,
    `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
    age(metadata.creationTimestamp, now),
    containerNames(spec.template),
    containerImages(spec.template),
  ],
  nameRule: names.forNames(names.label),

  defaults({ spec }) {
    spec.podManagementPolicy ??= "OrderedReady";
    spec.updateStrategy.type ??= "RollingUpdate";
    if (spec.updateStrategy.type === "RollingUpdate") {
      spec.updateStrategy.rollingUpdate ??= {};
      spec.updateStrategy.rollingUpdate.partition ??= 0;
    }
    spec.persistentVolumeClaimRetentionPolicy ??= {};
    spec.persistentVolumeClaimRetentionPolicy.whenDeleted ??= "Retain";
    spec.persistentVolumeClaimRetentionPolicy.whenScaled ??= "Retain";
    spec.replicas ??= 1;
    spec.revisionHistoryLimit ??= 10;
    defaultTemplate(spec.template);
    for (const claim of spec.volumeClaimTemplates ?? []) {
      claim.apiVersion ??= "v1";
      claim.kind ??= "PersistentVolumeClaim";
      claim.spec["volumeMode"] ??= "Filesystem";
      claim.status["phase"] ??= "Pending";
    }
  },
  prepareCreate(set) {
    set.status = { replicas: 0, availableReplicas: 0 };
    dropDisabledFields(set);
    set.metadata.generation = 1;
  },
  prepareUpdate(set, old) {
    set.status = old.status as Draft<StatefulSet["status"]>;
    dropDisabledFields(set, old);
    if (!sameJson(set.spec, old.spec)) set.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate: validateStatefulSet,
  validateUpdate(next, old) {
    const found = validateStatefulSet(next);
    if (!sameJson(fixedPart(next), fixedPart(old))) found.push(forbidden("spec", CHANGEABLE));
    return found;
  },
  warnings: ({ metadata, spec }, old) =>
    metadata.generation === old?.metadata.generation ? [] : podSpecWarnings(spec.template.spec, "spec.template.spec"),
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(set, old) {
        set.spec = old.spec as Draft<StatefulSet["spec"]>;
      },
      validateUpdate: validateStatus,
    },
    scale: scale(({ spec, status }) => ({ replicas: status.replicas, selector: scaleSelector(spec.selector) })),
  },
};

/** MaxUnavailableStatefulSet is off in v1.33 (pkg/registry/apps/statefulset dropStatefulSetDisabledFields). */
function dropDisabledFields({ spec }: Draft<StatefulSet>, old?: StatefulSet): void {
  const { rollingUpdate } = spec.updateStrategy;
  if (rollingUpdate && old?.spec.updateStrategy.rollingUpdate?.maxUnavailable === undefined)
    delete rollingUpdate.maxUnavailable;
}

/** The spec without what an update may change. */
function fixedPart({ spec }: StatefulSet): object {
  const {
    replicas: _replicas,
    ordinals: _ordinals,
    template: _template,
    updateStrategy: _strategy,
    revisionHistoryLimit: _limit,
    persistentVolumeClaimRetentionPolicy: _policy,
    minReadySeconds: _seconds,
    ...fixed
  } = spec;
  return fixed;
}

/** pkg/apis/apps/validation ValidateStatefulSetSpec. It leaves the Pod's spec to whoever creates the Pods. */
function validateStatefulSet({ spec }: StatefulSet): FieldErrors {
  const found: FieldErrors = [];
  const policy = spec.podManagementPolicy;
  if (!policy) found.push(required("spec.podManagementPolicy"));
  else if (policy !== "OrderedReady" && policy !== "Parallel")
    found.push(invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'"));
  found.push(...validateStrategy(spec.updateStrategy), ...validateRetention(spec.persistentVolumeClaimRetentionPolicy));
  found.push(...notNegative(spec.replicas, "spec.replicas"));
  found.push(...notNegative(spec.minReadySeconds, "spec.minReadySeconds"));
  found.push(...notNegative(spec.ordinals?.start, "spec.ordinals.start"));
  found.push(...validateWorkloadSelector(spec.selector, "statefulset"));
  const path = "spec.template";
  const { metadata, spec: pod } = spec.template;
  const selector = selectorOf(spec.selector);
  if (typeof selector === "object" && "error" in selector)
    found.push(invalid("spec.selector", goLabelSelector(spec.selector), ""));
  else {
    if (selector !== "nothing" && selector.length > 0 && !matchesLabels(selector, metadata.labels))
      found.push(
        invalid(`${path}.metadata.labels`, goStringMap(metadata.labels), "`selector` does not match template `labels`"),
      );
    found.push(...validateLabels(metadata.labels, `${path}.labels`));
    found.push(...validateAnnotations(metadata.annotations, `${path}.annotations`));
  }
  if (pod.restartPolicy !== "Always")
    found.push(notSupported(`${path}.spec.restartPolicy`, pod.restartPolicy, ["Always"]));
  if (pod.activeDeadlineSeconds !== undefined)
    found.push(
      forbidden(`${path}.spec.activeDeadlineSeconds`, "activeDeadlineSeconds in StatefulSet is not Supported"),
    );
  return found;
}

function validateStrategy({ type, rollingUpdate }: StatefulSet["spec"]["updateStrategy"]): FieldErrors {
  const path = "spec.updateStrategy";
  const shown = goStruct("apps.RollingUpdateStatefulSetStrategy", {
    Partition: rollingUpdate?.partition ?? 0,
    MaxUnavailable: go("(*intstr.IntOrString)(nil)"),
  });
  switch (type) {
    case undefined:
    case "":
      return [required(path)];
    case "OnDelete":
      return rollingUpdate
        ? [invalid(`${path}.rollingUpdate`, shown, "only allowed for updateStrategy 'RollingUpdate'")]
        : [];
    case "RollingUpdate":
      return notNegative(rollingUpdate?.partition, `${path}.rollingUpdate.partition`);
    default: {
      const strategy = goStruct("apps.StatefulSetUpdateStrategy", {
        Type: type,
        RollingUpdate: go("(*apps.RollingUpdateStatefulSetStrategy)(nil)"),
      });
      return [invalid(path, strategy, "must be 'RollingUpdate' or 'OnDelete'")];
    }
  }
}

function validateRetention(policy: StatefulSet["spec"]["persistentVolumeClaimRetentionPolicy"]): FieldErrors {
  return (["whenDeleted", "whenScaled"] as const).flatMap((when) => {
    const value = policy?.[when];
    return value === "Retain" || value === "Delete"
      ? []
      : [notSupported(`spec.persistentVolumeClaimRetentionPolicy.${when}`, value ?? "", ["Retain", "Delete"])];
  });
}

/** ValidateStatefulSetStatus */
function validateStatus({ status }: StatefulSet): FieldErrors {
  const counts = ["replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"] as const;
  const found = counts.flatMap((count) => notNegative(status[count], `status.${count}`));
  for (const count of counts.slice(1))
    if ((status[count] ?? 0) > status.replicas)
      found.push(invalid(`status.${count}`, status[count], "cannot be greater than status.replicas"));
  if (status.availableReplicas > (status.readyReplicas ?? 0))
    found.push(
      invalid("status.availableReplicas", status.availableReplicas, "cannot be greater than status.readyReplicas"),
    );
  return found;
}
