import type { GroupVersionKind } from "../kind.ts";
import type { JsonSchema } from "../schema/structural/json-schema.ts";
import { customSchemaName, reference } from "./names.ts";
import { TYPE_META, type Schema } from "./schemas.ts";

/**
 * The schemas of a custom resource and its list, as apiextensions-apiserver's openapi builder publishes them: the schema of
 * the CustomResourceDefinition with the fields that every kind has.
 */
export function customSchemas(
  kind: GroupVersionKind,
  listKind: string,
  openApi: JsonSchema,
  refer: (id: string) => Schema,
): readonly (readonly [name: string, schema: Schema])[] {
  const { group, version } = kind;
  const name = customSchemaName(group, version, kind.kind);
  const typeMeta = {
    apiVersion: { description: TYPE_META["apiVersion"], type: "string" },
    kind: { description: TYPE_META["kind"], type: "string" },
  };
  const named = (one: string): Schema => ({ "x-kubernetes-group-version-kind": [{ group, kind: one, version }] });
  const metadata =
    "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";
  return [
    [
      name,
      {
        ...openApi,
        type: "object",
        properties: {
          ...openApi.properties,
          ...typeMeta,
          metadata: { description: metadata, default: {}, allOf: [refer("meta/v1.ObjectMeta")] },
        },
        ...named(kind.kind),
      },
    ],
    [
      customSchemaName(group, version, listKind),
      {
        description: `${listKind} is a list of ${kind.kind}`,
        type: "object",
        required: ["items"],
        properties: {
          ...typeMeta,
          items: { description: `List of ${kind.kind}.`, type: "array", items: reference(name) },
          metadata: { description: metadata, default: {}, allOf: [refer("meta/v1.ListMeta")] },
        },
        ...named(listKind),
      },
    ],
  ];
}
