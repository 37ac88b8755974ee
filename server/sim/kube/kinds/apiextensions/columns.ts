import { age, NAME, isObject, sortedJson, type Cell, type Column, type CustomResourceColumnDefinition, type JsonValue, type KubeObject } from "../../api/index.ts"; // prettier-ignore
import { parseRfc3339, type Time } from "../../../kernel/index.ts";
import { parseSimplePath, type SimplePath } from "./json-path.ts";

const CREATED =
  "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

/** What a version without columns of its own shows. */
const AGE: CustomResourceColumnDefinition = {
  name: "Age",
  type: "date",
  description: CREATED,
  jsonPath: ".metadata.creationTimestamp",
};

export interface PrinterColumns {
  readonly columns: readonly Column[];
  cells(object: KubeObject, now: Time): readonly Cell[];
}

/** The columns of a custom resource (apiextensions-apiserver pkg/registry/customresource/tableconvertor). */
export function printerColumns(given: readonly CustomResourceColumnDefinition[] | undefined): PrinterColumns {
  const definitions = given && given.length > 0 ? given : [AGE];
  const paths: readonly (SimplePath | undefined)[] = definitions.map(({ jsonPath }) => parseSimplePath(jsonPath));
  return {
    columns: [NAME, ...definitions.map(columnOf)],
    cells: (object, now) => [
      object.metadata.name,
      ...definitions.map(({ type }, at) => cellOf(type, paths[at]?.first(object as unknown as JsonValue), now)),
    ],
  };
}

function columnOf({ name, type, format, description, priority, jsonPath }: CustomResourceColumnDefinition): Column {
  return {
    name,
    type: type as NonNullable<Column["type"]>,
    ...(format === undefined ? {} : { format }),
    description: description ?? `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    ...(priority === undefined ? {} : { priority }),
  };
}

function cellOf(type: string, value: JsonValue | undefined, now: Time): Cell {
  if (value === undefined) return null;
  switch (type) {
    case "string":
      return textOf(value);
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      if (typeof value !== "string") return null;
      return parseRfc3339(value) === undefined ? "<invalid>" : age(value, now);
    default:
      return null;
  }
}

/** As jsonpath prints a value: structures as JSON, nothing as `<nil>`. */
function textOf(value: JsonValue): string {
  if (value === null) return "<nil>";
  return Array.isArray(value) || isObject(value) ? sortedJson(value) : String(value);
}
