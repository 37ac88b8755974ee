import { MINUTE, parseRfc3339, rfc3339 } from "../../../kernel/index.ts";
import {
  age, AGE, cidrErrors, duplicate, forbidden, goStruct, go, invalid, NAME, names, notSupported, required, sameJson, validateLabelName,
  type Cell, type Column, type Draft, type FieldErrors, type Kind, type KindContext, type Node, type Taint,
} from "../../api/index.ts"; // prettier-ignore
import { proxySubresource } from "./proxy.ts";
import { TAINT_EFFECTS } from "../pod-template/scheduling.ts";

const COLUMNS: readonly Column[] = [
  NAME,
  { name: "Status" },
  { name: "Roles" },
  AGE,
  { name: "Version" },
  { name: "Internal-IP", priority: 1 },
  { name: "External-IP", priority: 1 },
  { name: "OS-Image", priority: 1 },
  { name: "Kernel-Version", priority: 1 },
  { name: "Container-Runtime", priority: 1 },
];

const ROLE_PREFIX = "node-role.kubernetes.io/";
const ROLE_LABEL = "kubernetes.io/role";

export const nodes: Kind<Node> = {
  group: "",
  version: "v1",
  kind: "Node",
  plural: "nodes",
  singular: "node",
  shortNames: ["no"],
  namespaced: false,
  registryPath: "/registry/minions",
  columns: COLUMNS,
  cells: ({ metadata, spec, status }, now): readonly Cell[] => [
    metadata.name,
    statusText(status.conditions, spec.unschedulable ?? false),
    roles(metadata.labels ?? {}),
    age(metadata.creationTimestamp, now),
    status.nodeInfo.kubeletVersion,
    address(status, "InternalIP"),
    address(status, "ExternalIP"),
    status.nodeInfo.osImage || "<unknown>",
    status.nodeInfo.kernelVersion || "<unknown>",
    status.nodeInfo.containerRuntimeVersion || "<unknown>",
  ],
  shown: withHeartbeats,
  nameRule: names.forNames(names.subdomain),
  fields: { "spec.unschedulable": ({ spec }) => String(spec.unschedulable ?? false) },

  defaults({ spec, status }) {
    if (spec.podCIDR) spec.podCIDRs ??= [spec.podCIDR];
    else if (spec.podCIDRs) spec.podCIDR = spec.podCIDRs[0]!;
    if (status.capacity) status.allocatable ??= { ...status.capacity };
  },
  prepareUpdate(node, old) {
    node.status = old.status as Draft<Node["status"]>;
  },
  validate: validateNode,
  validateUpdate: (node, old) => [...validateNode(node), ...validateChanges(node, old)],
  subresources: {
    proxy: proxySubresource("NodeProxyOptions"),
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(node, old) {
        node.spec = old.spec as Draft<Node["spec"]>;
      },
      validateUpdate: validateNode,
    },
  },
};

/** How often a kubelet posts a status in which nothing is new (nodeStatusReportFrequency). */
const REPORT = 5 * MINUTE;

/** The conditions that the kubelet posts, as of its last report: nobody writes what says nothing new. */
function withHeartbeats(node: Node, { settings }: KindContext): Node {
  const { conditions = [] } = node.status;
  const renewed = settings.lastRenewal?.(`kube-node-lease/${node.metadata.name}`);
  const last = conditions.find(({ type }) => type === "Ready")?.lastHeartbeatTime;
  const posted = last ? parseRfc3339(last) : undefined;
  if (renewed === undefined || posted === undefined || renewed - posted < REPORT) return node;
  const lastHeartbeatTime = rfc3339(posted + Math.floor((renewed - posted) / REPORT) * REPORT);
  return {
    ...node,
    status: {
      ...node.status,
      conditions: conditions.map((one) => (one.lastHeartbeatTime === last ? { ...one, lastHeartbeatTime } : one)),
    },
  };
}

function statusText(conditions: Node["status"]["conditions"], unschedulable: boolean): string {
  const ready = conditions?.find(({ type }) => type === "Ready");
  const text = ready ? (ready.status === "True" ? "Ready" : "NotReady") : "Unknown";
  return unschedulable ? `${text},SchedulingDisabled` : text;
}

function roles(labels: Readonly<Record<string, string>>): string {
  const found = new Set<string>();
  for (const [label, value] of Object.entries(labels)) {
    if (label.startsWith(ROLE_PREFIX) && label !== ROLE_PREFIX) found.add(label.slice(ROLE_PREFIX.length));
    else if (label === ROLE_LABEL && value !== "") found.add(value);
  }
  return found.size === 0 ? "<none>" : [...found].sort().join(",");
}

function address({ addresses = [] }: Node["status"], type: string): string {
  return addresses.find((one) => one.type === type)?.address ?? "<none>";
}

/** Taints are reported under metadata, as the server does. */
function validateNode({ spec }: Node): FieldErrors {
  const found = validateTaints(spec.taints ?? [], "metadata.taints");
  const cidrs = spec.podCIDRs ?? [];
  for (const [index, cidr] of cidrs.entries()) found.push(...cidrErrors(`spec.podCIDRs[${index}]`, cidr));
  if (cidrs.length > 1 && (cidrs.length > 2 || new Set(cidrs.map((cidr) => cidr.includes(":"))).size < 2))
    found.push(
      invalid(
        "spec.podCIDRs",
        go(`[]string{${cidrs.map((cidr) => `"${cidr}"`).join(", ")}}`),
        "may specify no more than one CIDR for each IP family",
      ),
    );
  return found;
}

function validateTaints(taints: readonly Taint[], path: string): FieldErrors {
  const found: FieldErrors = [];
  const seen = new Set<string>();
  for (const [index, { key, value = "", effect }] of taints.entries()) {
    const at = `${path}[${index}]`;
    found.push(...validateLabelName(key, `${at}.key`));
    const messages = names.labelValue(value);
    if (messages.length > 0) found.push(invalid(`${at}.value`, value, messages.join(";")));
    if (!effect) found.push(required(`${at}.effect`));
    else if (!TAINT_EFFECTS.includes(effect)) found.push(notSupported(`${at}.effect`, effect, TAINT_EFFECTS));
    if (seen.has(`${effect} ${key}`))
      found.push(
        duplicate(
          at,
          goStruct("core.Taint", { Key: key, Value: value, Effect: effect, TimeAdded: go("<nil>") }),
          "taints must be unique by key and effect pair",
        ),
      );
    seen.add(`${effect} ${key}`);
  }
  return found;
}

/** pkg/apis/core/validation ValidateNodeUpdate */
function validateChanges({ spec }: Node, { spec: old }: Node): FieldErrors {
  const found: FieldErrors = [];
  if (old.podCIDRs?.length && !sameJson(old.podCIDRs, spec.podCIDRs))
    found.push(forbidden("spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid'));
  if (old.providerID && old.providerID !== spec.providerID)
    found.push(forbidden("spec.providerID", 'node updates may not change providerID except from "" to valid'));
  return found;
}
