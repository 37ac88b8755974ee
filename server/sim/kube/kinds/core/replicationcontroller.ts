import {
  age, AGE, forbidden, goStringMap, invalid, matchesLabels, NAME, names, notSupported, required, sameJson, selectorOfLabels, selectorText,
  type Cell, type Column, type Draft, type FieldErrors, type Kind, type ReplicationController,
} from "../../api/index.ts"; // prettier-ignore
import { scale } from "../apps/scale.ts";
import { defaultTemplate } from "../pod-template/defaults.ts";
import { notNegative } from "../pod-template/probes.ts";
import { containerImages, containerNames, validateTemplate } from "../pod-template/template.ts";
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

export const replicationControllers: Kind<ReplicationController> = {
  group: "",
  version: "v1",
  kind: "ReplicationController",
  plural: "replicationcontrollers",
  singular: "replicationcontroller",
  shortNames: ["rc"],
  categories: ["all"],
  namespaced: true,
  registryPath: "/registry/controllers",
  columns: COLUMNS,
  cells: ({ metadata, spec, status }, now): readonly Cell[] => [
    metadata.name,
    spec.replicas ?? 0,
    status.replicas,
    status.readyReplicas ?? 0,
    age(metadata.creationTimestamp, now),
    spec.template ? containerNames(spec.template) : "",
    spec.template ? containerImages(spec.template) : "",
    selectorText(selectorOfLabels(spec.selector)) || "<none>",
  ],
  orphansByDefault: {},
  nameRule: names.forNames(names.subdomain),
  fields: { "status.replicas": ({ status }) => String(status.replicas) },

  defaults({ metadata, spec }) {
    const labels = spec.template?.metadata.labels;
    if (labels) {
      if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = labels;
      if (Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = labels;
    }
    spec.replicas ??= 1;
    if (spec.template) defaultTemplate(spec.template);
  },
  prepareCreate(controller) {
    controller.status = { replicas: 0 };
    controller.metadata.generation = 1;
  },
  prepareUpdate(controller, old) {
    controller.status = old.status as Draft<ReplicationController["status"]>;
    if (!sameJson(controller.spec, old.spec)) controller.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate: validateController,
  validateUpdate: (next) => validateController(next),
  warnings: ({ metadata, spec }, old) => [
    ...(old ? [] : hostnameWarning(metadata.name, "Pod names and hostnames")),
    ...(metadata.generation === old?.metadata.generation || !spec.template
      ? []
      : podSpecWarnings(spec.template.spec, "spec.template.spec")),
  ],
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(controller, old) {
        controller.spec = old.spec as Draft<ReplicationController["spec"]>;
      },
    },
    scale: scale(({ spec, status }) => ({
      replicas: status.replicas,
      selector: selectorText(selectorOfLabels(spec.selector)),
    })),
  },
};

/** pkg/apis/core/validation ValidateReplicationControllerSpec */
function validateController({ spec }: ReplicationController): FieldErrors {
  const { selector = {}, template } = spec;
  const found = notNegative(spec.minReadySeconds, "spec.minReadySeconds");
  if (Object.keys(selector).length === 0) found.push(required("spec.selector"));
  found.push(...notNegative(spec.replicas, "spec.replicas"));
  const path = "spec.template";
  if (!template) return [...found, required(path)];
  const { labels } = template.metadata;
  if (Object.keys(selector).length > 0 && !matchesLabels(selectorOfLabels(selector), labels))
    found.push(invalid(`${path}.metadata.labels`, goStringMap(labels), "`selector` does not match template `labels`"));
  found.push(...validateTemplate(template, path));
  const { restartPolicy, activeDeadlineSeconds } = template.spec;
  if (restartPolicy !== "Always") found.push(notSupported(`${path}.spec.restartPolicy`, restartPolicy, ["Always"]));
  if (activeDeadlineSeconds !== undefined)
    found.push(
      forbidden(
        `${path}.spec.activeDeadlineSeconds`,
        "activeDeadlineSeconds in ReplicationController is not Supported",
      ),
    );
  return found;
}
