import {
  age, AGE, invalid, NAME, names, required,
  type ApiService, type Column, type Draft, type FieldErrors, type Kind,
} from "../../api/index.ts"; // prettier-ignore
import { localServices } from "./local-services.ts";

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
