import {
  age, AGE, go, goIntOrString, goStruct, invalid, NAME, names, notSupported, required, sameJson, selectorOfLabels, selectorText, type Cell,
  type Column, type DaemonSet, type Draft, type FieldErrors, type Kind,
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
import { formatSelector } from "./selector-cell.ts";
import { podSpecWarnings } from "../pod-template/warnings.ts";

const COLUMNS: readonly Column[] = [
  NAME,
  { name: "Desired", type: "integer" },
  { name: "Current", type: "integer" },
  { name: "Ready", type: "integer" },
  { name: "Up-to-date", type: "integer" },
  { name: "Available", type: "integer" },
  { name: "Node Selector" },
  AGE,
  { name: "Containers", priority: 1 },
  { name: "Images", priority: 1 },
  { name: "Selector", priority: 1 },
];

/** The old field templateGeneration lives on as an annotation (pkg/apis/apps/v1/conversion.go). */
const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

export const daemonSets: Kind<DaemonSet> = {
  group: "apps",
  version: "v1",
  kind: "DaemonSet",
  plural: "daemonsets",
  singular: "daemonset",
  shortNames: ["ds"],
  categories: ["all"],
  namespaced: true,
  columns: COLUMNS,
  cells: ({ metadata, spec, status }, now): readonly Cell[] => [
    metadata.name,
    status.desiredNumberScheduled,
    status.currentNumberScheduled,
    status.numberReady,
    status.updatedNumberScheduled ?? 0,
    status.numberAvailable ?? 0,
    selectorText(selectorOfLabels(spec.template.spec.nodeSelector)) || "<none>",
    age(metadata.creationTimestamp, now),
    containerNames(spec.template),
    containerImages(spec.template),
    formatSelector(spec.selector),
  ],
  nameRule: names.forNames(names.subdomain),

  defaults({ spec }) {
    spec.updateStrategy.type ??= "RollingUpdate";
    if (spec.updateStrategy.type === "RollingUpdate") {
      const update = (spec.updateStrategy.rollingUpdate ??= {});
      update.maxUnavailable ??= 1;
      update.maxSurge ??= 0;
    }
    spec.revisionHistoryLimit ??= 10;
    defaultTemplate(spec.template);
  },
  prepareCreate(daemonSet) {
    daemonSet.status = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
    daemonSet.metadata.generation = 1;
    setTemplateGeneration(daemonSet, 1);
  },
  prepareUpdate(daemonSet, old) {
    daemonSet.status = old.status as Draft<DaemonSet["status"]>;
    const before = Number(old.metadata.annotations?.[TEMPLATE_GENERATION] ?? 1);
    const changed = !sameJson(daemonSet.spec.template, old.spec.template);
    setTemplateGeneration(daemonSet, changed ? before + 1 : before);
    if (!sameJson(daemonSet.spec, old.spec)) daemonSet.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate: validateDaemonSet,
  validateUpdate: (next, old) => [...validateSelectorUpdate(next.spec, old.spec), ...validateDaemonSet(next)],
  warnings: ({ metadata, spec }, old) => [
    ...(metadata.generation === old?.metadata.generation
      ? []
      : podSpecWarnings(spec.template.spec, "spec.template.spec")),
  ],
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(daemonSet, old) {
        daemonSet.spec = old.spec as Draft<DaemonSet["spec"]>;
      },
    },
  },
};

function setTemplateGeneration({ metadata }: Draft<DaemonSet>, generation: number): void {
  metadata.annotations = { ...metadata.annotations, [TEMPLATE_GENERATION]: String(generation) };
}

/** pkg/apis/apps/validation ValidateDaemonSetSpec */
function validateDaemonSet({ spec }: DaemonSet): FieldErrors {
  return [
    ...validateWorkloadSelector(spec.selector, "daemonset"),
    ...validateWorkloadTemplate(spec.template, spec.selector, "DaemonSet"),
    ...notNegative(spec.minReadySeconds, "spec.minReadySeconds"),
    ...validateUpdateStrategy(spec.updateStrategy),
    ...notNegative(spec.revisionHistoryLimit, "spec.revisionHistoryLimit"),
  ];
}

function validateUpdateStrategy({ type, rollingUpdate }: DaemonSet["spec"]["updateStrategy"]): FieldErrors {
  const path = "spec.updateStrategy";
  if (type === "OnDelete") return [];
  if (type !== "RollingUpdate") {
    const shown = goStruct("apps.DaemonSetUpdateStrategy", {
      Type: type ?? "",
      RollingUpdate: go("(*apps.RollingUpdateDaemonSet)(nil)"),
    });
    return [notSupported(path, shown, ["RollingUpdate", "OnDelete"])];
  }
  const at = `${path}.rollingUpdate`;
  if (!rollingUpdate) return [required(at)];
  const { maxUnavailable, maxSurge } = rollingUpdate;
  const found = [
    ...validateShare(maxUnavailable, `${at}.maxUnavailable`),
    ...validateAtMostAll(maxUnavailable, `${at}.maxUnavailable`),
    ...validateShare(maxSurge, `${at}.maxSurge`),
    ...validateAtMostAll(maxSurge, `${at}.maxSurge`),
  ];
  if (!isNone(maxUnavailable) && !isNone(maxSurge))
    found.push(invalid(`${at}.maxSurge`, goIntOrString(maxSurge), "may not be set when maxUnavailable is non-zero"));
  if (isNone(maxUnavailable) && isNone(maxSurge))
    found.push(required(`${at}.maxUnavailable`, "cannot be 0 when maxSurge is 0"));
  return found;
}
