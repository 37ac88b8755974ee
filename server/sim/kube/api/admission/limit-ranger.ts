import { formatQuantity, type Quantity } from "../quantity.ts";
import { amountsOf, type Amounts } from "../quota/amounts.ts";
import { podResources } from "../quota/pod-resources.ts";
import type { LimitRange, LimitRangeItem, ResourceList } from "../types/limits.ts";
import type { Draft, KubeObject } from "../types/meta.ts";
import type { Container, Pod } from "../types/pod.ts";
import { isAbout, refuse, type AdmissionPlugin, type Attributes } from "./plugin.ts";

const ANNOTATION = "kubernetes.io/limit-ranger";

/** Fills in what containers leave open and refuses what is out of range, as plugin/pkg/admission/limitranger. */
export const limitRanger: AdmissionPlugin = {
  name: "LimitRanger",
  operations: ["CREATE", "UPDATE"],
  admit(attributes) {
    if (!isAbout(attributes, "", "pods") || attributes.operation === "UPDATE") return;
    for (const limitRange of rangesOf(attributes)) setDefaults(attributes.object as Draft<Pod>, limitRange);
  },
  validate(attributes) {
    const { kind, subresource } = attributes.context;
    const resized = kind.group === "" && kind.plural === "pods" && subresource === "resize";
    const pod = resized || (isAbout(attributes, "", "pods") && attributes.operation === "CREATE");
    if (!pod && !isAbout(attributes, "", "persistentvolumeclaims")) return;
    for (const { spec } of rangesOf(attributes)) {
      const problems = (spec.limits ?? []).flatMap((item) =>
        pod ? podProblems(item, attributes.object as Pod) : claimProblems(item, attributes.object as KubeObject),
      );
      const distinct = [...new Set(problems)];
      if (distinct.length > 0)
        throw refuse(attributes, distinct.length === 1 ? distinct[0]! : `[${distinct.join(", ")}]`);
    }
  },
};

function rangesOf({ context }: Attributes): readonly LimitRange[] {
  const kind = context.find("", "limitranges");
  return kind ? (context.store.list(kind, context.namespace) as readonly LimitRange[]) : [];
}

/** mergePodResourceRequirements */
function setDefaults(pod: Draft<Pod>, { spec }: LimitRange): void {
  const items = (spec.limits ?? []).filter(({ type }) => type === "Container");
  const limits: ResourceList = Object.assign({}, ...items.map((item) => item.default));
  const requests: ResourceList = Object.assign({}, ...items.map((item) => item.defaultRequest));
  const notes: string[] = [];
  const fill = (container: Draft<Container>, what: string): void => {
    const set = {
      requests: setMissing(container, "requests", requests),
      limits: setMissing(container, "limits", limits),
    };
    if (set.requests.length > 0) notes.push(`${set.requests.join(", ")} request for ${what} ${container.name}`);
    if (set.limits.length > 0) notes.push(`${set.limits.join(", ")} limit for ${what} ${container.name}`);
  };
  for (const container of pod.spec.containers ?? []) fill(container, "container");
  for (const container of pod.spec.initContainers ?? []) fill(container, "init container");
  if (notes.length > 0) (pod.metadata.annotations ??= {})[ANNOTATION] = `LimitRanger plugin set: ${notes.join("; ")}`;
}

/** Sets what the container leaves open; the names of that, sorted. */
function setMissing({ resources }: Draft<Container>, member: "requests" | "limits", defaults: ResourceList): string[] {
  const missing = Object.keys(defaults).filter((name) => resources[member]?.[name] === undefined);
  if (missing.length > 0) resources[member] ??= {};
  for (const name of missing) resources[member]![name] = defaults[name]!;
  return missing.sort();
}

/** PodValidateLimitFunc */
function podProblems(item: LimitRangeItem, { spec }: Pod): string[] {
  if (item.type === "Container")
    return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
      problems(item, amountsOf(resources.requests), amountsOf(resources.limits)),
    );
  return item.type === "Pod" ? problems(item, podResources(spec, "requests"), podResources(spec, "limits")) : [];
}

function problems(item: LimitRangeItem, requests: Amounts, limits: Amounts): string[] {
  return [
    ...each(item.min, (name, enforced) => belowMinimum(item.type, name, enforced, requests, limits)),
    ...each(item.max, (name, enforced) => aboveMaximum(item.type, name, enforced, requests, limits)),
    ...each(item.maxLimitRequestRatio, (name, enforced) => aboveRatio(item.type, name, enforced, requests, limits)),
  ];
}

function each(list: ResourceList = {}, check: (name: string, enforced: Quantity) => string | undefined): string[] {
  return [...amountsOf(list)].flatMap(([name, enforced]) => check(name, enforced) ?? []);
}

/** Claims ask for storage in their requests alone (PersistentVolumeClaimValidateLimitFunc). */
function claimProblems(item: LimitRangeItem, claim: KubeObject): string[] {
  if (item.type !== "PersistentVolumeClaim") return [];
  const { spec } = claim as KubeObject & { spec: { resources?: { requests?: ResourceList } } };
  const requests = amountsOf(spec.resources?.requests);
  return [
    ...each(item.min, (name, enforced) => belowMinimum(item.type, name, enforced, requests, new Map())),
    ...each(item.max, (name, enforced) => {
      const asked = requests.get(name);
      const head = `maximum ${name} usage per ${item.type} is ${formatQuantity(enforced)}`;
      if (!asked) return `${head}.  No request is specified`;
      return asked.nanos > enforced.nanos ? `${head}, but request is ${formatQuantity(asked)}` : undefined;
    }),
  ];
}

type Check = (type: string, name: string, enforced: Quantity, requests: Amounts, limits: Amounts) => string | undefined;

const belowMinimum: Check = (type, name, enforced, requests, limits) => {
  const [asked, limit] = [requests.get(name), limits.get(name)];
  const head = `minimum ${name} usage per ${type} is ${formatQuantity(enforced)}`;
  if (!asked) return `${head}.  No request is specified`;
  if (asked.nanos < enforced.nanos) return `${head}, but request is ${formatQuantity(asked)}`;
  return limit && limit.nanos < enforced.nanos ? `${head}, but limit is ${formatQuantity(limit)}` : undefined;
};

const aboveMaximum: Check = (type, name, enforced, requests, limits) => {
  const [asked, limit] = [requests.get(name), limits.get(name)];
  const head = `maximum ${name} usage per ${type} is ${formatQuantity(enforced)}`;
  if (!limit) return `${head}.  No limit is specified`;
  if (limit.nanos > enforced.nanos) return `${head}, but limit is ${formatQuantity(limit)}`;
  return asked && asked.nanos > enforced.nanos ? `${head}, but request is ${formatQuantity(asked)}` : undefined;
};

const aboveRatio: Check = (type, name, enforced, requests, limits) => {
  const [asked, limit] = [requests.get(name), limits.get(name)];
  const head = `${name} max limit to request ratio per ${type} is ${formatQuantity(enforced)}`;
  if (!asked || asked.nanos === 0n) return `${head}, but no request is specified or request is 0`;
  if (!limit || limit.nanos === 0n) return `${head}, but no limit is specified or limit is 0`;
  const ratio = Number(limit.nanos) / Number(asked.nanos);
  return ratio * 1e9 > Number(enforced.nanos) ? `${head}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
};
