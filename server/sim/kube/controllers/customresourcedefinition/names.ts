import type { CustomResourceDefinition, CustomResourceDefinitionNames } from "../../api/index.ts";
import { findCondition, type Condition } from "../../kinds/index.ts";

/** What a definition may call its kind, and what its conditions say of that. */
export interface NameDecision {
  readonly accepted: CustomResourceDefinitionNames;
  readonly namesAccepted: Condition;
  readonly established: Condition;
}

/**
 * Gives a definition the names that no other of its group has
 * (apiextensions-apiserver pkg/controller/status/naming_controller.go). `others`: all definitions of the group but itself.
 */
export function decideNames(
  definition: CustomResourceDefinition,
  others: readonly CustomResourceDefinition[],
): NameDecision {
  const { names } = definition.spec;
  const { acceptedNames: before } = definition.status;
  const all = [...others, definition].map(({ status }) => status.acceptedNames);
  const resources = new Set(
    all.flatMap(({ plural, singular = "", shortNames = [] }) => [plural, singular, ...shortNames]),
  );
  const kinds = new Set(all.flatMap(({ kind, listKind = "" }) => [kind, listKind]));

  let conflict: Condition | undefined;
  const problem = (reason: string, message: string): void => {
    conflict = { type: "NamesAccepted", status: "False", reason, message };
  };
  const take = (reason: string, wanted = "", had = "", used: ReadonlySet<string>): string => {
    if (wanted === had || !used.has(wanted)) return wanted;
    problem(reason, `${JSON.stringify(wanted)} is already in use`);
    return had;
  };
  const plural = take("PluralConflict", names.plural, before.plural, resources);
  const singular = take("SingularConflict", names.singular, before.singular, resources);
  const taken = (names.shortNames ?? []).filter((name) => !before.shortNames?.includes(name) && resources.has(name));
  const messages = taken.map((name) => `${JSON.stringify(name)} is already in use`);
  if (taken.length > 0)
    problem("ShortNamesConflict", messages.length === 1 ? messages[0]! : `[${messages.join(", ")}]`);
  const shortNames = taken.length > 0 ? before.shortNames : names.shortNames;
  const kind = take("KindConflict", names.kind, before.kind, kinds);
  const listKind = take("ListKindConflict", names.listKind, before.listKind, kinds);

  const namesAccepted: Condition = conflict ?? {
    type: "NamesAccepted",
    status: "True",
    reason: "NoConflicts",
    message: "no conflicts found",
  };
  return {
    accepted: {
      ...(names.categories ? { categories: names.categories } : {}),
      kind,
      ...(listKind === "" ? {} : { listKind }),
      plural,
      ...(shortNames ? { shortNames } : {}),
      ...(singular === "" ? {} : { singular }),
    },
    namesAccepted,
    established: establishment(definition, namesAccepted),
  };
}

function establishment(definition: CustomResourceDefinition, namesAccepted: Condition): Condition {
  const old = findCondition(definition, "Established");
  if (old?.status === "True") return old;
  return namesAccepted.status === "True"
    ? {
        type: "Established",
        status: "False",
        reason: "Installing",
        message: "the initial names have been accepted",
      }
    : (old ?? {
        type: "Established",
        status: "False",
        reason: "NotAccepted",
        message: "not all names are accepted",
      });
}
