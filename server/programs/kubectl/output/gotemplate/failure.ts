/** What a function of a template complains about. */
export class FunctionError extends Error {}

/** Why a template cannot be executed on an object, in the words of package template. */
export class TemplateError extends Error {}
