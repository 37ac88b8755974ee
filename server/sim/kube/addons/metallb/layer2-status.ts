import { sameJson, type Client, type Kind, type KubeObject } from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { pods } from "../../kinds/index.ts";
import type { Member } from "./members.ts";
import { GROUP } from "./pools.ts";

/** Which node answers for a Service (v1beta1 ServiceL2Status). */
interface Layer2Status extends KubeObject {
  readonly status?: {
    readonly node: string;
    readonly serviceName: string;
    readonly serviceNamespace: string;
    readonly interfaces?: readonly { readonly name: string }[];
  };
}

const OWN_NAMESPACE = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";
const NODE = "metallb.io/node";
const SERVICE = "metallb.io/service-name";
const SERVICE_NAMESPACE = "metallb.io/service-namespace";

/**
 * Writes down what this speaker announces: one object for each Service, by `namespace/name` with the links that an
 * L2Advertisement names (internal/k8s/controllers/layer2_status_controller.go).
 */
export function writeLayer2Status(
  { row, self }: Member,
  client: Client,
  cluster: Cluster,
  announced: ReadonlyMap<string, readonly string[]>,
): void {
  const found: unknown = cluster.api.registry.find(GROUP, "v1beta1", "servicel2statuses");
  const kind = found as Kind<Layer2Status> | undefined;
  if (!kind) return;
  const namespace = self.host.readText(OWN_NAMESPACE)?.trim() ?? "metallb-system";
  const seen = new Set<string>();
  for (const known of client.list(kind, namespace)) {
    const labels = known.metadata.labels ?? {};
    const key = `${labels[SERVICE_NAMESPACE]}/${labels[SERVICE]}`;
    const interfaces = announced.get(key);
    const own = labels[NODE] === row.node;
    // Who announces a Service is the only one that may say so.
    if (interfaces ? !own || seen.has(key) : own) client.delete(kind, namespace, known.metadata.name);
    else if (interfaces) {
      seen.add(key);
      const status = statusOf(row.node, key, interfaces);
      if (!sameJson(known.status, status)) client.updateStatus(kind, { ...known, status });
    }
  }
  for (const [key, interfaces] of announced) {
    if (seen.has(key)) continue;
    const [serviceNamespace, serviceName] = key.split("/") as [string, string];
    const name = self.env["METALLB_POD_NAME"] ?? "";
    const uid = client.get(pods, namespace, name)?.metadata.uid;
    const made = client.create(kind, {
      metadata: {
        generateName: "l2-",
        namespace,
        labels: { [NODE]: row.node, [SERVICE]: serviceName, [SERVICE_NAMESPACE]: serviceNamespace },
        ...(uid === undefined ? {} : { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name, uid }] }),
      },
      spec: {},
    } as never);
    client.updateStatus(kind, { ...made, status: statusOf(row.node, key, interfaces) });
  }
}

function statusOf(node: string, key: string, interfaces: readonly string[]): NonNullable<Layer2Status["status"]> {
  const [serviceNamespace, serviceName] = key.split("/") as [string, string];
  return {
    ...(interfaces.length === 0 ? {} : { interfaces: interfaces.map((name) => ({ name })) }),
    node,
    serviceName,
    serviceNamespace,
  };
}
