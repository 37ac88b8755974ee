import { createHash } from "node:crypto";
import { parseYamlText, type Process } from "../../../sim/host/index.ts";
import { MINUTE, SECOND } from "../../../sim/kernel/index.ts";
import { tokenSignature } from "../../../sim/kube/kubeadm/index.ts";
import { parseCertificatesPem, publicKeyInfo } from "../../../sim/kube/pki/index.ts";
import { errorSaying } from "../cluster-objects.ts";
import { KubeadmError } from "../failure.ts";
import { RestClient } from "../rest-client.ts";

const CLUSTER_INFO = "/api/v1/namespaces/kube-public/configmaps/cluster-info";
/** kubeadm's DiscoveryRetryInterval, and how long it tries (timeouts.discovery). */
const RETRY = 5 * SECOND;
const PATIENCE = 5 * MINUTE;

/** Where a cluster's API server is, and the PEM of whom it is believed by. */
export interface Discovered {
  readonly server: string;
  readonly authority: string;
}

interface ClusterInfo {
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * Asks for cluster-info as a stranger and believes what the token has signed, if its authority is one of the pinned ones
 * (cmd/kubeadm/app/discovery/token). Without `hashes` every authority is believed.
 */
export async function discover(
  process: Process,
  endpoint: string,
  token: string,
  hashes: readonly string[] | undefined,
): Promise<Discovered> {
  const until = process.now + PATIENCE;
  for (;;) {
    try {
      return await look(process, endpoint, token, hashes);
    } catch (error) {
      if (!(error instanceof Temporary)) throw identityError(error);
      if (process.now + RETRY > until) throw identityError(error);
      await process.sleep(RETRY);
    }
  }
}

function identityError(error: unknown): unknown {
  return errorSaying("couldn't validate the identity of the API Server", error);
}

/** Another attempt may have more luck. */
class Temporary extends KubeadmError {}

async function look(
  process: Process,
  endpoint: string,
  token: string,
  hashes: readonly string[] | undefined,
): Promise<Discovered> {
  // prettier-ignore
  const stranger = { server: `https://${endpoint}`, userAgent: "kubeadm" };
  const found = await ask(process, { ...stranger, insecureSkipTlsVerify: true });
  const kubeconfig = found.data?.["kubeconfig"];
  if (kubeconfig === undefined)
    throw new Temporary("there is no kubeconfig key in the cluster-info ConfigMap, this API server isn't set up for token bootstrapping, can't connect"); // prettier-ignore
  const [id = "", secret = ""] = token.split(".");
  const signature = found.data?.[`jws-kubeconfig-${id}`];
  if (signature === undefined) throw new Temporary(`could not find a JWS signature in the cluster-info ConfigMap for token ID "${id}"`); // prettier-ignore
  if (signature !== tokenSignature(kubeconfig, { id, secret }))
    throw new KubeadmError(
      "failed to verify JWS signature of received cluster info object, can't trust this API Server",
    );
  const discovered = read(kubeconfig);
  if (!hashes) return discovered;
  const parsed = parseCertificatesPem(discovered.authority);
  const seen = "error" in parsed ? [] : parsed.map(({ publicKey }) => `sha256:${createHash("sha256").update(publicKeyInfo(publicKey)).digest("hex")}`); // prettier-ignore
  if (!seen.some((hash) => hashes.some((pinned) => pinned.toLowerCase() === hash)))
    throw new KubeadmError(`cluster CA found in cluster-info ConfigMap is invalid: none of the public keys "${seen.join(":")}" are pinned`); // prettier-ignore
  // Once more, with the authority: nobody may stand in between.
  const again = await ask(process, { ...stranger, certificateAuthority: discovered.authority });
  if (again.data?.["kubeconfig"] !== kubeconfig)
    throw new KubeadmError("the second kubeconfig from the cluster-info ConfigMap (using validated TLS) was different from the first"); // prettier-ignore
  return discovered;
}

async function ask(process: Process, config: ConstructorParameters<typeof RestClient>[1]): Promise<ClusterInfo> {
  try {
    return await new RestClient(process, config).call("GET", CLUSTER_INFO);
  } catch (error) {
    if (!(error instanceof KubeadmError)) throw error;
    throw new Temporary(`failed to request the cluster-info ConfigMap: ${error.message}`);
  }
}

function read(kubeconfig: string): Discovered {
  const config = parseYamlText(kubeconfig) as {
    readonly clusters?: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  };
  const cluster = config.clusters?.[0]?.cluster ?? {};
  const authority = Buffer.from(cluster["certificate-authority-data"] ?? "", "base64").toString("latin1");
  return { server: cluster["server"] ?? "", authority };
}
