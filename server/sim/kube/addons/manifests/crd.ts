import type { Written } from "./objects.ts";

/** A schema of OpenAPI v3 as CustomResourceDefinitions have it. */
export type Schema = Readonly<Record<string, unknown>>;

export const text = (more: Schema = {}): Schema => ({ type: "string", ...more });
export const choice = (...values: readonly string[]): Schema => ({ enum: values, type: "string" });
export const flag = (more: Schema = {}): Schema => ({ type: "boolean", ...more });
export const whole = (format: "int32" | "int64", minimum?: number, maximum?: number): Schema => ({
  format,
  ...(maximum === undefined ? {} : { maximum }),
  ...(minimum === undefined ? {} : { minimum }),
  type: "integer",
});
export const list = (items: Schema, more: Schema = {}): Schema => ({ items, type: "array", ...more });
export const map = (values: Schema, more: Schema = {}): Schema => ({
  additionalProperties: values,
  type: "object",
  ...more,
});

/** An object with these fields; `!` behind a name makes it required. */
export function fields(named: Readonly<Record<string, Schema>>, more: Schema = {}): Schema {
  const required = Object.keys(named).flatMap((name) => (name.endsWith("!") ? [name.slice(0, -1)] : []));
  const properties = Object.fromEntries(
    Object.entries(named).map(([name, schema]) => [name.replace(/!$/, ""), schema]),
  );
  return { properties, ...(required.length > 0 ? { required } : {}), type: "object", ...more };
}

/** An object of which only a controller that is not simulated knows the fields: everything is kept. */
export const open: Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

/** A rule in the Common Expression Language. */
export const check = (rule: string, message: string): Schema => ({ message, rule });

export const SELECTOR: Schema = fields(
  {
    matchExpressions: list(
      fields({ "key!": text(), "operator!": text(), values: list(text(), { "x-kubernetes-list-type": "atomic" }) }),
      { "x-kubernetes-list-type": "atomic" },
    ),
    matchLabels: map(text()),
  },
  { "x-kubernetes-map-type": "atomic" },
);

export const CONDITION: Schema = fields({
  "lastTransitionTime!": text({ format: "date-time" }),
  "message!": text({ maxLength: 32_768 }),
  observedGeneration: whole("int64", 0),
  "reason!": text({ maxLength: 1024, minLength: 1, pattern: "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$" }),
  "status!": choice("True", "False", "Unknown"),
  "type!": text({
    maxLength: 316,
    pattern: String.raw`^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$`,
  }),
});

export interface CrdVersion {
  readonly name: string;
  /** Of the object's own fields, beside apiVersion, kind and metadata. */
  readonly schema: Readonly<Record<string, Schema>>;
  /** `NAME type .json.path`, one for each column; the age is added. */
  readonly columns?: readonly string[];
  readonly age?: boolean;
  readonly storage?: boolean;
  readonly served?: boolean;
  readonly status?: boolean;
  readonly deprecated?: string;
}

export interface CrdSpec {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly cluster?: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly conversion?: Written;
  readonly versions: readonly CrdVersion[];
}

/** A CustomResourceDefinition, as controller-gen writes it. */
export function crd(spec: CrdSpec): Written {
  const { group, kind, plural, shortNames, categories, cluster, annotations, labels, conversion, versions } = spec;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { ...(annotations ? { annotations } : {}), ...(labels ? { labels } : {}), name: `${plural}.${group}` },
    spec: {
      ...(conversion ? { conversion } : {}),
      group,
      names: {
        ...(categories ? { categories } : {}),
        kind,
        listKind: `${kind}List`,
        plural,
        ...(shortNames ? { shortNames } : {}),
        singular: kind.toLowerCase(),
      },
      scope: cluster ? "Cluster" : "Namespaced",
      versions: versions.map((version) => versionOf(version)),
    },
  };
}

const AGE = "Age date .metadata.creationTimestamp";

function versionOf(version: CrdVersion): Written {
  const { name, schema, columns, age = true, storage = true, served = true, status = true, deprecated } = version;
  const shown = [...(columns ?? []), ...(columns && age ? [AGE] : [])];
  const object = fields({ apiVersion: text(), kind: text(), metadata: { type: "object" }, ...schema });
  return {
    ...(shown.length > 0 ? { additionalPrinterColumns: shown.map((column) => columnOf(column)) } : {}),
    ...(deprecated === undefined ? {} : { deprecated: true, deprecationWarning: deprecated }),
    name,
    schema: { openAPIV3Schema: object },
    served,
    storage,
    ...(status ? { subresources: { status: {} } } : {}),
  };
}

/** `Description string .spec.description 1`: a name without blanks (`_` stands for one), a type, a path, a priority. */
function columnOf(column: string): Written {
  const priority = / (\d+)$/.exec(column)?.[1];
  const [name = "", type, ...path] = column.replace(/ \d+$/, "").split(" ");
  return {
    jsonPath: path.join(" "),
    name: name.replaceAll("_", " "),
    ...(priority === undefined ? {} : { priority: Number(priority) }),
    type,
  };
}
