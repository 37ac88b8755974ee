import { attempt, Errno, parseYamlText } from "../../../sim/host/index.ts";
import { decode, rfc3339 } from "../../../sim/kernel/index.ts";
import {
  bootstrapRules,
  clusterInfoReaders,
  CONTROL_PLANE_MARKS,
  bootstrapConfigMap,
  kubeadmConfigMap,
  kubeadmConfigReaders,
  kubeletConfigMap,
  kubeletConfigReaders,
  WORKER_MARKS,
  type KubeObject,
} from "../../../sim/kube/kubeadm/index.ts";
import { errorSaying } from "../cluster-objects.ts";
import { KubeadmError } from "../failure.ts";
import type { InitToken, Taint } from "./given-configuration.ts";
import type { InitData } from "./run-data.ts";

/** What others read of how the cluster was set up: replaced by what this command was told (phases/uploadconfig). */
export async function uploadKubeadmConfig(data: InitData): Promise<void> {
  const objects = await data.objects();
  await data.print('[upload-config] Storing the configuration used in ConfigMap "kubeadm-config" in the "kube-system" Namespace'); // prettier-ignore
  await saying("error uploading the kubeadm ClusterConfiguration", async () => {
    for (const object of [kubeadmConfigMap(data.cluster), ...kubeadmConfigReaders()]) await objects.createOrUpdate(object); // prettier-ignore
  });
}

export async function uploadKubeletConfig(data: InitData): Promise<void> {
  const objects = await data.objects();
  await data.print('[kubelet] Creating a ConfigMap "kubelet-config" in namespace kube-system with the configuration for the kubelets in the cluster'); // prettier-ignore
  await saying("error creating kubelet configuration ConfigMap", async () => {
    for (const object of [kubeletConfigMap(data.cluster), ...kubeletConfigReaders()]) await objects.createOrUpdate(object); // prettier-ignore
  });
  const annotations = { ...WORKER_MARKS.annotations, "kubeadm.alpha.kubernetes.io/cri-socket": data.cluster.criSocket };
  await saying("error writing Crisocket information for the control-plane node", () =>
    objects.patchNode(data.node.name, () => ({ metadata: { annotations } })),
  );
}

/** As phases/markcontrolplane: its labels, and its taints before those that the Node has. */
export async function markControlPlane(data: InitData): Promise<void> {
  const objects = await data.objects();
  const { name } = data.node;
  const { taints } = data.configuration;
  const say = (what: string, names: readonly string[]): Promise<void> =>
    data.print(
      `[mark-control-plane] Marking the node ${name} as control-plane by adding the ${what}[${names.join(" ")}]`,
    );
  await say("labels: ", Object.keys(CONTROL_PLANE_MARKS.labels));
  if (taints.length > 0) await say("taints ", taints.map(taintText));
  await objects.patchNode(name, (node) => {
    const present = ((node["spec"] as { taints?: readonly Taint[] } | undefined)?.taints ?? []).filter(
      (taint) => !taints.some((one) => taintText(one) === taintText(taint)),
    );
    const all = [...taints, ...present].map((taint) => ({ ...taint }));
    return {
      metadata: { labels: { ...CONTROL_PLANE_MARKS.labels } },
      ...(all.length > 0 ? { spec: { taints: all } } : {}),
    };
  });
}

function taintText({ key, value = "", effect }: Taint): string {
  return value === "" ? `${key}:${effect}` : `${key}=${value}:${effect}`;
}

/** As phases/init/bootstraptoken.go. */
export async function makeBootstrapTokens(data: InitData): Promise<void> {
  const objects = await data.objects();
  const { tokens } = data.configuration;
  const names = tokens.map(({ token }) => token);
  if (!data.given.isTrue("skip-token-print")) {
    if (names.length === 1) await data.print(`[bootstrap-token] Using token: ${names[0]}`);
    else if (names.length > 1) await data.print(`[bootstrap-token] Using tokens: [${names.join(" ")}]`);
  }
  await data.print("[bootstrap-token] Configuring bootstrap tokens, cluster-info ConfigMap, RBAC Roles");
  await saying("error updating or creating token", async () => {
    for (const token of tokens) await objects.createOrUpdate(tokenSecretOf(token, data.process.kernel.now));
  });
  for (const rule of bootstrapRules()) {
    await saying("error allowing bootstrap tokens to post CSRs", () => objects.createOrUpdate(rule));
    const words = RULE_WORDS[rule.metadata.name];
    if (words !== undefined && rule.kind === "ClusterRoleBinding")
      await data.print(`[bootstrap-token] Configured RBAC rules to allow ${words}`);
  }
  await data.print('[bootstrap-token] Creating the "cluster-info" ConfigMap in the "kube-public" namespace');
  await saying("error creating bootstrap ConfigMap", () => objects.createOrUpdate(clusterInfoOf(data)));
  await saying("error creating clusterinfo RBAC rules", async () => {
    for (const rule of clusterInfoReaders()) await objects.createOrUpdate(rule);
  });
}

const RULE_WORDS: Readonly<Record<string, string>> = {
  "kubeadm:get-nodes": "Node Bootstrap tokens to get nodes",
  "kubeadm:kubelet-bootstrap":
    "Node Bootstrap tokens to post CSRs in order for nodes to get long term certificate credentials",
  "kubeadm:node-autoapprove-bootstrap":
    "the csrapprover controller automatically approve CSRs from a Node Bootstrap Token",
  "kubeadm:node-autoapprove-certificate-rotation":
    "certificate rotation for all node client certificates in the cluster",
};

function tokenSecretOf({ token, ttl, description, usages, groups }: InitToken, now: number): KubeObject {
  const [id = "", secret = ""] = token.split(".");
  const data: Record<string, string> = {
    "token-id": id,
    "token-secret": secret,
    ...(description ? { description } : {}),
    ...(ttl === 0 ? {} : { expiration: rfc3339(now + ttl) }),
    ...Object.fromEntries(usages.map((usage) => [`usage-bootstrap-${usage}`, "true"])),
    ...(groups.length > 0 ? { "auth-extra-groups": groups.join(",") } : {}),
  };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `bootstrap-token-${id}`, namespace: "kube-system" },
    type: "bootstrap.kubernetes.io/token",
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")])),
  };
}

/** cluster-info says what the admin's own kubeconfig says of the cluster. */
function clusterInfoOf(data: InitData): KubeObject {
  const path = data.kubeconfigPath;
  const text = attempt(() => data.process.host.files.read(path, data.process));
  if (text instanceof Errno) throw new KubeadmError(`failed to load admin kubeconfig: open ${path}: ${text.message.toLowerCase()}`); // prettier-ignore
  const config = parseYamlText(decode(text)) as {
    readonly clusters?: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  };
  const cluster = config.clusters?.[0]?.cluster ?? {};
  return bootstrapConfigMap(cluster["server"] ?? "", cluster["certificate-authority-data"] ?? "");
}

async function saying<T>(words: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw errorSaying(words, error);
  }
}
