const SCHEMA = "#apiextensions.k8s.io/v1.JSONSchemaProps";

/**
 * Fields that the published schema leaves open, because their types contain themselves or are one of several
 * (apiextensions/v1 types_jsonschema.go). Written as in the structure table; `|` is followed by what else may stand there.
 */
export const RECURSIVE_FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "apiextensions.k8s.io/v1.JSONSchemaProps": {
    additionalItems: `${SCHEMA}|bool`,
    additionalProperties: `${SCHEMA}|bool`,
    allOf: `[]${SCHEMA}`,
    anyOf: `[]${SCHEMA}`,
    oneOf: `[]${SCHEMA}`,
    not: SCHEMA,
    definitions: `{}${SCHEMA}`,
    dependencies: `{}${SCHEMA}|strings`,
    items: `${SCHEMA}|list`,
    patternProperties: `{}${SCHEMA}`,
    properties: `{}${SCHEMA}`,
    default: "*",
    example: "*",
    enum: "[]*",
    maxItems: "l",
    maxLength: "l",
    maxProperties: "l",
    maximum: "d",
    minItems: "l",
    minLength: "l",
    minProperties: "l",
    minimum: "d",
    multipleOf: "d",
  },
};
