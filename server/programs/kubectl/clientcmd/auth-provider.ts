import { decode, SECOND, type Time } from "../../../sim/kernel/index.ts";
import { GoError, NotSimulated } from "../errors/go-error.ts";
import { quote } from "../output/golang/quote.ts";
import type { Credentials, CredentialSource } from "./credentials.ts";

/** `users[].user.auth-provider` of a kubeconfig. */
interface ProviderFields {
  readonly name?: string;
  readonly config?: Readonly<Record<string, string>> | null;
}

const PLUGINS = "kubectl/client-go credential plugin";

/** Those that are gone, and what to use instead. */
const REMOVED: Readonly<Record<string, string>> = {
  gcp: `"gke-gcloud-auth-plugin" ${PLUGINS} instead.\nSee https://cloud.google.com/blog/products/containers-kubernetes/kubectl-auth-changes-in-gke for further details`,
  azure: `https://github.com/Azure/kubelogin ${PLUGINS} instead.\nSee https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins for further details`,
};

/** The provider that a user names; throws what is wrong with it (client-go plugin/pkg/client/auth). */
export function authProvider({ name = "", config }: ProviderFields, now: () => Time): CredentialSource {
  const instead = REMOVED[name];
  if (instead !== undefined) throw new GoError(`The ${name} auth plugin has been removed.\nPlease use the ${instead}`);
  if (name !== "oidc") throw new GoError(`no Auth Provider found for name ${quote(name)}`);
  for (const field of ["idp-issuer-url", "client-id"]) if (!config?.[field]) throw new GoError(`Must provide ${field}`);
  return new OidcProvider(config!, now);
}

/** A token of an OpenID provider, as long as it is good (client-go plugin/pkg/client/auth/oidc). */
class OidcProvider implements CredentialSource {
  readonly #config: Readonly<Record<string, string>>;
  readonly #now: () => Time;
  readonly prefix = "";
  readonly refreshes = false;

  constructor(config: Readonly<Record<string, string>>, now: () => Time) {
    this.#config = config;
    this.#now = now;
  }

  credentials(): Promise<Credentials> {
    const { "id-token": token = "", "refresh-token": refresh = "" } = this.#config;
    const expires = token === "" ? 0 : expiryOf(token);
    if (this.#now() < expires) return Promise.resolve({ token, clientCertificate: "", clientKey: "", expires });
    if (refresh === "") throw new GoError("No valid id-token, and cannot refresh without refresh-token");
    throw new NotSimulated("the refresh of an OpenID token");
  }
}

function expiryOf(token: string): Time {
  const parts = token.split(".");
  if (parts.length !== 3) throw new GoError("ID Token is not a valid JWT");
  try {
    const { exp } = JSON.parse(decode(Buffer.from(parts[1]!, "base64url").toString("latin1"))) as { exp?: number };
    return (exp ?? 0) * SECOND;
  } catch (error) {
    if (error instanceof SyntaxError) throw new GoError(`parsing claims: ${error.message}`);
    throw error;
  }
}
