import {
  age, AGE, forbidden, IMMUTABLE, invalid, NAME, names, notSupported, required, type Column, type FieldErrors, type Input, type Kind,
  type PriorityClass,
} from "../../api/index.ts"; // prettier-ignore

const COLUMNS: readonly Column[] = [
  NAME,
  { name: "Value", type: "integer" },
  { name: "Global-Default", type: "boolean" },
  AGE,
  { name: "PreemptionPolicy" },
];
const POLICIES = ["PreemptLowerPriority", "Never"];
const SYSTEM_PREFIX = "system-";
const HIGHEST_OF_USERS = 1_000_000_000;

/** The classes that kube-apiserver makes at its start (pkg/apis/scheduling/v1/helpers.go). */
export const SYSTEM_PRIORITY_CLASSES: readonly (Input<PriorityClass> & {
  readonly metadata: { readonly name: string };
  readonly value: number;
})[] = [
  {
    metadata: { name: "system-node-critical" },
    value: 2_000_001_000,
    description: "Used for system critical pods that must not be moved from their current node.",
  },
  {
    metadata: { name: "system-cluster-critical" },
    value: 2_000_000_000,
    description:
      "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
  },
];

export const priorityClasses: Kind<PriorityClass> = {
  group: "scheduling.k8s.io",
  version: "v1",
  kind: "PriorityClass",
  plural: "priorityclasses",
  singular: "priorityclass",
  shortNames: ["pc"],
  namespaced: false,
  columns: COLUMNS,
  cells: ({ metadata, value, globalDefault, preemptionPolicy }, now) => [
    metadata.name,
    value,
    globalDefault ?? false,
    age(metadata.creationTimestamp, now),
    preemptionPolicy ?? "",
  ],
  nameRule: names.forNames(names.subdomain),
  defaults(priorityClass) {
    priorityClass.preemptionPolicy ??= "PreemptLowerPriority";
  },
  prepareCreate(priorityClass) {
    priorityClass.metadata.generation = 1;
  },
  validate: validatePriorityClass,
  validateUpdate(next, old) {
    const found: FieldErrors = [];
    if (next.value !== old.value) found.push(forbidden("value", "may not be changed in an update."));
    if (next.preemptionPolicy !== old.preemptionPolicy)
      found.push(invalid("preemptionPolicy", next.preemptionPolicy, IMMUTABLE));
    return found;
  },
};

/** pkg/apis/scheduling/validation ValidatePriorityClass */
function validatePriorityClass(priorityClass: PriorityClass): FieldErrors {
  const { metadata, value, preemptionPolicy } = priorityClass;
  const found: FieldErrors = [];
  if (metadata.name?.startsWith(SYSTEM_PREFIX)) {
    const error = systemProblem(priorityClass);
    if (error !== undefined)
      found.push(
        forbidden(
          "metadata.name",
          `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${error}`,
        ),
      );
  } else if (value > HIGHEST_OF_USERS)
    found.push(forbidden("value", `maximum allowed value of a user defined priority is ${HIGHEST_OF_USERS}`));
  if (preemptionPolicy === "") found.push(required("preemptionPolicy"));
  else if (preemptionPolicy !== undefined && !POLICIES.includes(preemptionPolicy))
    found.push(notSupported("preemptionPolicy", preemptionPolicy, POLICIES));
  return found;
}

function systemProblem({ metadata: { name }, value, globalDefault }: PriorityClass): string | undefined {
  const known = SYSTEM_PRIORITY_CLASSES.find(({ metadata }) => metadata.name === name);
  if (!known) return `${name} is not a known system priority class`;
  if (known.value !== value) return `value of ${name} PriorityClass must be ${known.value}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}
