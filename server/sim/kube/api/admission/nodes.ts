import type { Node } from "../types/core.ts";
import type { Draft } from "../types/meta.ts";
import type { Pod } from "../types/pod.ts";
import { isAbout, refuse, type AdmissionPlugin, type Attributes } from "./plugin.ts";

const NOT_READY = "node.kubernetes.io/not-ready";
const NODE_USER = "system:node:";

/** A new node is tainted until it is ready, as plugin/pkg/admission/nodetaint. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: "TaintNodesByCondition",
  operations: ["CREATE"],
  admit(attributes) {
    if (!isAbout(attributes, "", "nodes")) return;
    const { spec } = attributes.object as Draft<Node>;
    if (!spec.taints?.some(({ key, effect }) => key === NOT_READY && effect === "NoSchedule"))
      (spec.taints ??= []).push({ key: NOT_READY, effect: "NoSchedule" });
  },
};

/** A kubelet may change its own Node and its own Pods only, as plugin/pkg/admission/noderestriction. */
export const nodeRestriction: AdmissionPlugin = {
  name: "NodeRestriction",
  operations: ["CREATE", "UPDATE", "DELETE"],
  admit(attributes) {
    const { user, kind } = attributes.context;
    if (!user.name.startsWith(NODE_USER) || !user.groups.includes("system:nodes") || kind.group !== "") return;
    const node = user.name.slice(NODE_USER.length);
    if (kind.plural === "nodes") restrictNode(attributes, node);
    else if (kind.plural === "pods") restrictPod(attributes, node);
  },
};

function restrictNode(attributes: Attributes, node: string): void {
  const { operation, name, object, old } = attributes;
  const asked = name === "" ? (object?.metadata.name ?? "") : name;
  if (asked !== node) throw refuse(attributes, `node "${node}" is not allowed to modify node "${asked}"`);
  if (operation === "CREATE" || operation === "DELETE" || attributes.context.subresource !== "") return;
  const before = JSON.stringify((old as Node).spec.taints ?? []);
  if (JSON.stringify((object as Draft<Node>).spec.taints ?? []) !== before)
    throw refuse(attributes, `node "${node}" is not allowed to modify taints`);
}

function restrictPod(attributes: Attributes, node: string): void {
  const { operation, object, old } = attributes;
  const pod = (operation === "DELETE" ? old : object) as Pod | undefined;
  if (!pod || attributes.context.subresource === "eviction") return;
  if (operation === "CREATE") {
    if (pod.metadata.annotations?.["kubernetes.io/config.mirror"] === undefined)
      throw refuse(
        attributes,
        `pod does not have "kubernetes.io/config.mirror" annotation, node "${node}" can only create mirror pods`,
      );
    if (pod.spec.nodeName !== node)
      throw refuse(attributes, `node "${node}" can only create pods with spec.nodeName set to itself`);
    return;
  }
  const verb = operation === "DELETE" ? "delete" : "update status for";
  if (operation === "UPDATE" && attributes.context.subresource !== "status")
    throw refuse(attributes, `unexpected operation "UPDATE"`);
  if ((old as Pod).spec.nodeName !== node)
    throw refuse(attributes, `node "${node}" can only ${verb} pods with spec.nodeName set to itself`);
}
