import { errors, type Status, type UserInfo } from "../../../sim/kube/api/index.ts";
import { impersonated, impersonationHeaders } from "../../../sim/kube/access/impersonation.ts";
import { identify } from "../../../sim/kube/access/server.ts";
import type { Cluster } from "../../../sim/kube/cluster/cluster.ts";
import type { OutsideRequest } from "../../protocol/index.ts";

/** Who comes in over the session's own address without credentials: whoever knows that address is its administrator. */
const ADMIN: UserInfo = { name: "kubernetes-admin", groups: ["kubeadm:cluster-admins", "system:authenticated"] };

/** What the administrator's certificate is in. */
const ADMIN_CONF = "/etc/kubernetes/admin.conf";

/** The administrator as their certificate says who they are, so that they are the same one as in the terminal. */
function admin(cluster: Cluster): UserInfo {
  const running = cluster.row.apiServer;
  const config = running && cluster.hosts.machine(running.machine).host.readText(ADMIN_CONF);
  const data = /^ *client-certificate-data: *(\S+)$/m.exec(config ?? "")?.[1];
  if (data === undefined) return ADMIN;
  const user = identify(cluster, { clientChain: [Buffer.from(data, "base64").toString("latin1")] });
  return user?.name === ADMIN.name ? user : ADMIN;
}

/** Who a request from outside is of: by its bearer token, else the administrator; then whom it wants to be. Or a refusal. */
export function whoAsks(cluster: Cluster, { headers }: OutsideRequest): UserInfo | Status {
  const authorization = headers["authorization"]?.[0] ?? "";
  const own = /^Bearer\s/i.test(authorization) ? identify(cluster, { authorization }) : admin(cluster);
  if (!own) return errors.unauthorized().status;
  const pairs = Object.entries(headers).flatMap(([name, values]) => values.map((value) => [name, value] as const));
  return impersonated(cluster.api, own, impersonationHeaders(pairs));
}
