import {
  goStrings, IMMUTABLE, invalid, names as rules, notSupported, required, sameJson, type CustomResourceDefinition,
  type CustomResourceDefinitionSpec, type FieldErrors,
} from "../../api/index.ts"; // prettier-ignore
import { validateApproval } from "./approval.ts";
import { isConditionTrue } from "./condition.ts";
import { validateConversion } from "./conversion.ts";
import { goVersions } from "./go-versions.ts";
import { validateNames } from "./names.ts";
import { validateDeprecation, validateVersionParts, type PartPaths } from "./version.ts";

export { validateNames } from "./names.ts";

/** Complaints about a new definition (apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go). */
export function validateDefinition(definition: CustomResourceDefinition): FieldErrors {
  const { metadata, spec } = definition;
  const found: FieldErrors = [];
  if (metadata.name && metadata.name !== `${spec.names.plural}.${spec.group}`)
    found.push(invalid("metadata.name", metadata.name, 'must be spec.names.plural+"."+spec.group'));
  return [...found, ...validateSpec(spec), ...validateRest(definition, undefined)];
}

export function validateDefinitionUpdate(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition,
): FieldErrors {
  const { spec } = definition;
  const found = validateSpec(spec, old.spec);
  const unchanged = (path: string, next: string, before: string): void => {
    if (next !== before) found.push(invalid(path, next, IMMUTABLE));
  };
  if (isConditionTrue(old, "Established")) {
    unchanged("spec.scope", spec.scope, old.spec.scope);
    unchanged("spec.names.kind", spec.names.kind, old.spec.names.kind);
  }
  unchanged("spec.group", spec.group, old.spec.group);
  unchanged("spec.names.plural", spec.names.plural, old.spec.names.plural);
  return [...found, ...validateRest(definition, old)];
}

function validateRest(definition: CustomResourceDefinition, old: CustomResourceDefinition | undefined): FieldErrors {
  const { spec, status } = definition;
  return [
    ...validateNames(status.acceptedNames, "status.acceptedNames"),
    ...validateStoredVersions(definition),
    ...validateApproval(definition, old),
    ...(spec.preserveUnknownFields && !old?.spec.preserveUnknownFields
      ? [
          invalid(
            "spec.preserveUnknownFields",
            true,
            "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
          ),
        ]
      : []),
  ];
}

function validateStoredVersions({ spec, status }: CustomResourceDefinition): FieldErrors {
  const path = "status.storedVersions";
  const stored = status.storedVersions ?? [];
  if (stored.length === 0) return [invalid(path, goStrings(undefined), "must have at least one stored version")];
  const found: FieldErrors = [];
  const versions = spec.versions ?? [];
  for (const { name, storage } of versions)
    if (storage && !stored.includes(name))
      found.push(invalid(path, goStrings(stored), `must have the storage version ${name}`));
  stored.forEach((name, index) => {
    if (!versions.some((version) => version.name === name))
      found.push(
        invalid(
          `${path}[${index}]`,
          name,
          `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
        ),
      );
  });
  return found;
}

function validateSpec(spec: CustomResourceDefinitionSpec, old?: CustomResourceDefinitionSpec): FieldErrors {
  const versions = spec.versions ?? [];
  const found: FieldErrors = [...validateGroup(spec.group), ...validateScope(spec.scope)];
  versions.forEach(({ schema }, index) => {
    if (!schema?.openAPIV3Schema)
      found.push(required(`spec.versions[${index}].schema.openAPIV3Schema`, "schemas are required"));
  });
  // What all versions have in common the server holds, and names, as a part of the spec.
  const common = commonParts(spec);
  versions.forEach((version, index) => {
    const path = `spec.versions[${index}]`;
    const messages = rules.label1035(version.name);
    if (messages.length > 0) found.push(invalid(`${path}.name`, version.name, messages.join(",")));
    found.push(...validateDeprecation(version, path));
    const before = old?.versions?.find(({ name }) => name === version.name);
    found.push(...validateVersionParts(version, before, perVersion(path, common)));
  });
  const bad = (detail: string): void => void found.push(invalid("spec.versions", goVersions(versions, common), detail));
  if (new Set(versions.map(({ name }) => name)).size < versions.length) bad("must contain unique version names");
  if (versions.filter(({ storage }) => storage).length !== 1)
    bad("must have exactly one version marked as storage version");
  const { plural, singular, kind, listKind } = spec.names;
  for (const [field, value] of Object.entries({ plural, singular, kind, listKind }))
    if (!value) found.push(required(`spec.names.${field}`));
  found.push(...validateNames(spec.names, "spec.names"));
  const [first] = versions;
  if (first) found.push(...validateVersionParts(first, old?.versions?.[0], atTheTop(common)));
  return [...found, ...validateConversion(spec.conversion)];
}

function validateGroup(group: string): FieldErrors {
  const path = "spec.group";
  if (group === "") return [required(path)];
  const messages = rules.subdomain(group);
  if (messages.length > 0) return [invalid(path, group, messages.join(","))];
  return group.includes(".") ? [] : [invalid(path, group, "should be a domain with at least one dot")];
}

function validateScope(scope: string): FieldErrors {
  if (scope === "") return [required("spec.scope")];
  const scopes = ["Cluster", "Namespaced"];
  return scopes.includes(scope) ? [] : [notSupported("spec.scope", scope, scopes)];
}

/** Parts of a version that all versions have alike. */
export type CommonParts = Readonly<
  Record<"schema" | "subresources" | "additionalPrinterColumns" | "selectableFields", boolean>
>;

/** As v1/conversion.go moves them to the top of the internal spec. */
function commonParts({ versions }: CustomResourceDefinitionSpec): CommonParts {
  const [first, ...others] = versions ?? [];
  const alike = (part: keyof CommonParts): boolean => others.every((version) => sameJson(version[part], first?.[part]));
  return {
    schema: alike("schema"),
    subresources: alike("subresources"),
    additionalPrinterColumns: alike("additionalPrinterColumns"),
    selectableFields: alike("selectableFields"),
  };
}

function perVersion(path: string, common: CommonParts): PartPaths {
  return {
    ...(common.schema ? {} : { schema: `${path}.schema` }),
    ...(common.subresources ? {} : { subresources: `${path}.subresources` }),
    ...(common.additionalPrinterColumns ? {} : { columns: `${path}.additionalPrinterColumns` }),
    ...(common.selectableFields ? {} : { selectableFields: `${path}.selectableFields` }),
  };
}

function atTheTop(common: CommonParts): PartPaths {
  return {
    ...(common.schema ? { schema: "spec.validation" } : {}),
    ...(common.subresources ? { subresources: "spec.subresources" } : {}),
    ...(common.additionalPrinterColumns ? { columns: "spec.additionalPrinterColumns" } : {}),
    ...(common.selectableFields ? { selectableFields: "spec.selectableFields" } : {}),
  };
}
