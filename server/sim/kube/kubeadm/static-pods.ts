import type { FileSpec } from "../../host/index.ts";
import { API_PORT, hostPort, IMAGES, isIPv6, PKI, type Cluster, type NodeParameters } from "./cluster.ts";
import { toYaml, type YamlValue } from "./yaml.ts";

const MANIFESTS = "/etc/kubernetes/manifests";

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

interface Component {
  readonly name: string;
  readonly image: string;
  readonly arguments: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly requests: Readonly<Record<string, string>>;
  readonly probe: Probe;
  /** In the order of the mounts. */
  readonly volumes: readonly Volume[];
}

/** The manifests of a control plane's static Pods, in the order in which init writes them. */
export function staticPodFiles(cluster: Cluster, node: NodeParameters): FileSpec[] {
  return [etcd(cluster, node), apiServer(cluster, node), controllerManager(cluster), scheduler(cluster)].map(
    (component) => ({ path: `${MANIFESTS}/${component.name}.yaml`, mode: 0o600, text: toYaml(pod(component)) }),
  );
}

/** As cmd/kubeadm/app/util/staticpod ComponentPod. */
function pod({ name, image, arguments: flags, annotations, requests, probe, volumes }: Component): {
  readonly [key: string]: YamlValue;
} {
  const command = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
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
          command: [name, ...command.sort()],
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
function apiServer(cluster: Cluster, node: NodeParameters): Component {
  const endpoint = hostPort(node.address, API_PORT);
  return {
    name: "kube-apiserver",
    image: `${IMAGES}/kube-apiserver:${cluster.version}`,
    annotations: { "kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint": endpoint },
    requests: { cpu: "250m" },
    probe: {
      host: node.address,
      port: API_PORT,
      scheme: "HTTPS",
      live: "/livez",
      ready: "/readyz",
      start: "/livez",
    },
    arguments: {
      "advertise-address": node.address,
      "allow-privileged": "true",
      "authorization-mode": "Node,RBAC",
      "client-ca-file": `${PKI}/ca.crt`,
      "enable-admission-plugins": "NodeRestriction",
      "enable-bootstrap-token-auth": "true",
      "etcd-cafile": `${PKI}/etcd/ca.crt`,
      "etcd-certfile": `${PKI}/apiserver-etcd-client.crt`,
      "etcd-keyfile": `${PKI}/apiserver-etcd-client.key`,
      "etcd-servers": `https://${hostPort(loopback(node), 2379)}`,
      "kubelet-client-certificate": `${PKI}/apiserver-kubelet-client.crt`,
      "kubelet-client-key": `${PKI}/apiserver-kubelet-client.key`,
      "kubelet-preferred-address-types": "InternalIP,ExternalIP,Hostname",
      "proxy-client-cert-file": `${PKI}/front-proxy-client.crt`,
      "proxy-client-key-file": `${PKI}/front-proxy-client.key`,
      "requestheader-allowed-names": "front-proxy-client",
      "requestheader-client-ca-file": `${PKI}/front-proxy-ca.crt`,
      "requestheader-extra-headers-prefix": "X-Remote-Extra-",
      "requestheader-group-headers": "X-Remote-Group",
      "requestheader-username-headers": "X-Remote-User",
      "secure-port": String(API_PORT),
      "service-account-issuer": `https://kubernetes.default.svc.${cluster.dnsDomain}`,
      "service-account-key-file": `${PKI}/sa.pub`,
      "service-account-signing-key-file": `${PKI}/sa.key`,
      "service-cluster-ip-range": cluster.serviceSubnet,
      "tls-cert-file": `${PKI}/apiserver.crt`,
      "tls-private-key-file": `${PKI}/apiserver.key`,
    },
    volumes: certificateVolumes(),
  };
}

/** As getControllerManagerCommand. */
function controllerManager(cluster: Cluster): Component {
  const kubeconfig = "/etc/kubernetes/controller-manager.conf";
  return {
    name: "kube-controller-manager",
    image: `${IMAGES}/kube-controller-manager:${cluster.version}`,
    requests: { cpu: "200m" },
    probe: { host: "127.0.0.1", port: 10257, scheme: "HTTPS", live: "/healthz", start: "/healthz" },
    arguments: {
      "allocate-node-cidrs": "true",
      "authentication-kubeconfig": kubeconfig,
      "authorization-kubeconfig": kubeconfig,
      "bind-address": "127.0.0.1",
      "client-ca-file": `${PKI}/ca.crt`,
      "cluster-cidr": cluster.podSubnet,
      "cluster-name": cluster.clusterName,
      "cluster-signing-cert-file": `${PKI}/ca.crt`,
      "cluster-signing-key-file": `${PKI}/ca.key`,
      controllers: "*,bootstrapsigner,tokencleaner",
      kubeconfig,
      "leader-elect": "true",
      "requestheader-client-ca-file": `${PKI}/front-proxy-ca.crt`,
      "root-ca-file": `${PKI}/ca.crt`,
      "service-account-private-key-file": `${PKI}/sa.key`,
      "service-cluster-ip-range": cluster.serviceSubnet,
      "use-service-account-credentials": "true",
    },
    volumes: byName([
      ...certificateVolumes(),
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

/** As getSchedulerCommand. */
function scheduler(cluster: Cluster): Component {
  const kubeconfig = "/etc/kubernetes/scheduler.conf";
  return {
    name: "kube-scheduler",
    image: `${IMAGES}/kube-scheduler:${cluster.version}`,
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
function etcd(cluster: Cluster, node: NodeParameters): Component {
  const client = `https://${hostPort(node.address, 2379)}`;
  const peer = `https://${hostPort(node.address, 2380)}`;
  return {
    name: "etcd",
    image: `${IMAGES}/etcd:${cluster.release.etcd}`,
    annotations: { "kubeadm.kubernetes.io/etcd.advertise-client-urls": client },
    requests: { cpu: "100m", memory: "100Mi" },
    probe: { host: loopback(node), port: 2381, scheme: "HTTP", live: "/livez", ready: "/readyz", start: "/readyz" },
    arguments: {
      "advertise-client-urls": client,
      "cert-file": `${PKI}/etcd/server.crt`,
      "client-cert-auth": "true",
      "data-dir": "/var/lib/etcd",
      "experimental-initial-corrupt-check": "true",
      "experimental-watch-progress-notify-interval": "5s",
      "initial-advertise-peer-urls": peer,
      "initial-cluster": `${node.name}=${peer}`,
      "key-file": `${PKI}/etcd/server.key`,
      "listen-client-urls": `https://${hostPort(loopback(node), 2379)},${client}`,
      "listen-metrics-urls": `http://${hostPort(loopback(node), 2381)}`,
      "listen-peer-urls": peer,
      name: node.name,
      "peer-cert-file": `${PKI}/etcd/peer.crt`,
      "peer-client-cert-auth": "true",
      "peer-key-file": `${PKI}/etcd/peer.key`,
      "peer-trusted-ca-file": `${PKI}/etcd/ca.crt`,
      "snapshot-count": "10000",
      "trusted-ca-file": `${PKI}/etcd/ca.crt`,
    },
    volumes: [
      { name: "etcd-data", path: "/var/lib/etcd", type: "DirectoryOrCreate", writable: true },
      { name: "etcd-certs", path: `${PKI}/etcd`, type: "DirectoryOrCreate", writable: true },
    ],
  };
}

/** Where Ubuntu keeps certificates that programs trust (caCertsExtraVolumePaths: those of the host that exist). */
function certificateVolumes(): Volume[] {
  return [
    { name: "ca-certs", path: "/etc/ssl/certs", type: "DirectoryOrCreate" },
    { name: "etc-ca-certificates", path: "/etc/ca-certificates", type: "DirectoryOrCreate" },
    { name: "k8s-certs", path: PKI, type: "DirectoryOrCreate" },
    { name: "usr-local-share-ca-certificates", path: "/usr/local/share/ca-certificates", type: "DirectoryOrCreate" },
    { name: "usr-share-ca-certificates", path: "/usr/share/ca-certificates", type: "DirectoryOrCreate" },
  ];
}

function byName(volumes: readonly Volume[]): Volume[] {
  return volumes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function loopback(node: NodeParameters): string {
  return isIPv6(node.address) ? "::1" : "127.0.0.1";
}
