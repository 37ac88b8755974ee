import { IMAGES, type Cluster } from "./cluster.ts";
import { CONTROL_PLANE_ROLE } from "./mark-control-plane.ts";
import { KUBE_SYSTEM, type KubeObject } from "./object.ts";
import { clusterRole, clusterRoleBinding } from "./rbac.ts";
import { configMap } from "./upload-config.ts";

/** The Corefile of kubeadm (cmd/kubeadm/app/phases/addons/dns/manifests.go CoreDNSConfigMap). */
export function corefile(dnsDomain: string): string {
  return `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes ${dnsDomain} in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success ${dnsDomain}
       disable denial ${dnsDomain}
    }
    loop
    reload
    loadbalance
}
`;
}

export function coreDnsConfigMap(cluster: Cluster): KubeObject {
  return configMap("coredns", { Corefile: corefile(cluster.dnsDomain) });
}

export function coreDnsRbac(): KubeObject[] {
  const verbs = ["list", "watch"];
  return [
    clusterRole("system:coredns", [
      { apiGroups: [""], resources: ["endpoints", "services", "pods", "namespaces"], verbs },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs },
    ]),
    clusterRoleBinding("system:coredns", "system:coredns", { kind: "ServiceAccount", name: "coredns" }),
  ];
}

export function coreDnsServiceAccount(): KubeObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "coredns", namespace: KUBE_SYSTEM } };
}

const LABELS = { "k8s-app": "kube-dns" };

/** The project's own registry has a folder for it (cmd/kubeadm/app/images GetDNSImage). */
function coreDnsImage({ imageRepository, release }: Cluster): string {
  const folder = imageRepository === IMAGES ? `${IMAGES}/coredns` : imageRepository;
  return `${folder}/coredns:${release.coreDns}`;
}

export function coreDnsDeployment(cluster: Cluster): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "coredns", namespace: KUBE_SYSTEM, labels: LABELS },
    spec: {
      replicas: 2,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          priorityClassName: "system-cluster-critical",
          serviceAccountName: "coredns",
          affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [apart()] } },
          tolerations: [
            { key: "CriticalAddonsOnly", operator: "Exists" },
            { key: CONTROL_PLANE_ROLE, effect: "NoSchedule" },
          ],
          nodeSelector: { "kubernetes.io/os": "linux" },
          containers: [container(coreDnsImage(cluster))],
          dnsPolicy: "Default",
          volumes: [
            { name: "config-volume", configMap: { name: "coredns", items: [{ key: "Corefile", path: "Corefile" }] } },
          ],
        },
      },
    },
  };
}

export function dnsService(cluster: Cluster): KubeObject {
  const port = (name: string, number: number, protocol: string): Record<string, unknown> => ({
    name,
    port: number,
    protocol,
    targetPort: number,
  });
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "kube-dns",
      namespace: KUBE_SYSTEM,
      labels: { ...LABELS, "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS" },
      annotations: { "prometheus.io/port": "9153", "prometheus.io/scrape": "true" },
    },
    spec: {
      clusterIP: cluster.dnsAddress,
      ports: [port("dns", 53, "UDP"), port("dns-tcp", 53, "TCP"), port("metrics", 9153, "TCP")],
      selector: LABELS,
    },
  };
}

function apart(): Record<string, unknown> {
  return {
    weight: 100,
    podAffinityTerm: {
      labelSelector: { matchExpressions: [{ key: "k8s-app", operator: "In", values: ["kube-dns"] }] },
      topologyKey: "kubernetes.io/hostname",
    },
  };
}

function container(image: string): Record<string, unknown> {
  return {
    name: "coredns",
    image,
    imagePullPolicy: "IfNotPresent",
    resources: { limits: { memory: "170Mi" }, requests: { cpu: "100m", memory: "70Mi" } },
    args: ["-conf", "/etc/coredns/Corefile"],
    volumeMounts: [{ name: "config-volume", mountPath: "/etc/coredns", readOnly: true }],
    ports: [
      { containerPort: 53, name: "dns", protocol: "UDP" },
      { containerPort: 53, name: "dns-tcp", protocol: "TCP" },
      { containerPort: 9153, name: "metrics", protocol: "TCP" },
    ],
    livenessProbe: {
      httpGet: { path: "/health", port: 8080, scheme: "HTTP" },
      initialDelaySeconds: 60,
      timeoutSeconds: 5,
      successThreshold: 1,
      failureThreshold: 5,
    },
    readinessProbe: { httpGet: { path: "/ready", port: 8181, scheme: "HTTP" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      // In capitals since kubernetes/kubernetes#121384 (October 2023).
      capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    },
  };
}
