import { SECOND } from "../../sim/kernel/index.ts";
import type { Process } from "../../sim/host/index.ts";
import { parseGoDuration, type JsonObject, type Service } from "../../sim/kube/api/index.ts";
import type { Api, Manifest } from "./api.ts";
import type { HelmOptions } from "./options.ts";

/** How often helm looks (pkg/kube/wait.go). */
const AGAIN = 2 * SECOND;
const TIMEOUT = 300 * SECOND;

/** `--wait`: until Deployments and DaemonSets are ready and load balancers have an address, at most for `--timeout`. Why it was not enough, if so. */
export async function waitReady(
  process: Process,
  api: Api,
  objects: readonly Manifest[],
  namespace: string,
  { flags, values }: HelmOptions,
): Promise<string | undefined> {
  if (!flags.has("wait")) return undefined;
  const end = process.now + (parseGoDuration(values.get("timeout") ?? "") ?? TIMEOUT);
  for (const { kind, metadata } of objects) {
    if (kind !== "Deployment" && kind !== "DaemonSet" && kind !== "Service") continue;
    for (;;) {
      const found = await api.get(kind, metadata.namespace ?? namespace, metadata.name);
      if ("object" in found && isReady(kind, found.object)) break;
      if (process.now + AGAIN > end) return "context deadline exceeded";
      await process.sleep(AGAIN);
    }
  }
  return undefined;
}

/** pkg/kube/ready.go */
function isReady(kind: "Deployment" | "DaemonSet" | "Service", object: JsonObject): boolean {
  if (kind === "Service") return isBalanced(object as unknown as Service);
  const status = (object["status"] ?? {}) as Readonly<Record<string, number | undefined>>;
  if (kind === "DaemonSet") return (status["numberReady"] ?? 0) >= (status["desiredNumberScheduled"] ?? 0);
  const wanted = ((object["spec"] ?? {}) as Readonly<Record<string, number | undefined>>)["replicas"] ?? 1;
  return (status["readyReplicas"] ?? 0) >= wanted;
}

function isBalanced({ spec, status }: Service): boolean {
  if (spec.type !== "LoadBalancer" || (spec.externalIPs ?? []).length > 0) return true;
  return (status?.loadBalancer?.ingress ?? []).length > 0;
}
