import { check, CONDITION, fields, list, text, whole, type Schema } from "./crd.ts";

/** Types that all kinds of gateway.networking.k8s.io are made of (gateway-api apis/v1/shared_types.go). */

const DNS = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = String.raw`${DNS}(\.${DNS})*`;
const GATEWAY_GROUP = "gateway.networking.k8s.io";

export const HOSTNAME = text({ maxLength: 253, minLength: 1, pattern: String.raw`^(\*\.)?${SUBDOMAIN}$` });
export const PRECISE_HOSTNAME = text({ maxLength: 253, minLength: 1, pattern: `^${SUBDOMAIN}$` });
export const GROUP = text({ maxLength: 253, pattern: `^$|^${SUBDOMAIN}$` });
export const KIND = text({ maxLength: 63, minLength: 1, pattern: "^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$" });
export const NAMESPACE = text({ maxLength: 63, minLength: 1, pattern: `^${DNS}$` });
export const NAME = text({ maxLength: 253, minLength: 1 });
export const PORT = whole("int32", 1, 65_535);
export const DURATION = text({ pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$" });
export const CONTROLLER_NAME = text({
  maxLength: 253,
  minLength: 1,
  pattern: String.raw`^${SUBDOMAIN}\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$`,
});
export const HEADER_NAME = text({ maxLength: 256, minLength: 1, pattern: "^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$" });

export const CONDITIONS = list(CONDITION, {
  maxItems: 8,
  "x-kubernetes-list-map-keys": ["type"],
  "x-kubernetes-list-type": "map",
});

/** What a status says until a controller has looked. */
export function waiting(...types: readonly string[]): Schema {
  const conditions = types.map((type) => ({
    lastTransitionTime: "1970-01-01T00:00:00Z",
    message: "Waiting for controller",
    reason: "Pending",
    status: "Unknown",
    type,
  }));
  return { conditions };
}

/** A reference to an object of this cluster whose group and kind have defaults. */
export function reference(group: string, kind: string, more: Readonly<Record<string, Schema>> = {}): Schema {
  return fields({
    group: { ...GROUP, default: group },
    kind: { ...KIND, default: kind },
    "name!": NAME,
    namespace: NAMESPACE,
    ...more,
  });
}

const PARENT = reference(GATEWAY_GROUP, "Gateway", { port: PORT, sectionName: PRECISE_HOSTNAME });

const SAME_NAMESPACE =
  "(((!has(p1.__namespace__) || p1.__namespace__ == '') && (!has(p2.__namespace__) || p2.__namespace__ == '')) || (has(p1.__namespace__) && has(p2.__namespace__) && p1.__namespace__ == p2.__namespace__))";
const SAME_PARENT = `p1.group == p2.group && p1.kind == p2.kind && p1.name == p2.name && ${SAME_NAMESPACE}`;
const NO_SECTION = (parent: string): string => `(!has(${parent}.sectionName) || ${parent}.sectionName == '')`;

export const PARENT_REFS = list(PARENT, {
  maxItems: 32,
  "x-kubernetes-validations": [
    check(
      `self.all(p1, self.all(p2, ${SAME_PARENT} ? (${NO_SECTION("p1")} == ${NO_SECTION("p2")}) : true))`,
      "sectionName must be specified when parentRefs includes 2 or more references to the same parent",
    ),
    check(
      `self.all(p1, self.exists_one(p2, ${SAME_PARENT} && ((${NO_SECTION("p1")} && ${NO_SECTION("p2")}) || (has(p1.sectionName) && has(p2.sectionName) && p1.sectionName == p2.sectionName))))`,
      "sectionName must be unique when parentRefs includes 2 or more references to the same parent",
    ),
  ],
});

export const ROUTE_STATUS = fields({
  "parents!": list(
    fields({ conditions: { ...CONDITIONS, minItems: 1 }, "controllerName!": CONTROLLER_NAME, "parentRef!": PARENT }),
    { maxItems: 32 },
  ),
});

const SERVICE_PORT = check(
  "(size(self.group) == 0 && self.kind == 'Service') ? has(self.port) : true",
  "Must have port for Service reference",
);

export const BACKEND = { port: PORT } as const;

/** A backend, with its share and its own filters. */
export function weighted(filters: Schema): Schema {
  return {
    ...reference("", "Service", { filters, port: PORT, weight: { ...whole("int32", 0, 1_000_000), default: 1 } }),
    "x-kubernetes-validations": [SERVICE_PORT],
  };
}

export function mirrored(): Schema {
  return { ...reference("", "Service", BACKEND), "x-kubernetes-validations": [SERVICE_PORT] };
}

const HEADER = fields({ "name!": HEADER_NAME, "value!": text({ maxLength: 4096, minLength: 1 }) });
const BY_NAME = { maxItems: 16, "x-kubernetes-list-map-keys": ["name"], "x-kubernetes-list-type": "map" };

export const HEADER_CHANGES = fields({
  add: list(HEADER, BY_NAME),
  remove: list(text(), { maxItems: 16, "x-kubernetes-list-type": "set" }),
  set: list(HEADER, BY_NAME),
});

export const MAP_BY_NAME = BY_NAME;

/** Filters of a rule: each has its own field, which must be there for its type and for no other. */
export function filters(
  types: Readonly<Record<string, readonly [field: string, schema: Schema]>>,
  rules: readonly Schema[],
): Schema {
  const entries = Object.entries(types);
  const one = fields(
    {
      ...Object.fromEntries(entries.map(([, [field, schema]]) => [field, schema])),
      "type!": { enum: Object.keys(types), type: "string" },
    },
    {
      "x-kubernetes-validations": entries.flatMap(([type, [field]]) => [
        check(
          `!(has(self.${field}) && self.type != '${type}')`,
          `filter.${field} must be nil if the filter.type is not ${type}`,
        ),
        check(
          `!(!has(self.${field}) && self.type == '${type}')`,
          `filter.${field} must be specified for ${type} filter.type`,
        ),
      ]),
    },
  );
  const single = entries.filter(([type]) => type !== "ExtensionRef" && type !== "RequestMirror");
  return list(one, {
    maxItems: 16,
    "x-kubernetes-validations": [
      ...rules,
      ...single.map(([type]) =>
        check(`self.filter(f, f.type == '${type}').size() <= 1`, `${type} filter cannot be repeated`),
      ),
    ],
  });
}

export const EXTENSION = fields({ "group!": GROUP, "kind!": KIND, "name!": NAME });
