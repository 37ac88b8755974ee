import { invalid, names as rules, type CustomResourceDefinitionNames, type FieldErrors } from "../../api/index.ts";

/** Complaints about names that are given (ValidateCustomResourceDefinitionNames). */
export function validateNames(names: CustomResourceDefinitionNames, path: string): FieldErrors {
  const found: FieldErrors = [];
  const check = (field: string, value: string, tested = value, before = ""): void => {
    const messages = value === "" ? [] : rules.label1035(tested);
    if (messages.length > 0) found.push(invalid(`${path}.${field}`, value, before + messages.join(",")));
  };
  const mixed = "may have mixed case, but should otherwise match: ";
  const { plural, singular = "", kind, listKind = "", shortNames, categories } = names;
  check("plural", plural);
  check("singular", singular);
  check("kind", kind, kind.toLowerCase(), mixed);
  check("listKind", listKind, listKind.toLowerCase(), mixed);
  shortNames?.forEach((name, index) => checkListed(`shortNames[${index}]`, name));
  if (kind !== "" && kind === listKind)
    found.push(invalid(`${path}.listKind`, listKind, "kind and listKind may not be the same"));
  categories?.forEach((name, index) => checkListed(`categories[${index}]`, name));
  return found;

  function checkListed(field: string, value: string): void {
    const messages = rules.label1035(value);
    if (messages.length > 0) found.push(invalid(`${path}.${field}`, value, messages.join(",")));
  }
}
