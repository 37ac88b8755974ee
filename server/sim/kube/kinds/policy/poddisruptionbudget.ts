import {
  age, AGE, go, goIntOrString, goStruct, invalid, NAME, names, notSupported, sameJson, type Cell, type Column, type Draft,
  type FieldErrors, type IntOrString, type Kind, type PodDisruptionBudget,
} from "../../api/index.ts"; // prettier-ignore
import { validateAtMostAll, validateShare } from "../apps/rolling-update.ts";
import { notNegative } from "../pod-template/probes.ts";
import { goLabelSelector, validateLabelSelector } from "../pod-template/selector.ts";

const COLUMNS: readonly Column[] = [
  NAME,
  { name: "Min Available" },
  { name: "Max Unavailable" },
  { name: "Allowed Disruptions", type: "integer" },
  AGE,
];

const EVICTION_POLICIES = ["AlwaysAllow", "IfHealthyBudget"];

export const podDisruptionBudgets: Kind<PodDisruptionBudget> = {
  group: "policy",
  version: "v1",
  kind: "PodDisruptionBudget",
  plural: "poddisruptionbudgets",
  singular: "poddisruptionbudget",
  shortNames: ["pdb"],
  namespaced: true,
  columns: COLUMNS,
  cells: ({ metadata, spec, status }, now): readonly Cell[] => [
    metadata.name,
    spec.minAvailable === undefined ? "N/A" : String(spec.minAvailable),
    spec.maxUnavailable === undefined ? "N/A" : String(spec.maxUnavailable),
    status.disruptionsAllowed,
    age(metadata.creationTimestamp, now),
  ],
  nameRule: names.forNames(names.subdomain),

  prepareCreate(budget) {
    budget.status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
    budget.metadata.generation = 1;
  },
  prepareUpdate(budget, old) {
    budget.status = old.status as Draft<PodDisruptionBudget["status"]>;
    if (!sameJson(budget.spec, old.spec)) budget.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate: validateBudget,
  validateUpdate: (next) => validateBudget(next),
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(budget, old) {
        budget.spec = old.spec as Draft<PodDisruptionBudget["spec"]>;
      },
      validateUpdate: ({ status }) =>
        (["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"] as const).flatMap((count) =>
          notNegative(status[count], `status.${count}`),
        ),
    },
  },
};

/** pkg/apis/policy/validation ValidatePodDisruptionBudgetSpec */
function validateBudget({ spec }: PodDisruptionBudget): FieldErrors {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = spec;
  const found: FieldErrors = [];
  if (minAvailable !== undefined && maxUnavailable !== undefined)
    found.push(invalid("spec", goSpec(spec), "minAvailable and maxUnavailable cannot be both set"));
  found.push(...validateAmount(minAvailable, "spec.minAvailable"));
  found.push(...validateAmount(maxUnavailable, "spec.maxUnavailable"));
  if (selector) found.push(...validateLabelSelector(selector, "spec.selector"));
  if (unhealthyPodEvictionPolicy !== undefined && !EVICTION_POLICIES.includes(unhealthyPodEvictionPolicy))
    found.push(notSupported("spec.unhealthyPodEvictionPolicy", unhealthyPodEvictionPolicy, EVICTION_POLICIES));
  return found;
}

function validateAmount(value: IntOrString | undefined, path: string): FieldErrors {
  return [...validateShare(value, path), ...validateAtMostAll(value, path)];
}

function goSpec({ minAvailable, maxUnavailable, selector }: PodDisruptionBudget["spec"]): ReturnType<typeof goStruct> {
  return goStruct("policy.PodDisruptionBudgetSpec", {
    MinAvailable: goIntOrString(minAvailable),
    Selector: goLabelSelector(selector),
    MaxUnavailable: goIntOrString(maxUnavailable),
    UnhealthyPodEvictionPolicy: go("(*policy.UnhealthyPodEvictionPolicyType)(nil)"),
  });
}
