import { createHash } from "node:crypto";
import { rfc3339, rfc3339Micro } from "../../../kernel/index.ts";
import { anyKind, type Lease } from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { leases } from "../../kinds/index.ts";

const NAMESPACE = "kube-system";
/** IdentityLeaseDurationSeconds */
const SECONDS = 3600;
const IDENTITY = "kube-apiserver";
const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** `apiserver-` and half a hash of where it runs (apiserver/pkg/server/config.go NewConfig). */
export function apiServerId(hostname: string): string {
  const prefixed = (text: string): Buffer => {
    const bytes = Buffer.from(text);
    return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
  };
  const hash = createHash("sha256").update(prefixed(hostname)).update(prefixed(IDENTITY)).digest();
  return `apiserver-${base32(hash.subarray(0, 16))}`;
}

function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => BASE32[Number.parseInt(five.padEnd(5, "0"), 2)]).join("");
}

/**
 * The server makes itself known by a Lease, which each start of it takes over (pkg/controlplane/apiserver/server.go,
 * post-start hook start-kube-apiserver-identity-lease-controller). Straight into the store: its namespace comes later.
 */
export function takeIdentityLease({ api, heartbeats }: Cluster, hostname: string): void {
  const { kernel, store } = api;
  const kind = anyKind(leases);
  const name = apiServerId(hostname);
  const spec = {
    holderIdentity: `${name}_${kernel.random.uuid("kube/apiserver-identity")}`,
    leaseDurationSeconds: SECONDS,
    renewTime: rfc3339Micro(kernel.now),
  };
  const existing = store.get(kind, NAMESPACE, name) as Lease | undefined;
  if (existing) store.update(kind, { ...existing, spec: { ...existing.spec, ...spec } } as Lease, existing);
  else
    store.create(kind, {
      metadata: {
        name,
        namespace: NAMESPACE,
        uid: kernel.random.uuid("kube/apiserver-identity"),
        resourceVersion: "",
        creationTimestamp: rfc3339(kernel.now),
        labels: { "apiserver.kubernetes.io/identity": IDENTITY, "kubernetes.io/hostname": hostname },
      },
      spec,
    } as Lease);
  heartbeats.report(`${NAMESPACE}/${name}`, { alive: true });
}

/** The server has ended: nobody renews its Lease. */
export function leaveIdentityLease({ heartbeats }: Cluster, hostname: string): void {
  heartbeats.report(`${NAMESPACE}/${apiServerId(hostname)}`, { alive: false });
}
