import { go, quote, type CustomResourceDefinitionVersion, type GoValue } from "../../api/index.ts";
import type { CommonParts } from "./definition.ts";

const TYPE = "apiextensions.CustomResourceDefinitionVersion";

/** `%#v` of the internal versions: parts that all have in common have moved away, pointers print as addresses. */
export function goVersions(versions: readonly CustomResourceDefinitionVersion[], common: CommonParts): GoValue {
  if (versions.length === 0) return go(`[]${TYPE}(nil)`);
  return go(`[]${TYPE}{${versions.map((version) => goVersion(version, common)).join(", ")}}`);
}

function goVersion(version: CustomResourceDefinitionVersion, common: CommonParts): string {
  const { name, served, storage, deprecated = false } = version;
  const pointer = (type: string, given: unknown): string =>
    `(*${type})(${given === undefined ? "nil" : "0xc000000000"})`;
  const columns = common.additionalPrinterColumns ? undefined : version.additionalPrinterColumns;
  const selectable = common.selectableFields ? undefined : version.selectableFields;
  const fields = [
    `Name:${quote(name)}`,
    `Served:${served}`,
    `Storage:${storage}`,
    `Deprecated:${deprecated}`,
    `DeprecationWarning:${pointer("string", version.deprecationWarning)}`,
    `Schema:${pointer("apiextensions.CustomResourceValidation", common.schema ? undefined : version.schema)}`,
    `Subresources:${pointer("apiextensions.CustomResourceSubresources", common.subresources ? undefined : version.subresources)}`,
    `AdditionalPrinterColumns:${list(
      "CustomResourceColumnDefinition",
      columns?.map(
        (one) =>
          `Name:${quote(one.name)}, Type:${quote(one.type)}, Format:${quote(one.format ?? "")}, Description:${quote(one.description ?? "")}, Priority:${one.priority ?? 0}, JSONPath:${quote(one.jsonPath)}`,
      ),
    )}`,
    `SelectableFields:${list(
      "SelectableField",
      selectable?.map(({ jsonPath }) => `JSONPath:${quote(jsonPath)}`),
    )}`,
  ];
  return `${TYPE}{${fields.join(", ")}}`;
}

function list(type: string, items: readonly string[] | undefined): string {
  const full = `apiextensions.${type}`;
  return items ? `[]${full}{${items.map((item) => `${full}{${item}}`).join(", ")}}` : `[]${full}(nil)`;
}
