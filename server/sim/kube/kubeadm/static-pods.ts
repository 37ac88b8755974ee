import type { FileSpec } from "../../host/index.ts";
import { hostPort, isIPv6, type Cluster, type ExtraArg, type NodeParameters } from "./cluster.ts";
import { toYaml, type YamlValue } from "./yaml.ts";

export const MANIFESTS = "/etc/kubernetes/manifests";

interface Probe {
  readonly host: string;
  readonly port: number;
  readonly scheme: "HTTP" | "HTTPS";
  readonly live: string;
  readonly ready?: string;
  readonly start: string;
}

interface Volume {
  readonly name: string;
  readonly path: string;
  readonly type: "DirectoryOrCreate" | "FileOrCreate";
  readonly writable?: boolean;
}

interface StaticPod {
  readonly name: string;
  readonly image: string;
  readonly arguments: Readonly<Record<string, string>>;
  readonly extraArgs: readonly ExtraArg[] | undefined;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly requests: Readonly<Record<string, string>>;
  readonly probe: Probe;
  /** In the order of the mounts. */
  readonly volumes: readonly Volume[];
}

/** The manifests of a control plane's static Pods, in the order in which init writes them. */
export function staticPodFiles(cluster: Cluster, node: NodeParameters): StaticPodFile[] {
  return [etcd(cluster, node), apiServer(cluster, node), controllerManager(cluster), scheduler(cluster)].map(
    (component) => ({ path: `${MANIFESTS}/${component.name}.yaml`, mode: 0o600, text: toYaml(pod(component)) }),
  );
}

export type StaticPodFile = FileSpec & { readonly text: string };

/** As cmd/kubeadm/app/util/staticpod ComponentPod. */
function pod({ name, image, arguments: flags, extraArgs = [], annotations, requests, probe, volumes }: StaticPod): {
  readonly [key: string]: YamlValue;
} {
  const own = Object.entries(flags).map(([flag, value]) => ({ name: flag, value }));
  const args = [...extraArgs, ...own.filter((arg) => extraArgs.every((extra) => extra.name !== arg.name))];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      annotations,
      creationTimestamp: null,
      labels: { component: name, tier: "control-plane" },
      name,
      namespace: "kube-system",
    },
    spec: {
      containers: [
        {
          command: [name, ...args.sort(byNameAndValue).map((arg) => `--${arg.name}=${arg.value}`)],
          image,
          imagePullPolicy: "IfNotPresent",
          livenessProbe: httpProbe(probe, probe.live, {
            failureThreshold: 8,
            initialDelaySeconds: 10,
            periodSeconds: 10,
          }),
          name,
          readinessProbe: probe.ready
            ? httpProbe(probe, probe.ready, { failureThreshold: 3, periodSeconds: 1 })
            : undefined,
          resources: { requests },
          startupProbe: httpProbe(probe, probe.start, {
            failureThreshold: 24,
            initialDelaySeconds: 10,
            periodSeconds: 10,
          }),
          volumeMounts: volumes.map((volume) => ({
            mountPath: volume.path,
            name: volume.name,
            readOnly: volume.writable ? undefined : true,
          })),
        },
      ],
      hostNetwork: true,
      priority: 2000001000,
      priorityClassName: "system-node-critical",
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      volumes: volumes
        .map(({ name, path, type }) => ({ hostPath: { path, type }, name }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    },
    status: {},
  };
}

function httpProbe({ host, port, scheme }: Probe, path: string, times: Readonly<Record<string, number>>): YamlValue {
  return { ...times, httpGet: { host, path, port, scheme }, timeoutSeconds: 15 };
}

/** As cmd/kubeadm/app/phases/controlplane getAPIServerCommand. */
function apiServer(cluster: Cluster, node: NodeParameters): StaticPod {
  const pki = cluster.certificatesDir;
  const endpoint = hostPort(node.address, cluster.bindPort);
  return {
    name: "kube-apiserver",
    extraArgs: cluster.extraArgs.apiServer,
    image: `${cluster.imageRepository}/kube-apiserver:${cluster.version}`,
    annotations: { "kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint": endpoint },
    requests: { cpu: "250m" },
    probe: {
      host: node.address,
      port: cluster.bindPort,
      scheme: "HTTPS",
      live: "/livez",
      ready: "/readyz",
      start: "/livez",
    },
    arguments: {
      "advertise-address": node.address,
      "allow-privileged": "true",
      "authorization-mode": "Node,RBAC",
      "client-ca-file": `${pki}/ca.crt`,
      "enable-admission-plugins": "NodeRestriction",
      "enable-bootstrap-token-auth": "true",
      "etcd-cafile": `${pki}/etcd/ca.crt`,
      "etcd-certfile": `${pki}/apiserver-etcd-client.crt`,
      "etcd-keyfile": `${pki}/apiserver-etcd-client.key`,
      "etcd-servers": `https://${hostPort(loopback(node), 2379)}`,
      "kubelet-client-certificate": `${pki}/apiserver-kubelet-client.crt`,
      "kubelet-client-key": `${pki}/apiserver-kubelet-client.key`,
      "kubelet-preferred-address-types": "InternalIP,ExternalIP,Hostname",
      "proxy-client-cert-file": `${pki}/front-proxy-client.crt`,
      "proxy-client-key-file": `${pki}/front-proxy-client.key`,
      "requestheader-allowed-names": "front-proxy-client",
      "requestheader-client-ca-file": `${pki}/front-proxy-ca.crt`,
      "requestheader-extra-headers-prefix": "X-Remote-Extra-",
      "requestheader-group-headers": "X-Remote-Group",
      "requestheader-username-headers": "X-Remote-User",
      "secure-port": String(cluster.bindPort),
      "service-account-issuer": `https://kubernetes.default.svc.${cluster.dnsDomain}`,
      "service-account-key-file": `${pki}/sa.pub`,
      "service-account-signing-key-file": `${pki}/sa.key`,
      "service-cluster-ip-range": cluster.serviceSubnet,
      "tls-cert-file": `${pki}/apiserver.crt`,
      "tls-private-key-file": `${pki}/apiserver.key`,
    },
    volumes: certificateVolumes(pki),
  };
}

/** As getControllerManagerCommand. */
function controllerManager(cluster: Cluster): StaticPod {
  const pki = cluster.certificatesDir;
  const kubeconfig = "/etc/kubernetes/controller-manager.conf";
  return {
    name: "kube-controller-manager",
    extraArgs: cluster.extraArgs.controllerManager,
    image: `${cluster.imageRepository}/kube-controller-manager:${cluster.version}`,
    requests: { cpu: "200m" },
    probe: { host: "127.0.0.1", port: 10257, scheme: "HTTPS", live: "/healthz", start: "/healthz" },
    arguments: {
      "authentication-kubeconfig": kubeconfig,
      "authorization-kubeconfig": kubeconfig,
      "bind-address": "127.0.0.1",
      "client-ca-file": `${pki}/ca.crt`,
      "cluster-name": cluster.clusterName,
      "cluster-signing-cert-file": `${pki}/ca.crt`,
      "cluster-signing-key-file": `${pki}/ca.key`,
      controllers: "*,bootstrapsigner,tokencleaner",
      kubeconfig,
      "leader-elect": "true",
      "requestheader-client-ca-file": `${pki}/front-proxy-ca.crt`,
      "root-ca-file": `${pki}/ca.crt`,
      "service-account-private-key-file": `${pki}/sa.key`,
      "use-service-account-credentials": "true",
      ...nodeRanges(cluster),
    },
    volumes: byName([
      ...certificateVolumes(pki),
      {
        name: "flexvolume-dir",
        path: "/usr/libexec/kubernetes/kubelet-plugins/volume/exec",
        type: "DirectoryOrCreate",
        writable: true,
      },
      { name: "kubeconfig", path: kubeconfig, type: "FileOrCreate" },
    ]),
  };
}

/** Only who knows the Pods' range can give each node its part of it. */
function nodeRanges({ podSubnet, serviceSubnet }: Cluster): Record<string, string> {
  if (podSubnet === "") return {};
  return { "allocate-node-cidrs": "true", "cluster-cidr": podSubnet, "service-cluster-ip-range": serviceSubnet };
}

/** As getSchedulerCommand. */
function scheduler(cluster: Cluster): StaticPod {
  const kubeconfig = "/etc/kubernetes/scheduler.conf";
  return {
    name: "kube-scheduler",
    extraArgs: cluster.extraArgs.scheduler,
    image: `${cluster.imageRepository}/kube-scheduler:${cluster.version}`,
    requests: { cpu: "100m" },
    probe: {
      host: "127.0.0.1",
      port: 10259,
      scheme: "HTTPS",
      live: "/livez",
      ready: "/readyz",
      start: "/livez",
    },
    arguments: {
      "authentication-kubeconfig": kubeconfig,
      "authorization-kubeconfig": kubeconfig,
      "bind-address": "127.0.0.1",
      kubeconfig,
      "leader-elect": "true",
    },
    volumes: [{ name: "kubeconfig", path: kubeconfig, type: "FileOrCreate" }],
  };
}

/** As cmd/kubeadm/app/phases/etcd getEtcdCommand for the first member. */
function etcd(cluster: Cluster, node: NodeParameters): StaticPod {
  const pki = cluster.certificatesDir;
  const client = `https://${hostPort(node.address, 2379)}`;
  const peer = `https://${hostPort(node.address, 2380)}`;
  return {
    name: "etcd",
    extraArgs: cluster.extraArgs.etcd,
    image: `${cluster.imageRepository}/etcd:${cluster.release.etcd}`,
    annotations: { "kubeadm.kubernetes.io/etcd.advertise-client-urls": client },
    requests: { cpu: "100m", memory: "100Mi" },
    probe: { host: loopback(node), port: 2381, scheme: "HTTP", live: "/livez", ready: "/readyz", start: "/readyz" },
    arguments: {
      "advertise-client-urls": client,
      "cert-file": `${pki}/etcd/server.crt`,
      "client-cert-auth": "true",
      "data-dir": cluster.dataDir,
      "experimental-initial-corrupt-check": "true",
      "experimental-watch-progress-notify-interval": "5s",
      "initial-advertise-peer-urls": peer,
      "initial-cluster": `${node.name}=${peer}`,
      "key-file": `${pki}/etcd/server.key`,
      "listen-client-urls": `https://${hostPort(loopback(node), 2379)},${client}`,
      "listen-metrics-urls": `http://${hostPort(loopback(node), 2381)}`,
      "listen-peer-urls": peer,
      name: node.name,
      "peer-cert-file": `${pki}/etcd/peer.crt`,
      "peer-client-cert-auth": "true",
      "peer-key-file": `${pki}/etcd/peer.key`,
      "peer-trusted-ca-file": `${pki}/etcd/ca.crt`,
      "snapshot-count": "10000",
      "trusted-ca-file": `${pki}/etcd/ca.crt`,
    },
    volumes: [
      { name: "etcd-data", path: cluster.dataDir, type: "DirectoryOrCreate", writable: true },
      { name: "etcd-certs", path: `${pki}/etcd`, type: "DirectoryOrCreate", writable: true },
    ],
  };
}

/** Where Ubuntu keeps certificates that programs trust (caCertsExtraVolumePaths: those of the host that exist). */
function certificateVolumes(pki: string): Volume[] {
  return [
    { name: "ca-certs", path: "/etc/ssl/certs", type: "DirectoryOrCreate" },
    { name: "etc-ca-certificates", path: "/etc/ca-certificates", type: "DirectoryOrCreate" },
    { name: "k8s-certs", path: pki, type: "DirectoryOrCreate" },
    { name: "usr-local-share-ca-certificates", path: "/usr/local/share/ca-certificates", type: "DirectoryOrCreate" },
    { name: "usr-share-ca-certificates", path: "/usr/share/ca-certificates", type: "DirectoryOrCreate" },
  ];
}

/** As kubeadmutil.ArgumentsToCommand sorts. */
function byNameAndValue(a: ExtraArg, b: ExtraArg): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.value < b.value ? -1 : 1;
}

function byName(volumes: readonly Volume[]): Volume[] {
  return volumes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function loopback(node: NodeParameters): string {
  return isIPv6(node.address) ? "::1" : "127.0.0.1";
}
