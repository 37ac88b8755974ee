import {
  anyKind,
  type AccessAttributes,
  type ApiServer,
  type Authorization,
  type Pod,
  type UserInfo,
} from "../../api/index.ts";
import { allows, pods } from "../../kinds/index.ts";
import { nodeRules } from "./bootstrap-policy/cluster-roles.ts";

const PREFIX = "system:node:";
const ALLOWED: Authorization = { allowed: true };

/** The node that a user is; undefined if it is none (pkg/auth/nodeidentifier). */
export function nodeOf({ name, groups }: UserInfo): string | undefined {
  if (!name.startsWith(PREFIX) || !groups.includes("system:nodes")) return undefined;
  return name.slice(PREFIX.length);
}

/**
 * Allows kubelets what they need for the Pods of their own node (plugin/pkg/auth/authorizer/node/node_authorizer.go).
 * What the real one keeps as a graph is looked up among the Pods of the node.
 */
export function authorizeNode(api: Pick<ApiServer, "store">, attributes: AccessAttributes): Authorization {
  const node = nodeOf(attributes.user);
  if (node === undefined) return { allowed: false };
  if (attributes.path !== undefined)
    return { allowed: nodeRules().some((rule) => allows(rule, { verb: attributes.verb, path: attributes.path! })) };
  const { group, resource } = attributes;
  switch (group === "" ? resource : `${resource}.${group}`) {
    case "secrets":
    case "configmaps":
      return readObject(api, node, attributes);
    case "persistentvolumeclaims":
      return attributes.subresource === "status"
        ? updateStatus(api, node, attributes)
        : getObject(api, node, attributes);
    case "persistentvolumes":
    case "volumeattachments.storage.k8s.io":
      return getObject(api, node, attributes);
    case "serviceaccounts":
      return createToken(api, node, attributes);
    case "leases.coordination.k8s.io":
      return lease(node, attributes);
    case "csinodes.storage.k8s.io":
      return csiNode(node, attributes);
    case "nodes":
      return nodeItself(node, attributes);
    case "pods":
      return podsOf(api, node, attributes);
    default: {
      const question = { ...attributes, path: undefined };
      return { allowed: nodeRules().some((rule) => allows(rule, question)) };
    }
  }
}

function no(reason: string): Authorization {
  return { allowed: false, reason };
}

type Api = Pick<ApiServer, "store">;
type Check = (api: Api, node: string, attributes: AccessAttributes) => Authorization;

const readObject: Check = (api, node, attributes) => {
  if (!["get", "list", "watch"].includes(attributes.verb)) return no("can only read resources of this type");
  if (attributes.subresource !== "") return no("cannot read subresource");
  if (attributes.namespace === "") return no("can only read namespaced object of this type");
  return related(api, node, attributes);
};

const getObject: Check = (api, node, attributes) => {
  if (attributes.verb !== "get") return no("can only get individual resources of this type");
  if (attributes.subresource !== "") return no("cannot get subresource");
  return related(api, node, attributes);
};

const updateStatus: Check = (api, node, attributes) => {
  if (!["update", "patch"].includes(attributes.verb)) return no("can only get/update/patch this type");
  return related(api, node, attributes);
};

const createToken: Check = (api, node, attributes) => {
  const { verb, name, subresource } = attributes;
  if (verb !== "create" || name === "") return no("can only create tokens for individual service accounts");
  if (subresource !== "token") return no("can only create token subresource of serviceaccount");
  return related(api, node, attributes);
};

function lease(node: string, { verb, namespace, name }: AccessAttributes): Authorization {
  if (!["get", "create", "update", "patch", "delete"].includes(verb))
    return no("can only get, create, update, patch, or delete a node lease");
  if (namespace !== "kube-node-lease") return no('can only access leases in the "kube-node-lease" system namespace');
  if (verb !== "create" && name !== node)
    return no("can only access node lease with the same name as the requesting node");
  return ALLOWED;
}

function csiNode(node: string, { verb, name, subresource }: AccessAttributes): Authorization {
  if (!["get", "create", "update", "patch", "delete"].includes(verb))
    return no("can only get, create, update, patch, or delete a CSINode");
  if (subresource !== "") return no("cannot authorize CSINode subresources");
  if (verb !== "create" && name !== node)
    return no("can only access CSINode with the same name as the requesting node");
  return ALLOWED;
}

/** Since 1.32 a node reads no other (feature AuthorizeNodeWithSelectors). What it writes is NodeRestriction's matter. */
function nodeItself(node: string, { verb, name, subresource }: AccessAttributes): Authorization {
  if (subresource === "status") return { allowed: verb === "update" || verb === "patch" };
  if (subresource !== "") return { allowed: false };
  if (verb === "create" || verb === "update" || verb === "patch") return ALLOWED;
  if (verb !== "get" && verb !== "list" && verb !== "watch") return { allowed: false };
  if (name === node) return ALLOWED;
  if (name === "") return no(`node '${node}' cannot read all nodes, only its own Node object`);
  return no(`node '${node}' cannot read '${name}', only its own Node object`);
}

const podsOf: Check = (api, node, attributes) => {
  const { verb, subresource, fieldSelector = "" } = attributes;
  if (subresource === "status") return { allowed: verb === "update" || verb === "patch" };
  if (subresource === "eviction") return { allowed: verb === "create" };
  if (subresource !== "") return { allowed: false };
  if (verb === "create" || verb === "delete") return ALLOWED;
  if (verb === "get") return related(api, node, attributes);
  if (verb !== "list" && verb !== "watch") return { allowed: false };
  if (fieldSelector.split(",").some((term) => /^spec\.nodeName==?/.test(term) && term.endsWith(`=${node}`)))
    return ALLOWED;
  return no("can only list/watch pods with spec.nodeName field selector");
};

function related({ store }: Api, node: string, { resource, namespace, name }: AccessAttributes): Authorization {
  if (name === "") return no("No Object name found");
  const members = store.indexed(anyKind(pods), "spec.nodeName", nodeNames, node) as readonly Pod[];
  const found = members.some(
    (pod) =>
      // A volume has no namespace: which claim it belongs to is told by the claim.
      (namespace === "" || pod.metadata.namespace === namespace) && references(pod, resource, name),
  );
  return found ? ALLOWED : no(`no relationship found between node '${node}' and this object`);
}

function nodeNames(object: unknown): readonly string[] {
  return [(object as Pod).spec.nodeName ?? ""];
}

/** Whether a Pod needs an object of its namespace (VisitPodSecretNames, VisitPodConfigmapNames). */
function references({ metadata, spec }: Pod, resource: string, name: string): boolean {
  switch (resource) {
    case "pods":
      return metadata.name === name;
    case "serviceaccounts":
      return (spec.serviceAccountName ?? "") === name;
    case "persistentvolumeclaims":
      return (spec.volumes ?? []).some(
        (volume) =>
          volume.persistentVolumeClaim?.claimName === name ||
          ("ephemeral" in volume && `${metadata.name}-${volume.name}` === name),
      );
    case "persistentvolumes":
    case "volumeattachments":
      return (spec.volumes ?? []).some((volume) => volume.persistentVolumeClaim !== undefined);
    default:
      return namesIn(spec, resource === "secrets" ? SECRET_FIELDS : CONFIG_MAP_FIELDS, name);
  }
}

const SECRET_FIELDS = new Set(["secret", "secretRef", "secretKeyRef", "imagePullSecrets", "nodePublishSecretRef"]);
const CONFIG_MAP_FIELDS = new Set(["configMap", "configMapRef", "configMapKeyRef"]);

/** Whether one of those fields, wherever it stands, names an object. */
function namesIn(value: unknown, fields: ReadonlySet<string>, name: string, inside = false): boolean {
  if (Array.isArray(value)) return value.some((item) => namesIn(item, fields, name, inside));
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, inner]: [string, unknown]) =>
    inside && (key === "name" || key === "secretName") && inner === name
      ? true
      : namesIn(inner, fields, name, fields.has(key)),
  );
}
