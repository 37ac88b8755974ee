import {
  age, AGE, invalid, NAME, names, required,
  type ApiService, type Column, type Draft, type FieldErrors, type Kind, type KindContext,
} from "../../api/index.ts"; // prettier-ignore

const COLUMNS: readonly Column[] = [NAME, { name: "Service" }, { name: "Available" }, AGE];
const PORT = 443;

export const apiServices: Kind<ApiService> = {
  group: "apiregistration.k8s.io",
  version: "v1",
  kind: "APIService",
  plural: "apiservices",
  singular: "apiservice",
  categories: ["api-extensions"],
  namespaced: false,
  registryPath: "/registry/apiregistration.k8s.io/apiservices",
  columns: COLUMNS,
  cells: ({ metadata, spec, status }, now) => [
    metadata.name,
    spec.service ? `${spec.service.namespace ?? ""}/${spec.service.name ?? ""}` : "Local",
    availability(status),
    age(metadata.creationTimestamp, now),
  ],
  nameRule: names.forNames(names.subdomain),
  defaults({ spec }) {
    if (spec.service) spec.service.port ??= PORT;
  },
  prepareCreate(service) {
    service.status = service.spec.service ? {} : { conditions: [{ type: "Available", status: "True", ...LOCAL }] };
  },
  prepareUpdate(service, old) {
    service.status = old.status as Draft<ApiService["status"]>;
  },
  validate: validateApiService,
  validateUpdate: validateApiService,
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(service, old) {
        service.spec = old.spec;
      },
    },
  },
  computed: localServices,
};

const LOCAL = { reason: "Local", message: "Local APIServices are always available" };

/** printers of the aggregator: `True`, or `False (MissingEndpoints)`. */
function availability({ conditions }: ApiService["status"]): string {
  const available = conditions?.find(({ type }) => type === "Available");
  if (!available) return "Unknown";
  return available.status === "True" ? "True" : `${available.status} (${available.reason ?? ""})`;
}

/** What the aggregator registers by itself: every version of every group that this server serves. */
function localServices({ registry, store, nowText }: KindContext): readonly ApiService[] {
  const started = store.get(registry.find("", "v1", "namespaces")!, "", "default")?.metadata.creationTimestamp;
  const creationTimestamp = started ?? nowText;
  return registry.groups.flatMap(({ name: group, versions }, at) =>
    versions.flatMap((version, index): ApiService[] => {
      const name = `${version}.${group}`;
      if (store.get(registry.find("apiregistration.k8s.io", "v1", "apiservices")!, "", name)) return [];
      return [
        {
          metadata: {
            name,
            uid: localUid(name),
            resourceVersion: "1",
            creationTimestamp,
            labels: { "kube-aggregator.kubernetes.io/automanaged": "onstart" },
          },
          spec: {
            ...(group === "" ? {} : { group }),
            version,
            groupPriorityMinimum: group === "" ? 18_000 : 17_900 - at * 50,
            versionPriority: group === "" ? 1 : 15 - index,
          },
          status: {
            conditions: [{ type: "Available", status: "True", lastTransitionTime: creationTimestamp, ...LOCAL }],
          },
        },
      ];
    }),
  );
}

/** The same name has the same uid always: nobody draws one for what is not stored. */
function localUid(name: string): string {
  const word = (salt: string): string => {
    let value = 0x811c9dc5;
    for (const char of salt + name) value = Math.imul(value ^ char.charCodeAt(0), 0x01000193);
    return (value >>> 0).toString(16).padStart(8, "0");
  };
  const hex = ["a", "b", "c", "d"].map(word).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** kube-aggregator/pkg/apis/apiregistration/validation */
function validateApiService({ metadata, spec }: ApiService): FieldErrors {
  const { group = "", version = "", service, caBundle, insecureSkipTLSVerify = false } = spec;
  const found: FieldErrors = [];
  const expected = `${version}.${group}`;
  if (metadata.name !== expected)
    found.push(invalid("metadata.name", metadata.name, `must be \`spec.version+"."+spec.group\`: "${expected}"`));
  if (group === "" && version !== "v1")
    found.push(required("spec.group", "only v1 may have an empty group and it better be legacy kube"));
  else if (group !== "")
    for (const message of names.subdomain(group)) found.push(invalid("spec.group", group, message));
  for (const message of names.label(version)) found.push(invalid("spec.version", version, message));
  if (spec.groupPriorityMinimum <= 0 || spec.groupPriorityMinimum > 20_000)
    found.push(invalid("spec.groupPriorityMinimum", spec.groupPriorityMinimum, "must be positive and less than 20000"));
  if (spec.versionPriority <= 0 || spec.versionPriority > 1000)
    found.push(invalid("spec.versionPriority", spec.versionPriority, "must be positive and less than 1000"));
  if (!service) {
    if (caBundle)
      found.push(invalid("spec.caBundle", `${caBundle.length} bytes`, "local APIServices may not have a caBundle"));
    if (insecureSkipTLSVerify)
      found.push(invalid("spec.insecureSkipTLSVerify", true, "local APIServices may not have insecureSkipTLSVerify"));
    return found;
  }
  if (!service.namespace) found.push(required("spec.service.namespace"));
  if (!service.name) found.push(required("spec.service.name"));
  const { port = PORT } = service;
  if (port < 1 || port > 65_535)
    found.push(invalid("spec.service.port", port, "port is not valid: must be between 1 and 65535, inclusive"));
  if (insecureSkipTLSVerify && caBundle)
    found.push(invalid("spec.insecureSkipTLSVerify", true, "may not be true if caBundle is present"));
  return found;
}
