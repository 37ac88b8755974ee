import { anyKind, NAME, names, sameJson, type AnyKind, type Kind, type KubeObject, type PodTemplateSpec } from "../../api/index.ts"; // prettier-ignore
import { defaultTemplate } from "../pod-template/defaults.ts";
import { containerImages, containerNames } from "../pod-template/template.ts";
import { storedKind, type Stored } from "./stored-kind.ts";

interface PodTemplate extends KubeObject {
  readonly template: PodTemplateSpec;
}

const NOTE = "drydock: a PodTemplate is kept; nothing makes Pods of it, as in Kubernetes.";

const podTemplateKind: Kind<PodTemplate> = {
  group: "",
  version: "v1",
  kind: "PodTemplate",
  plural: "podtemplates",
  singular: "podtemplate",
  namespaced: true,
  note: NOTE,
  columns: [NAME, { name: "Containers" }, { name: "Images" }, { name: "Pod Labels" }],
  cells: ({ metadata, template }) => [
    metadata.name,
    containerNames(template),
    containerImages(template),
    labelsOf(template.metadata.labels),
  ],
  nameRule: names.forNames(names.subdomain),
  defaults({ template }) {
    defaultTemplate(template);
  },
  prepareCreate(draft) {
    draft.metadata.generation = 1;
  },
  prepareUpdate(draft, old) {
    if (!sameJson(draft.template, old.template)) draft.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
};

export const podTemplates: AnyKind = anyKind(podTemplateKind);

function labelsOf(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length > 0 ? pairs.sort().join(",") : "<none>";
}

/** pkg/registry/core/componentstatus: asks the components each time. */
export const componentStatuses: AnyKind = storedKind({
  group: "",
  kind: "ComponentStatus",
  plural: "componentstatuses",
  shortNames: ["cs"],
  verbs: ["get", "list"],
  note: "drydock: healthy is a component whose process runs.",
  deprecation: "v1 ComponentStatus is deprecated in v1.19+",
  columns: [NAME, { name: "Status" }, { name: "Message" }, { name: "Error" }],
  cells: (object) => {
    const condition = conditionOf(object);
    const status = { True: "Healthy", False: "Unhealthy" }[condition?.status ?? ""] ?? "Unknown";
    return [object.metadata.name, status, condition?.message ?? "", condition?.error ?? ""];
  },
  computed: ({ settings }) =>
    (settings.components?.() ?? []).map(({ name, error }) => ({
      metadata: { name, uid: "", resourceVersion: "", creationTimestamp: null } as unknown as Stored["metadata"],
      conditions: [
        error === undefined
          ? { type: "Healthy", status: "True", message: "ok" }
          : { type: "Healthy", status: "False", message: error },
      ],
    })),
});

interface Condition {
  readonly status: string;
  readonly message?: string;
  readonly error?: string;
}

function conditionOf(object: Stored): Condition | undefined {
  return (object["conditions"] as readonly Condition[] | undefined)?.[0];
}
