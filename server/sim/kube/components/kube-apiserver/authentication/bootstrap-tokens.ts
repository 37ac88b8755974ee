import { parseRfc3339 } from "../../../../kernel/index.ts";
import { anyKind, type Secret } from "../../../api/index.ts";
import type { Cluster } from "../../../cluster/cluster.ts";
import { secrets } from "../../../kinds/index.ts";
import type { TokenResult } from "./tokens.ts";

const TOKEN = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const GROUP = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;

/** Who a token of `kubeadm token create` belongs to (plugin/pkg/auth/authenticator/token/bootstrap). */
export function readBootstrapToken(cluster: Cluster, token: string): TokenResult | undefined {
  const [, id, secretText] = TOKEN.exec(token) ?? [];
  if (id === undefined) return undefined;
  const name = `bootstrap-token-${id}`;
  const secret: Secret | undefined = cluster.api.store.get(anyKind(secrets), "kube-system", name);
  if (secret?.type !== "bootstrap.kubernetes.io/token" || secret.metadata.deletionTimestamp) return undefined;
  const field = (key: string): string => Buffer.from(secret.data?.[key] ?? "", "base64").toString();
  if (field("token-secret") !== secretText || field("token-id") !== id) return undefined;
  const expiration = field("expiration");
  if (expiration !== "" && (parseRfc3339(expiration) ?? 0) <= cluster.kernel.now) return undefined;
  if (field("usage-bootstrap-authentication") !== "true") return undefined;
  const groups = field("auth-extra-groups")
    .split(",")
    .filter((group) => group !== "");
  if (!groups.every((group) => GROUP.test(group))) return undefined;
  return {
    user: {
      name: `system:bootstrap:${id}`,
      groups: ["system:bootstrappers", ...[...new Set(groups)].sort(), "system:authenticated"],
    },
    audiences: [],
  };
}
