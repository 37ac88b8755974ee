import { check, choice, fields, list, text, type CrdVersion, type Schema } from "./crd.ts";
import {
  DURATION, EXTENSION, filters, GROUP, HEADER_CHANGES, HEADER_NAME, HOSTNAME, KIND, MAP_BY_NAME, mirrored, NAME, NAMESPACE,
  PARENT_REFS, PORT, PRECISE_HOSTNAME, ROUTE_STATUS, weighted,
} from "./gateway-fields.ts"; // prettier-ignore

/** Routes and grants of the standard channel (gateway-api apis/v1/httproute_types.go, grpcroute_types.go). */

const SHOWN = ["Hostnames string .spec.hostnames"] as const;
const FRACTION = fields({
  denominator: { default: 100, format: "int32", minimum: 1, type: "integer" },
  "numerator!": { format: "int32", minimum: 0, type: "integer" },
});
const MIRROR = fields(
  {
    "backendRef!": mirrored(),
    fraction: FRACTION,
    percent: { format: "int32", maximum: 100, minimum: 0, type: "integer" },
  },
  {
    "x-kubernetes-validations": [
      check(
        "!(has(self.percent) && has(self.fraction))",
        "Only one of percent or fraction may be specified in HTTPRequestMirrorFilter",
      ),
    ],
  },
);
const PATH_CHANGE = fields(
  {
    replaceFullPath: text({ maxLength: 1024 }),
    replacePrefixMatch: text({ maxLength: 1024 }),
    "type!": choice("ReplaceFullPath", "ReplacePrefixMatch"),
  },
  {
    "x-kubernetes-validations": ["ReplaceFullPath", "ReplacePrefixMatch"].flatMap((type) => {
      const field = type[0]!.toLowerCase() + type.slice(1);
      return [
        check(
          `self.type == '${type}' ? has(self.${field}) : true`,
          `${field} must be specified when type is set to '${type}'`,
        ),
        check(`has(self.${field}) ? self.type == '${type}' : true`, `type must be '${type}' when ${field} is set`),
      ];
    }),
  },
);
const REDIRECT = fields({
  hostname: PRECISE_HOSTNAME,
  path: PATH_CHANGE,
  port: PORT,
  scheme: choice("http", "https"),
  statusCode: { default: 302, enum: [301, 302], type: "integer" },
});
const HTTP_FILTERS = filters(
  {
    RequestHeaderModifier: ["requestHeaderModifier", HEADER_CHANGES],
    ResponseHeaderModifier: ["responseHeaderModifier", HEADER_CHANGES],
    RequestMirror: ["requestMirror", MIRROR],
    RequestRedirect: ["requestRedirect", REDIRECT],
    URLRewrite: ["urlRewrite", fields({ hostname: PRECISE_HOSTNAME, path: PATH_CHANGE })],
    ExtensionRef: ["extensionRef", EXTENSION],
  },
  [
    check(
      "!(self.exists(f, f.type == 'RequestRedirect') && self.exists(f, f.type == 'URLRewrite'))",
      "May specify either httpRouteFilterRequestRedirect or httpRouteFilterRequestRewrite, but not both",
    ),
  ],
);

const absolute = (rule: string, message: string): Schema =>
  check(
    `(self.type in ['Exact','PathPrefix']) ? ${rule} : true`,
    `${message} when type one of ['Exact', 'PathPrefix']`,
  );
const without = (piece: string): Schema => absolute(`!self.value.contains('${piece}')`, `must not contain '${piece}'`);
const notAtEnd = (piece: string): Schema =>
  absolute(`!self.value.endsWith('${piece}')`, `must not end with '${piece}'`);
const ANY_PATH = { path: { type: "PathPrefix", value: "/" } };
const PATH = fields(
  {
    type: { ...choice("Exact", "PathPrefix", "RegularExpression"), default: "PathPrefix" },
    value: text({ default: "/", maxLength: 1024 }),
  },
  {
    default: ANY_PATH.path,
    "x-kubernetes-validations": [
      absolute("self.value.startsWith('/')", "value must be an absolute path and start with '/'"),
      ...["//", "/./", "/../", "%2f", "%2F", "#"].map((piece) => without(piece)),
      ...["/..", "/."].map((piece) => notAtEnd(piece)),
      check(
        "self.type in ['Exact','PathPrefix'] || self.type == 'RegularExpression'",
        "type must be one of ['Exact', 'PathPrefix', 'RegularExpression']",
      ),
    ],
  },
);
const MATCHED = fields({
  "name!": HEADER_NAME,
  type: { ...choice("Exact", "RegularExpression"), default: "Exact" },
  "value!": text({ maxLength: 4096, minLength: 1 }),
});
const HTTP_MATCH = fields({
  headers: list(MATCHED, MAP_BY_NAME),
  method: choice("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"),
  path: PATH,
  queryParams: list(MATCHED, MAP_BY_NAME),
});
const HTTP_RULE = fields(
  {
    backendRefs: list(weighted(HTTP_FILTERS), { maxItems: 16 }),
    filters: HTTP_FILTERS,
    matches: list(HTTP_MATCH, { default: [ANY_PATH], maxItems: 64 }),
    timeouts: fields(
      { backendRequest: DURATION, request: DURATION },
      {
        "x-kubernetes-validations": [
          check(
            "!(has(self.request) && has(self.backendRequest) && duration(self.request) != duration('0s') && duration(self.backendRequest) > duration(self.request))",
            "backendRequest timeout cannot be longer than request timeout",
          ),
        ],
      },
    ),
  },
  {
    "x-kubernetes-validations": [
      check(
        "(has(self.backendRefs) && size(self.backendRefs) > 0) ? (!has(self.filters) || self.filters.all(f, !has(f.requestRedirect))): true",
        "RequestRedirect filter must not be used together with backendRefs",
      ),
      ...["requestRedirect", "urlRewrite"].map((field) =>
        check(
          `(has(self.filters) && self.filters.exists_one(f, has(f.${field}) && has(f.${field}.path) && f.${field}.path.type == 'ReplacePrefixMatch' && has(f.${field}.path.replacePrefixMatch))) ? ((size(self.matches) != 1 || !has(self.matches[0].path) || self.matches[0].path.type != 'PathPrefix') ? false : true) : true`,
          `When using ${field === "urlRewrite" ? "URLRewrite" : "RequestRedirect"} filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified`,
        ),
      ),
    ],
  },
);

function route(name: string, rules: Schema, storage: boolean): CrdVersion {
  const spec = fields({ hostnames: list(HOSTNAME, { maxItems: 16 }), parentRefs: PARENT_REFS, rules });
  return { name, schema: { "spec!": spec, status: ROUTE_STATUS }, columns: SHOWN, storage };
}

const HTTP_RULES = list(HTTP_RULE, { default: [{ matches: [ANY_PATH] }], maxItems: 16 });

export const HTTP_ROUTE: readonly CrdVersion[] = [route("v1", HTTP_RULES, true), route("v1beta1", HTTP_RULES, false)];

const GRPC_FILTERS = filters(
  {
    ResponseHeaderModifier: ["responseHeaderModifier", HEADER_CHANGES],
    RequestHeaderModifier: ["requestHeaderModifier", HEADER_CHANGES],
    RequestMirror: ["requestMirror", MIRROR],
    ExtensionRef: ["extensionRef", EXTENSION],
  },
  [],
);
const GRPC_MATCH = fields({
  headers: list(MATCHED, MAP_BY_NAME),
  method: fields(
    {
      method: text({ maxLength: 1024 }),
      service: text({ maxLength: 1024 }),
      type: { ...choice("Exact", "RegularExpression"), default: "Exact" },
    },
    {
      "x-kubernetes-validations": [
        check(
          "has(self.type) ? has(self.service) || has(self.method) : true",
          "One or both of 'service' or 'method' must be specified",
        ),
      ],
    },
  ),
});
const GRPC_RULES = list(
  fields({
    backendRefs: list(weighted(GRPC_FILTERS), { maxItems: 16 }),
    filters: GRPC_FILTERS,
    matches: list(GRPC_MATCH, { maxItems: 64 }),
  }),
  { maxItems: 16 },
);

export const GRPC_ROUTE: readonly CrdVersion[] = [route("v1", GRPC_RULES, true)];

export const REFERENCE_GRANT: readonly CrdVersion[] = [
  {
    name: "v1beta1",
    schema: {
      spec: fields({
        "from!": list(fields({ "group!": GROUP, "kind!": KIND, "namespace!": NAMESPACE }), {
          maxItems: 16,
          minItems: 1,
        }),
        "to!": list(fields({ "group!": GROUP, "kind!": KIND, name: NAME }), { maxItems: 16, minItems: 1 }),
      }),
    },
    columns: [],
    status: false,
  },
];
