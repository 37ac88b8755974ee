import {
  age, go, IMMUTABLE, invalid, invalidEach, NAME, names, required, sameJson, strictIpMessages, type Column, type FieldErrors, type IpAddress,
  type Kind, type ParentReference,
} from "../../api/index.ts"; // prettier-ignore

const COLUMNS: readonly Column[] = [NAME, { name: "ParentRef" }];

/** The address of a Service, by name: the object is what makes sure that nobody else gets it. */
export const ipAddresses: Kind<IpAddress> = {
  group: "networking.k8s.io",
  version: "v1",
  kind: "IPAddress",
  plural: "ipaddresses",
  singular: "ipaddress",
  shortNames: ["ip"],
  namespaced: false,
  columns: COLUMNS,
  // The real row has the age as a third cell, for which there is no column.
  cells: ({ metadata, spec }, now) => [metadata.name, parentText(spec.parentRef), age(metadata.creationTimestamp, now)],
  nameRule: strictIpMessages,
  validate: ({ spec }) => validateParent(spec.parentRef, "spec.parentRef"),
  validateUpdate: (next, old) => [
    ...validateParent(next.spec.parentRef, "spec.parentRef"),
    ...(sameJson(next.spec.parentRef, old.spec.parentRef)
      ? []
      : [invalid("spec.parentRef", goParent(next.spec.parentRef), IMMUTABLE)]),
  ],
};

function parentText(parent: ParentReference | undefined): string {
  if (!parent) return "<none>";
  const { group, resource = "", namespace, name = "" } = parent;
  return [`${resource}${group ? `.${group}` : ""}`.toLowerCase(), ...(namespace ? [namespace] : []), name].join("/");
}

/** pkg/apis/networking/validation validateIPAddressParentReference */
function validateParent(parent: ParentReference | undefined, path: string): FieldErrors {
  if (!parent) return [required(path)];
  const { group, resource, namespace, name } = parent;
  const found: FieldErrors = [];
  const segment = (member: string, value: string): FieldErrors =>
    invalidEach(`${path}.${member}`, value, names.pathSegment(value));
  if (group) found.push(...invalidEach(`${path}.group`, group, names.subdomain(group)));
  found.push(...(resource ? segment("resource", resource) : [required(`${path}.resource`)]));
  found.push(...(name ? segment("name", name) : [required(`${path}.name`)]));
  if (namespace) found.push(...segment("namespace", namespace));
  return found;
}

function goParent(parent: ParentReference | undefined): ReturnType<typeof go> {
  if (!parent) return go("null");
  const { group = "", resource = "", namespace = "", name = "" } = parent;
  const text = JSON.stringify;
  return go(
    `networking.ParentReference{Group:${text(group)}, Resource:${text(resource)}, Namespace:${text(namespace)}, Name:${text(name)}}`,
  );
}
