import { createHash } from "node:crypto";
import { sameJson, type JsonObject, type KindContext } from "../../api/index.ts";
import type { Stored } from "./stored-kind.ts";

/** What a server starts with (apiserver/pkg/apis/flowcontrol/bootstrap/default.go), mandatory and suggested together. */

type Queues = readonly [queues: number, handSize: number];

/** Name, shares, percentage that may be lent, and its queues: none where requests are refused at once. */
const LEVELS: readonly (readonly [string, number, number, Queues?])[] = [
  ["catch-all", 5, 0],
  ["global-default", 20, 50, [128, 6]],
  ["leader-election", 10, 0, [16, 4]],
  ["node-high", 40, 25, [64, 6]],
  ["system", 30, 33, [64, 6]],
  ["workload-high", 40, 50, [128, 6]],
  ["workload-low", 100, 90, [128, 6]],
];
const QUEUE_LENGTH = 50;

const ALL = ["*"];
const EVERYBODY = ["system:unauthenticated", "system:authenticated"];
const LEASES = rule(["get", "create", "update"], ["coordination.k8s.io"], ["leases"]);
const EVERYTHING = {
  resourceRules: [rule(ALL, ALL, ALL, true)],
  nonResourceRules: [{ verbs: ALL, nonResourceURLs: ALL }],
};

interface Schema {
  readonly level: string;
  readonly precedence: number;
  readonly method?: "ByUser" | "ByNamespace";
  readonly subjects: readonly JsonObject[];
  readonly rules: { readonly resourceRules?: readonly JsonObject[]; readonly nonResourceRules?: readonly JsonObject[] };
}

const SCHEMAS: Readonly<Record<string, Schema>> = {
  exempt: { level: "exempt", precedence: 1, subjects: groups("system:masters"), rules: EVERYTHING },
  probes: {
    level: "exempt",
    precedence: 2,
    subjects: groups(...EVERYBODY),
    rules: { nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/healthz", "/readyz", "/livez"] }] },
  },
  "system-leader-election": {
    level: "leader-election",
    precedence: 100,
    method: "ByUser",
    subjects: [...users("system:kube-controller-manager", "system:kube-scheduler"), ...accounts("*")],
    rules: { resourceRules: [LEASES] },
  },
  "endpoint-controller": {
    level: "workload-high",
    precedence: 150,
    method: "ByUser",
    subjects: [
      ...users("system:kube-controller-manager"),
      ...accounts("endpoint-controller", "endpointslicemirroring-controller"),
    ],
    rules: { resourceRules: [rule(["get", "create", "update"], [""], ["endpoints"])] },
  },
  "workload-leader-election": {
    level: "leader-election",
    precedence: 200,
    method: "ByUser",
    subjects: accounts("*"),
    rules: { resourceRules: [rule(["get", "create", "update"], [""], ["endpoints", "configmaps"]), LEASES] },
  },
  "system-node-high": {
    level: "node-high",
    precedence: 400,
    method: "ByUser",
    subjects: groups("system:nodes"),
    rules: {
      resourceRules: [rule(ALL, [""], ["nodes", "nodes/status"], true), rule(ALL, ["coordination.k8s.io"], ["leases"])],
    },
  },
  "system-nodes": {
    level: "system",
    precedence: 500,
    method: "ByUser",
    subjects: groups("system:nodes"),
    rules: EVERYTHING,
  },
  "kube-controller-manager": {
    level: "workload-high",
    precedence: 800,
    method: "ByNamespace",
    subjects: users("system:kube-controller-manager"),
    rules: EVERYTHING,
  },
  "kube-scheduler": {
    level: "workload-high",
    precedence: 800,
    method: "ByNamespace",
    subjects: users("system:kube-scheduler"),
    rules: EVERYTHING,
  },
  "kube-system-service-accounts": {
    level: "workload-high",
    precedence: 900,
    method: "ByNamespace",
    subjects: accounts("*"),
    rules: EVERYTHING,
  },
  "service-accounts": {
    level: "workload-low",
    precedence: 9_000,
    method: "ByUser",
    subjects: groups("system:serviceaccounts"),
    rules: EVERYTHING,
  },
  "global-default": {
    level: "global-default",
    precedence: 9_900,
    method: "ByUser",
    subjects: groups(...EVERYBODY),
    rules: EVERYTHING,
  },
  "catch-all": {
    level: "catch-all",
    precedence: 10_000,
    method: "ByUser",
    subjects: groups(...EVERYBODY),
    rules: EVERYTHING,
  },
};

/** The priority levels that nobody has written over, or all that a server starts with. */
export function defaultLevels(context: KindContext, _namespace?: string, every = false): readonly Stored[] {
  const exempt = { type: "Exempt", exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } };
  const all = LEVELS.map(([name, shares, lendable, queues]) => {
    const limitResponse: JsonObject = queues
      ? { type: "Queue", queuing: { queues: queues[0], handSize: queues[1], queueLengthLimit: QUEUE_LENGTH } }
      : { type: "Reject" };
    const limited = { nominalConcurrencyShares: shares, limitResponse, lendablePercent: lendable };
    return made(context, name, { type: "Limited", limited }, {});
  });
  const levels = [...all, made(context, "exempt", exempt, {})];
  return every ? levels : unwritten(context, levels);
}

/** The flow schemas that nobody has written over, or all that a server starts with. */
export function defaultFlows(context: KindContext, _namespace?: string, every = false): readonly Stored[] {
  const all = Object.entries(SCHEMAS).map(([name, { level, precedence, method, subjects, rules }]) => {
    const spec = {
      priorityLevelConfiguration: { name: level },
      matchingPrecedence: precedence,
      ...(method ? { distinguisherMethod: { type: method } } : {}),
      rules: [{ subjects, ...rules }],
    } as unknown as JsonObject;
    const dangling = {
      type: "Dangling",
      status: "False",
      lastTransitionTime: since(context),
      reason: "Found",
      message: `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)} and it exists`,
    };
    return made(context, name, spec, { conditions: [dangling] });
  });
  return every ? all : unwritten(context, all);
}

/**
 * What a server starts with it makes again when it is gone: here at once, in life within a minute
 * (pkg/registry/flowcontrol/rest/storage_flowcontrol.go, ensurer).
 */
export function makeAgain(
  defaults: (context: KindContext) => readonly Stored[],
): (gone: Stored, context: KindContext) => void {
  return ({ metadata: { name } }, context) => {
    const found = defaults(context).find(({ metadata }) => metadata.name === name);
    if (!found) return;
    const metadata = { ...found.metadata, uid: context.random.uuid("kube/uid"), creationTimestamp: context.nowText };
    context.store.create(context.kind, { ...found, metadata });
  };
}

const AUTO_UPDATE = "apf.kubernetes.io/autoupdate-spec";
/** Those that are as they are whatever their annotation says; all others are suggestions. */
const MANDATORY = ["catch-all", "exempt"];

/**
 * What is written over them is taken back, unless the annotation of a suggested one says that its owner looks after it: here at
 * once, in life within a minute (pkg/registry/flowcontrol/ensurer/strategy.go). The shares of the level `exempt` are the owner's.
 */
export function revert(
  defaults: (context: KindContext, namespace: string, every: boolean) => readonly Stored[],
): (object: Stored, old: Stored | undefined, context: KindContext) => void {
  return (object, _, context) => {
    const { name, annotations = {}, generation = 1 } = object.metadata;
    const first = defaults(context, "", true).find(({ metadata }) => metadata.name === name);
    if (!first) return;
    const mandatory = MANDATORY.includes(name);
    if (!mandatory && annotations[AUTO_UPDATE] !== "true") return;
    const spec = first.spec as JsonObject;
    const { exempt } = object.spec as JsonObject;
    const wanted = spec["exempt"] === undefined || exempt === undefined ? spec : { ...spec, exempt };
    const same = sameJson(object.spec, wanted);
    if (same && annotations[AUTO_UPDATE] === "true") return;
    const metadata = {
      ...object.metadata,
      generation: same ? generation : generation + 1,
      annotations: { ...annotations, [AUTO_UPDATE]: "true" },
    };
    const reverted = { ...object, metadata, spec: wanted };
    context.store.update(context.kind, reverted, object);
  };
}

function unwritten({ store, kind }: KindContext, all: readonly Stored[]): readonly Stored[] {
  return all.filter(({ metadata }) => store.get(kind, "", metadata.name) === undefined);
}

function since({ registry, store }: KindContext): string | null {
  const namespaces = registry.find("", "v1", "namespaces");
  return (namespaces && store.get(namespaces, "", "default")?.metadata.creationTimestamp) ?? null;
}

function made(context: KindContext, name: string, spec: JsonObject, status: JsonObject): Stored {
  const hex = createHash("sha256").update(`${context.kind.plural}/${name}`).digest("hex");
  const uid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  const metadata = {
    name,
    uid,
    resourceVersion: "1",
    generation: 1,
    creationTimestamp: since(context),
    annotations: { [AUTO_UPDATE]: "true" },
  } as unknown as Stored["metadata"];
  return { metadata, spec, status };
}

function groups(...names: string[]): JsonObject[] {
  return names.map((name) => ({ kind: "Group", group: { name } }));
}

function users(...names: string[]): JsonObject[] {
  return names.map((name) => ({ kind: "User", user: { name } }));
}

function accounts(...names: string[]): JsonObject[] {
  return names.map((name) => ({ kind: "ServiceAccount", serviceAccount: { namespace: "kube-system", name } }));
}

function rule(verbs: string[], apiGroups: string[], resources: string[], clusterScope = false): JsonObject {
  return { verbs, apiGroups, resources, ...(clusterScope ? { clusterScope } : {}), namespaces: ["*"] };
}
