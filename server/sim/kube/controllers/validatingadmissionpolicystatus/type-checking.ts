import {
  declaredSchema, mismatch, namesIn, type AnyKind, type ApiServer, type ValidatingAdmissionPolicy,
} from "../../api/index.ts"; // prettier-ignore

export interface ExpressionWarning {
  readonly fieldRef: string;
  readonly warning: string;
}

const MOST_KINDS = 10;

/**
 * Which expressions of a policy do not fit the kinds that it is about; kinds that it names by wildcards are not looked at
 * (apiserver/pkg/admission/plugin/policy/validating/typechecking.go).
 */
export function typeWarnings(
  registry: ApiServer["registry"],
  { spec }: ValidatingAdmissionPolicy,
): ExpressionWarning[] {
  const kinds = kindsOf(registry, spec);
  const names = namesIn({
    params: spec.paramKind !== undefined,
    variables: (spec.variables?.length ?? 0) > 0,
  });
  const found: ExpressionWarning[] = [];
  const check = (fieldRef: string, text: string | undefined): void => {
    if (!text) return;
    const lines = kinds.flatMap((kind) => {
      const why = mismatch(text, names, declaredSchema(kind));
      return why === undefined ? [] : [`${kind.group}/${kind.version}, Kind=${kind.kind}: ${why}`];
    });
    if (lines.length > 0) found.push({ fieldRef, warning: lines.join("\n") });
  };
  spec.validations?.forEach(({ expression, messageExpression }, at) => {
    check(`spec.validations[${at}].expression`, expression);
    check(`spec.validations[${at}].messageExpression`, messageExpression);
  });
  return found;
}

function kindsOf(registry: ApiServer["registry"], { matchConstraints }: ValidatingAdmissionPolicy["spec"]): AnyKind[] {
  const plain = (list: readonly string[] | undefined): string[] => (list ?? []).filter((one) => !/[*/]/.test(one));
  const found = new Set<AnyKind>();
  for (const { apiGroups, apiVersions, resources } of matchConstraints?.resourceRules ?? [])
    for (const group of plain(apiGroups))
      for (const version of plain(apiVersions))
        for (const resource of plain(resources)) {
          const kind = registry.find(group, version, resource);
          if (kind && found.size < MOST_KINDS) found.add(kind);
        }
  const key = ({ group, version, kind }: AnyKind): string => `${group}/${version} ${kind}`;
  return [...found].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
