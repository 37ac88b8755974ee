import {
  age, AGE, forbidden, go, goIntOrString, goStruct, invalid, NAME, names, notSupported, required, sameJson, selectorOf,
  selectorText, type Cell, type Column, type Deployment, type Draft, type FieldErrors, type Kind,
} from "../../api/index.ts"; // prettier-ignore
import { defaultTemplate } from "../pod-template/defaults.ts";
import { notNegative } from "../pod-template/probes.ts";
import {
  containerImages,
  containerNames,
  validateSelectorUpdate,
  validateWorkloadSelector,
  validateWorkloadTemplate,
} from "../pod-template/template.ts";
import { isNone, validateAtMostAll, validateShare } from "./rolling-update.ts";
import { scale } from "./scale.ts";
import { hostnameWarning, podSpecWarnings } from "../pod-template/warnings.ts";

const COLUMNS: readonly Column[] = [
  NAME,
  { name: "Ready" },
  { name: "Up-to-date" },
  { name: "Available" },
  AGE,
  { name: "Containers", priority: 1 },
  { name: "Images", priority: 1 },
  { name: "Selector", priority: 1 },
];

export const deployments: Kind<Deployment> = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  singular: "deployment",
  shortNames: ["deploy"],
  categories: ["all"],
  namespaced: true,
  columns: COLUMNS,
  cells: ({ metadata, spec, status }, now): readonly Cell[] => [
    metadata.name,
    `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
    status.updatedReplicas ?? 0,
    status.availableReplicas ?? 0,
    age(metadata.creationTimestamp, now),
    containerNames(spec.template),
    containerImages(spec.template),
    selectorCell(spec.selector),
  ],
  nameRule: names.forNames(names.subdomain),

  defaults({ spec }) {
    spec.replicas ??= 1;
    spec.strategy.type ??= "RollingUpdate";
    if (spec.strategy.type === "RollingUpdate") {
      const update = (spec.strategy.rollingUpdate ??= {});
      update.maxUnavailable ??= "25%";
      update.maxSurge ??= "25%";
    }
    spec.revisionHistoryLimit ??= 10;
    spec.progressDeadlineSeconds ??= 600;
    defaultTemplate(spec.template);
  },
  prepareCreate(deployment) {
    deployment.status = {};
    deployment.metadata.generation = 1;
  },
  prepareUpdate(deployment, old) {
    deployment.status = old.status as Draft<Deployment["status"]>;
    // Annotations count, because the controller copies them to ReplicaSets.
    const changed =
      !sameJson(deployment.spec, old.spec) || !sameJson(deployment.metadata.annotations, old.metadata.annotations);
    if (changed) deployment.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate: validateDeployment,
  validateUpdate: (next, old) => [...validateDeployment(next), ...validateSelectorUpdate(next.spec, old.spec)],
  warnings: ({ metadata, spec }, old) => [
    ...(old ? [] : hostnameWarning(metadata.name, "Pod names and hostnames")),
    ...(metadata.generation === old?.metadata.generation
      ? []
      : podSpecWarnings(spec.template.spec, "spec.template.spec")),
  ],
  resetFields: { "": [["status"]], status: [["spec"], ["metadata", "labels"]] },
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(deployment, old) {
        deployment.spec = old.spec as Draft<Deployment["spec"]>;
        if (old.metadata.labels) deployment.metadata.labels = old.metadata.labels;
        else delete deployment.metadata.labels;
      },
    },
    scale: scale(({ spec, status }) => ({ replicas: status.replicas ?? 0, selector: scaleSelector(spec.selector) })),
  },
};

/** A bad selector prints as invalid here, and one that chooses everything as nothing. */
function selectorCell(selector: Deployment["spec"]["selector"]): string {
  const parsed = selectorOf(selector);
  return typeof parsed === "object" && "error" in parsed ? "<invalid>" : selectorText(parsed);
}

export function scaleSelector(selector: Deployment["spec"]["selector"]): string {
  const parsed = selectorOf(selector);
  return typeof parsed === "object" && "error" in parsed ? "" : selectorText(parsed);
}

/** pkg/apis/apps/validation ValidateDeploymentSpec */
function validateDeployment({ spec }: Deployment): FieldErrors {
  const found = notNegative(spec.replicas, "spec.replicas");
  found.push(
    ...validateWorkloadSelector(spec.selector, "deployment"),
    ...validateWorkloadTemplate(spec.template, spec.selector, "ReplicaSet"),
  );
  found.push(...validateStrategy(spec.strategy), ...notNegative(spec.minReadySeconds, "spec.minReadySeconds"));
  found.push(...notNegative(spec.revisionHistoryLimit, "spec.revisionHistoryLimit"));
  const deadline = spec.progressDeadlineSeconds;
  if (deadline === undefined) return found;
  found.push(...notNegative(deadline, "spec.progressDeadlineSeconds"));
  if (deadline <= (spec.minReadySeconds ?? 0))
    found.push(invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"));
  return found;
}

function validateStrategy(strategy: Deployment["spec"]["strategy"]): FieldErrors {
  const { type, rollingUpdate } = strategy;
  const path = "spec.strategy";
  if (type === "Recreate")
    return rollingUpdate
      ? [forbidden(`${path}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")]
      : [];
  if (type !== "RollingUpdate") {
    const shown = goStruct("apps.DeploymentStrategy", {
      Type: type ?? "",
      RollingUpdate: go("(*apps.RollingUpdateDeployment)(nil)"),
    });
    return [notSupported(path, shown, ["Recreate", "RollingUpdate"])];
  }
  const at = `${path}.rollingUpdate`;
  if (!rollingUpdate) return [required(at, "this should be defaulted and never be nil")];
  const { maxUnavailable, maxSurge } = rollingUpdate;
  const found = [
    ...validateShare(maxUnavailable, `${at}.maxUnavailable`),
    ...validateShare(maxSurge, `${at}.maxSurge`),
  ];
  if (isNone(maxUnavailable) && isNone(maxSurge))
    found.push(invalid(`${at}.maxUnavailable`, goIntOrString(maxUnavailable), "may not be 0 when `maxSurge` is 0"));
  found.push(...validateAtMostAll(maxUnavailable, `${at}.maxUnavailable`));
  return found;
}
