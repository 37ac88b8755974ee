import { systemdOf, type Process } from "../../../sim/host/index.ts";
import { MILLISECOND, MINUTE, SECOND, type Duration } from "../../../sim/kernel/index.ts";
import { goDuration } from "../../../sim/kube/api/index.ts";
import { CURRENT_CLIENT, kubeconfigText, WORKER_MARKS } from "../../../sim/kube/kubeadm/index.ts";
import { goRequest } from "../../http/go-client.ts";
import { parseWebUrl } from "../../http/go-url.ts";
import { clientFromFile } from "../api.ts";
import { ClusterObjects, errorSaying } from "../cluster-objects.ts";
import { KubeadmError } from "../failure.ts";
import { stopped } from "../init/kubelet.ts";
import { resolvConf } from "../init/machine.ts";
import { writeFile } from "../init/run-data.ts";
import { Refused, type RestClient } from "../rest-client.ts";
import type { JoinData } from "./join-data.ts";
import { AUTHORITY, BOOTSTRAP, KUBELET_CONFIG } from "./preflight.ts";

const UNIT = "kubelet.service";
const STEP: Duration = 500 * MILLISECOND;
const HEALTHY: Duration = 4 * MINUTE;
const BOOTSTRAPPED: Duration = 5 * MINUTE;
export const SETTINGS = "/var/lib/kubelet/config.yaml";
const FLAGS = "/var/lib/kubelet/kubeadm-flags.env";
const PAUSE = "registry.k8s.io/pause:3.10";

/** As phases/join/kubelet.go runKubeletStartJoinPhase. */
export async function startKubelet(data: JoinData): Promise<void> {
  const { process, nodeName } = data;
  const { server, authority } = await data.cluster();
  const client = await data.client();
  writeFile(process, BOOTSTRAP, bootstrapConfig(server, authority, data.bootstrapToken), 0o600);
  if (!process.host.files.exists(AUTHORITY, process)) writeFile(process, AUTHORITY, authority, 0o644);
  const settings = await kubeletSettings(client);
  await refuseSecond(client, nodeName);
  await stopped(process);
  await data.print(`[kubelet-start] Writing kubelet configuration to file "${SETTINGS}"`);
  writeFile(process, SETTINGS, withResolvConf(settings, resolvConf(process)), 0o644);
  await data.print(`[kubelet-start] Writing kubelet environment file with flags to file "${FLAGS}"`);
  const flags = `--container-runtime-endpoint=${data.criSocket} --pod-infra-container-image=${PAUSE}`;
  writeFile(process, FLAGS, `KUBELET_KUBEADM_ARGS="${flags}"\n`, 0o644);
  await data.print("[kubelet-start] Starting the kubelet");
  systemdOf(process.machine).start(UNIT);
  await waitForHealth(process);
}

function bootstrapConfig(server: string, authority: string, token: string): string {
  const user = "tls-bootstrap-token-user";
  return kubeconfigText({ cluster: "kubernetes", server, authority, user, context: `${user}@kubernetes`, credentials: { token } }); // prettier-ignore
}

export async function kubeletSettings(client: RestClient): Promise<string> {
  try {
    const found = (await client.call("GET", "/api/v1/namespaces/kube-system/configmaps/kubelet-config")) as {
      readonly data?: Readonly<Record<string, string>>;
    };
    return found.data?.["kubelet"] ?? "";
  } catch (error) {
    throw errorSaying('could not download the kubelet configuration from ConfigMap "kubelet-config"', error);
  }
}

/** A machine without systemd-resolved has no such file for its Pods (componentconfigs/kubelet.go Mutate). */
export function withResolvConf(settings: string, path: string | undefined): string {
  return path === undefined ? settings.replace(/^resolvConf: .*\n/m, "") : settings;
}

interface Node {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** A Node of that name that is alive is somebody else. */
async function refuseSecond(client: RestClient, name: string): Promise<void> {
  let node: Node;
  try {
    node = await client.call("GET", `/api/v1/nodes/${name}`);
  } catch (error) {
    if (error instanceof Refused && error.reason === "NotFound") return;
    throw errorSaying(`cannot get Node "${name}"`, error);
  }
  if (node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"))
    throw new KubeadmError(`a Node with name "${name}" and status "Ready" already exists in the cluster. You must delete the existing Node or change the name of this new joining Node`); // prettier-ignore
}

/** Asks the kubelet's own port every half second. */
async function waitForHealth(process: Process): Promise<void> {
  await process.print("[kubelet-check] Waiting for a healthy kubelet at http://127.0.0.1:10248/healthz. This can take up to 4m0s\n"); // prettier-ignore
  const start = process.now;
  for (;;) {
    await process.sleep(STEP);
    if (await isHealthy(process)) break;
    if (process.now - start >= HEALTHY) {
      await process.print(`[kubelet-check] The kubelet is not healthy after ${goDuration(process.now - start)}\n`);
      throw new KubeadmError("failed while waiting for the kubelet to start: The HTTP call equal to 'curl -sSL http://127.0.0.1:10248/healthz' returned error: Get \"http://127.0.0.1:10248/healthz\": dial tcp 127.0.0.1:10248: connect: connection refused"); // prettier-ignore
    }
  }
  await process.print(`[kubelet-check] The kubelet is healthy after ${goDuration(process.now - start)}\n`);
}

async function isHealthy(process: Process): Promise<boolean> {
  const url = parseWebUrl("http://127.0.0.1:10248/healthz");
  if ("malformed" in url || "error" in url) return false;
  const response = await goRequest(process, { method: "GET", url, headers: [] });
  if ("error" in response) return false;
  response.close();
  return response.head.status === 200;
}

/** The kubelet has its own certificate once kubelet.conf leads to one; the token is no longer needed then. */
export async function waitForBootstrap(data: JoinData): Promise<void> {
  const { process, nodeName, criSocket } = data;
  await data.print("[kubelet-start] Waiting for the kubelet to perform the TLS Bootstrap");
  const { files } = process.host;
  const until = process.now + BOOTSTRAPPED;
  while (!files.exists(KUBELET_CONFIG, process) || !files.exists(CURRENT_CLIENT, process)) {
    if (process.now >= until) throw new KubeadmError("timed out waiting for the condition");
    await process.sleep(SECOND);
  }
  if (files.exists(BOOTSTRAP, process)) files.unlink(BOOTSTRAP, process);
  const annotations = { ...WORKER_MARKS.annotations, "kubeadm.alpha.kubernetes.io/cri-socket": criSocket };
  const objects = new ClusterObjects(process, clientFromFile(process, KUBELET_CONFIG));
  try {
    await objects.patchNode(nodeName, () => ({ metadata: { annotations } }));
  } catch (error) {
    throw errorSaying("error writing CRISocket for this node", error);
  }
}
