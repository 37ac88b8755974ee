import { goFields } from "./go/structs.ts";

/** What Go knows of one type, ready for look-ups by field: which scalars are pointers, so that a zero value stays… */
export interface GoType {
  readonly pointers: ReadonlySet<string>;
  /** …which fields are written out even when nothing was given, as what… */
  readonly always: Readonly<Record<string, unknown>>;
  /** …how lists merge: the key of their elements, `*` for sets… */
  readonly mergeKeys: Readonly<Record<string, string>>;
  /** …and the names of string types, which show in decoding errors. */
  readonly stringTypes: Readonly<Record<string, string>>;
}

interface Building {
  readonly pointers: Set<string>;
  readonly always: Record<string, unknown>;
  readonly mergeKeys: Record<string, string>;
  readonly stringTypes: Record<string, string>;
}

/** The structures of other modules than k8s.io/api, read from their sources: pointers, and what is always written. */
const OTHERS: Readonly<
  Record<string, { readonly pointers?: string; readonly always?: Readonly<Record<string, unknown>> }>
> = {
  "apiextensions.k8s.io/v1.CustomResourceDefinition": { always: { metadata: {}, spec: {}, status: {} } },
  "apiextensions.k8s.io/v1.CustomResourceDefinitionSpec": {
    always: { group: "", names: {}, scope: "", versions: null },
  },
  "apiextensions.k8s.io/v1.CustomResourceDefinitionNames": { always: { plural: "", kind: "" } },
  "apiextensions.k8s.io/v1.CustomResourceDefinitionVersion": {
    pointers: "deprecationWarning",
    always: { name: "", served: false, storage: false },
  },
  "apiextensions.k8s.io/v1.CustomResourceDefinitionStatus": {
    always: { conditions: null, acceptedNames: {}, storedVersions: null },
  },
  "apiextensions.k8s.io/v1.CustomResourceDefinitionCondition": {
    always: { type: "", status: "", lastTransitionTime: null },
  },
  "apiextensions.k8s.io/v1.CustomResourceColumnDefinition": { always: { name: "", type: "", jsonPath: "" } },
  "apiextensions.k8s.io/v1.CustomResourceConversion": { always: { strategy: "" } },
  "apiextensions.k8s.io/v1.CustomResourceSubresourceScale": {
    pointers: "labelSelectorPath",
    always: { specReplicasPath: "", statusReplicasPath: "" },
  },
  "apiextensions.k8s.io/v1.JSONSchemaProps": {
    pointers:
      "maximum minimum maxLength minLength maxItems minItems maxProperties minProperties multipleOf $ref x-kubernetes-preserve-unknown-fields x-kubernetes-list-type x-kubernetes-map-type",
  },
  "apiextensions.k8s.io/v1.SelectableField": { always: { jsonPath: "" } },
  "apiextensions.k8s.io/v1.ServiceReference": { pointers: "path port", always: { namespace: "", name: "" } },
  "apiextensions.k8s.io/v1.ValidationRule": { pointers: "reason optionalOldSelf", always: { rule: "" } },
  "apiextensions.k8s.io/v1.WebhookClientConfig": { pointers: "url" },
  "apiextensions.k8s.io/v1.WebhookConversion": { always: { conversionReviewVersions: null } },
  "apiregistration.k8s.io/v1.APIService": { always: { metadata: {}, spec: {}, status: {} } },
  "apiregistration.k8s.io/v1.APIServiceSpec": { always: { groupPriorityMinimum: 0, versionPriority: 0 } },
  "apiregistration.k8s.io/v1.APIServiceCondition": { always: { type: "", status: "", lastTransitionTime: null } },
  "apiregistration.k8s.io/v1.ServiceReference": { pointers: "port" },
};

/** What Go knows of the type with that id; of one that is not known, nothing. */
export function goType(id: string): GoType {
  const type: Building = { pointers: new Set(), always: {}, mergeKeys: {}, stringTypes: {} };
  const other = OTHERS[id];
  for (const name of other?.pointers?.split(" ") ?? []) type.pointers.add(name);
  Object.assign(type.always, other?.always);
  read(type, id);
  return type;
}

function read(type: Building, id: string): void {
  for (const { json: name, inline, omitEmpty, mergeKey, type: text } of goFields(id)) {
    if (inline) {
      if (text !== "#meta/v1.TypeMeta") read(type, text.slice(1));
      continue;
    }
    if (name === "" || name === "-") continue;
    if (text.startsWith("*") && !text.startsWith("*#")) type.pointers.add(name);
    if (mergeKey !== undefined) type.mergeKeys[name] = mergeKey;
    const stringType = /^(?:\*|\[\])?(\w+\.\w+)=string$/.exec(text)?.[1];
    if (stringType !== undefined) type.stringTypes[name] = stringType;
    const zero = zeroOf(text, omitEmpty);
    if (zero !== undefined) type.always[name] = zero;
  }
}

/** What Go writes for a field that was not given; undefined if it leaves it out, which it never does with a structure. */
function zeroOf(text: string, omitEmpty: boolean): unknown {
  if (text.startsWith("#")) return {};
  if (text === "resource.Quantity") return "0";
  if (text === "intstr.IntOrString") return 0;
  if (text === "v1.Time" || text === "v1.MicroTime" || text === "runtime.RawExtension") return null;
  if (omitEmpty) return undefined;
  const kind = text.replace(/^[\w.]+=/, "");
  if (kind === "string") return "";
  if (kind === "bool") return false;
  return /^u?int\d*$|^float\d+$/.test(kind) ? 0 : null;
}
