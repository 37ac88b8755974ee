import type { ApiSettings } from "../../../api/index.ts";
import type { Cluster } from "../../../cluster/cluster.ts";
import { jsonWebKey } from "../../../pki/index.ts";
import { tokenKey } from "./service-account-tokens.ts";

/**
 * What a cluster tells those who verify the tokens of its service accounts themselves: who issues them, and with which key
 * (pkg/serviceaccount/openidmetadata.go, pkg/routes/openidmetadata.go).
 */
export function openIdDocument(cluster: Cluster, path: string): ReturnType<NonNullable<ApiSettings["openId"]>> {
  const { issuer, advertise = "", jwksUri = `https://${advertise}/openid/v1/jwks` } = cluster.row.settings ?? {};
  const public_ = tokenKey(cluster);
  const key = public_ && jsonWebKey(public_);
  if (!key || !isIssuer(issuer) || !jwksUri.startsWith("https://")) return undefined;
  switch (path) {
    case "/openid/v1/jwks":
      return { text: JSON.stringify({ keys: [key] }), mediaType: "application/jwk-set+json" };
    case "/.well-known/openid-configuration": {
      const configuration = {
        issuer,
        jwks_uri: jwksUri,
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: [key["alg"]],
      };
      return { text: JSON.stringify(configuration), mediaType: "application/json" };
    }
    default:
      return undefined;
  }
}

/** The server tells nothing of an issuer that does not meet OIDC's rules, and serves all else. */
function isIssuer(issuer: string | undefined): boolean {
  const url = issuer === undefined ? null : URL.parse(issuer);
  return url?.protocol === "https:" && url.search === "" && url.hash === "";
}
