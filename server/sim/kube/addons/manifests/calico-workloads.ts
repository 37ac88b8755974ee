import type { Written } from "./objects.ts";

const NS = "kube-system";
const LINUX = { "kubernetes.io/os": "linux" };
const CRITICAL_ADDONS = { key: "CriticalAddonsOnly", operator: "Exists" };

const fromMap = (name: string, key: string): Written => ({
  name,
  valueFrom: { configMapKeyRef: { name: "calico-config", key } },
});
const fromNode = (name: string): Written => ({ name, valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } });
const value = (name: string, text: string): Written => ({ name, value: text });
const mount = (name: string, mountPath: string, more: Written = {}): Written => ({ mountPath, name, ...more });
const hostPath = (name: string, path: string, type?: string): Written => ({
  name,
  hostPath: { path, ...(type === undefined ? {} : { type }) },
});
const SERVICES = [{ configMapRef: { name: "kubernetes-services-endpoint", optional: true } }];
const PRIVILEGED = { privileged: true };

/** The DaemonSet of calico.yaml: BIRD, confd and Felix in one container, on every node. */
export function calicoNode(version: string): Written {
  const labels = { "k8s-app": "calico-node" };
  const cni = `docker.io/calico/cni:${version}`;
  const node = `docker.io/calico/node:${version}`;
  const pulled = { imagePullPolicy: "IfNotPresent" };
  const upgrade = {
    name: "upgrade-ipam",
    image: cni,
    ...pulled,
    command: ["/opt/cni/bin/calico-ipam", "-upgrade"],
    envFrom: SERVICES,
    env: [fromNode("KUBERNETES_NODE_NAME"), fromMap("CALICO_NETWORKING_BACKEND", "calico_backend")],
    volumeMounts: [mount("host-local-net-dir", "/var/lib/cni/networks"), mount("cni-bin-dir", "/host/opt/cni/bin")],
    securityContext: PRIVILEGED,
  };
  const install = {
    name: "install-cni",
    image: cni,
    ...pulled,
    command: ["/opt/cni/bin/install"],
    envFrom: SERVICES,
    env: [
      value("CNI_CONF_NAME", "10-calico.conflist"),
      fromMap("CNI_NETWORK_CONFIG", "cni_network_config"),
      fromNode("KUBERNETES_NODE_NAME"),
      fromMap("CNI_MTU", "veth_mtu"),
      value("SLEEP", "false"),
    ],
    volumeMounts: [mount("cni-bin-dir", "/host/opt/cni/bin"), mount("cni-net-dir", "/host/etc/cni/net.d")],
    securityContext: PRIVILEGED,
  };
  const bpffs = {
    name: "mount-bpffs",
    image: node,
    ...pulled,
    command: ["calico-node", "-init", "-best-effort"],
    volumeMounts: [
      mount("sys-fs", "/sys/fs", { mountPropagation: "Bidirectional" }),
      mount("var-run-calico", "/var/run/calico", { mountPropagation: "Bidirectional" }),
      mount("nodeproc", "/nodeproc", { readOnly: true }),
    ],
    securityContext: PRIVILEGED,
  };
  const spec = {
    nodeSelector: LINUX,
    hostNetwork: true,
    tolerations: [
      { effect: "NoSchedule", operator: "Exists" },
      CRITICAL_ADDONS,
      { effect: "NoExecute", operator: "Exists" },
    ],
    serviceAccountName: "calico-node",
    securityContext: { seccompProfile: { type: "RuntimeDefault" } },
    terminationGracePeriodSeconds: 0,
    priorityClassName: "system-node-critical",
    initContainers: [upgrade, install, bpffs],
    containers: [nodeContainer(node)],
    volumes: NODE_VOLUMES,
  };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "calico-node", namespace: NS, labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      template: { metadata: { labels }, spec },
    },
  };
}

function nodeContainer(image: string): Written {
  const probe = (...what: readonly string[]): Written => ({
    exec: { command: ["/bin/calico-node", ...what] },
    periodSeconds: 10,
    timeoutSeconds: 10,
  });
  return {
    name: "calico-node",
    image,
    imagePullPolicy: "IfNotPresent",
    envFrom: SERVICES,
    env: [
      value("DATASTORE_TYPE", "kubernetes"),
      value("WAIT_FOR_DATASTORE", "true"),
      fromNode("NODENAME"),
      fromMap("CALICO_NETWORKING_BACKEND", "calico_backend"),
      value("CLUSTER_TYPE", "k8s,bgp"),
      value("IP", "autodetect"),
      value("CALICO_IPV4POOL_IPIP", "Always"),
      value("CALICO_IPV4POOL_VXLAN", "Never"),
      value("CALICO_IPV6POOL_VXLAN", "Never"),
      fromMap("FELIX_IPINIPMTU", "veth_mtu"),
      fromMap("FELIX_VXLANMTU", "veth_mtu"),
      fromMap("FELIX_WIREGUARDMTU", "veth_mtu"),
      value("CALICO_DISABLE_FILE_LOGGING", "true"),
      value("FELIX_DEFAULTENDPOINTTOHOSTACTION", "ACCEPT"),
      value("FELIX_IPV6SUPPORT", "false"),
      value("FELIX_HEALTHENABLED", "true"),
    ],
    securityContext: PRIVILEGED,
    resources: { requests: { cpu: "250m" } },
    lifecycle: { preStop: { exec: { command: ["/bin/calico-node", "-shutdown"] } } },
    livenessProbe: { ...probe("-felix-live", "-bird-live"), initialDelaySeconds: 10, failureThreshold: 6 },
    readinessProbe: probe("-felix-ready", "-bird-ready"),
    volumeMounts: [
      mount("cni-net-dir", "/host/etc/cni/net.d", { readOnly: false }),
      mount("lib-modules", "/lib/modules", { readOnly: true }),
      mount("xtables-lock", "/run/xtables.lock", { readOnly: false }),
      mount("var-run-calico", "/var/run/calico", { readOnly: false }),
      mount("var-lib-calico", "/var/lib/calico", { readOnly: false }),
      mount("policysync", "/var/run/nodeagent"),
      mount("bpffs", "/sys/fs/bpf"),
      mount("cni-log-dir", "/var/log/calico/cni", { readOnly: true }),
    ],
  };
}

const NODE_VOLUMES: readonly Written[] = [
  hostPath("lib-modules", "/lib/modules"),
  hostPath("var-run-calico", "/var/run/calico", "DirectoryOrCreate"),
  hostPath("var-lib-calico", "/var/lib/calico", "DirectoryOrCreate"),
  hostPath("xtables-lock", "/run/xtables.lock", "FileOrCreate"),
  hostPath("sys-fs", "/sys/fs/", "DirectoryOrCreate"),
  hostPath("bpffs", "/sys/fs/bpf", "Directory"),
  hostPath("nodeproc", "/proc"),
  hostPath("cni-bin-dir", "/opt/cni/bin", "DirectoryOrCreate"),
  hostPath("cni-net-dir", "/etc/cni/net.d"),
  hostPath("cni-log-dir", "/var/log/calico/cni"),
  hostPath("host-local-net-dir", "/var/lib/cni/networks"),
  hostPath("policysync", "/var/run/nodeagent", "DirectoryOrCreate"),
];

export function calicoKubeControllers(version: string): Written {
  const name = "calico-kube-controllers";
  const labels = { "k8s-app": name };
  const check = (flag: string, more: Written): Written => ({
    exec: { command: ["/usr/bin/check-status", flag] },
    periodSeconds: 10,
    ...more,
  });
  const container = {
    name,
    image: `docker.io/calico/kube-controllers:${version}`,
    imagePullPolicy: "IfNotPresent",
    env: [value("ENABLED_CONTROLLERS", "node,loadbalancer"), value("DATASTORE_TYPE", "kubernetes")],
    livenessProbe: check("-l", { initialDelaySeconds: 10, failureThreshold: 6, timeoutSeconds: 10 }),
    readinessProbe: check("-r", {}),
    securityContext: { runAsNonRoot: true },
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: NS, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      strategy: { type: "Recreate" },
      template: {
        metadata: { name, namespace: NS, labels },
        spec: {
          nodeSelector: LINUX,
          tolerations: [
            CRITICAL_ADDONS,
            ...["master", "control-plane"].map((role) => ({
              key: `node-role.kubernetes.io/${role}`,
              effect: "NoSchedule",
            })),
          ],
          serviceAccountName: name,
          securityContext: { seccompProfile: { type: "RuntimeDefault" } },
          priorityClassName: "system-cluster-critical",
          containers: [container],
        },
      },
    },
  };
}
