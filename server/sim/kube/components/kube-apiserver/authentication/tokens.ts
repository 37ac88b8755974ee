import type { TokenVerdict, UserInfo } from "../../../api/index.ts";
import type { Cluster } from "../../../cluster/cluster.ts";
import { readBootstrapToken } from "./bootstrap-tokens.ts";
import { readServiceAccountToken } from "./service-account-tokens.ts";

/** What an authenticator says of a token that is one of its own. */
export type TokenResult =
  | { readonly user: UserInfo; readonly audiences: readonly string[] }
  | { readonly error: string };

/** Who a bearer token belongs to; undefined if it is nobody's, or not good any more. */
export function readToken(cluster: Cluster, token: string): UserInfo | undefined {
  const found = ask(cluster, token, apiAudiences(cluster));
  return found && "user" in found ? found.user : undefined;
}

/** The same for TokenReview, which may ask for other audiences than the API server's. */
export function reviewToken(cluster: Cluster, token: string, audiences: readonly string[]): TokenVerdict {
  const wanted = audiences.length > 0 ? audiences : apiAudiences(cluster);
  const found = ask(cluster, token, wanted);
  if (!found) return {};
  if ("error" in found) return { error: found.error };
  // Tokens that know no audiences are for the API server.
  return { user: found.user, audiences: found.audiences.length > 0 ? found.audiences : wanted };
}

/** In the order of pkg/kubeapiserver/authenticator/config.go. */
function ask(cluster: Cluster, token: string, audiences: readonly string[]): TokenResult | undefined {
  const { settings, staticTokens = [] } = cluster.row;
  const known = staticTokens.find((row) => row.token === token);
  if (known) return { user: known.user, audiences: [] };
  return (
    readServiceAccountToken(cluster, token, audiences) ??
    (settings?.bootstrapTokenAuth ? readBootstrapToken(cluster, token) : undefined)
  );
}

/** `--api-audiences`: the issuer, if nothing else is said. */
function apiAudiences({ row }: Cluster): readonly string[] {
  return row.settings?.issuer === undefined ? [] : [row.settings.issuer];
}
