import type { GraphGateway } from "./graph/model.ts";
import type { ControlPlane } from "./provision.ts";

type Written = Readonly<Record<string, unknown>>;

const UNPRIVILEGED = {
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
  runAsGroup: 1001,
  runAsUser: 101,
  seccompProfile: { type: "RuntimeDefault" },
};

/** Directories of nginx' container that are empty at first, by the volume's name. */
const EMPTY: Readonly<Record<string, string>> = {
  "nginx-agent": "/etc/nginx-agent",
  "nginx-agent-log": "/var/log/nginx-agent",
  "nginx-agent-lib": "/var/lib/nginx-agent",
  "nginx-conf": "/etc/nginx/conf.d",
  "nginx-stream-conf": "/etc/nginx/stream-conf.d",
  "nginx-main-includes": "/etc/nginx/main-includes",
  "nginx-events-includes": "/etc/nginx/events-includes",
  "nginx-secrets": "/etc/nginx/secrets",
  "nginx-run": "/var/run/nginx",
  "nginx-cache": "/var/cache/nginx",
  "nginx-includes": "/etc/nginx/includes",
};

/** The Pods of a Gateway's nginx: an init container that lays out the first files, and nginx with its agent (buildNginxPodTemplateSpec). */
export function podTemplate(
  { proxy }: GraphGateway,
  more: {
    readonly name: string;
    readonly ports: readonly number[];
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly own: ControlPlane;
  },
): Written {
  const { name, ports, labels, annotations, own } = more;
  const { container = {}, pod = {} } = proxy.kubernetes?.deployment ?? {};
  const colon = own.image.lastIndexOf(":");
  const { repository = `${own.image.slice(0, colon)}/nginx`, tag = own.image.slice(colon + 1), pullPolicy = "IfNotPresent" } = container.image ?? {}; // prettier-ignore
  const mount = (volume: string, mountPath: string): Written => ({ mountPath, name: volume });
  const copies = [
    ["/agent/nginx-agent.conf", "/etc/nginx-agent"],
    ["/includes/main.conf", "/etc/nginx/main-includes"],
    ["/includes/events.conf", "/etc/nginx/events-includes"],
  ];
  return {
    metadata: { annotations: { ...annotations, "prometheus.io/port": "9113", "prometheus.io/scrape": "true" }, labels },
    spec: {
      automountServiceAccountToken: true,
      containers: [
        {
          image: `${repository}:${tag}`,
          imagePullPolicy: pullPolicy,
          name: "nginx",
          ports: [...ports.map((port) => ({ containerPort: port, name: `port-${port}` })), { containerPort: 9113, name: "metrics" }], // prettier-ignore
          readinessProbe: { httpGet: { path: "/readyz", port: 8081 }, initialDelaySeconds: 3 },
          ...(container.resources ? { resources: container.resources } : {}),
          securityContext: { ...UNPRIVILEGED, allowPrivilegeEscalation: false },
          volumeMounts: [
            ...Object.entries(EMPTY).map(([volume, path]) => mount(volume, path)),
            mount("nginx-agent-tls", "/var/run/secrets/ngf"),
            mount("token", "/var/run/secrets/ngf/serviceaccount"),
          ],
        },
      ],
      initContainers: [
        {
          command: ["/usr/bin/gateway", "initialize", ...copies.flatMap(([from, to]) => ["--source", from, "--destination", to])], // prettier-ignore
          env: [{ name: "POD_UID", valueFrom: { fieldRef: { fieldPath: "metadata.uid" } } }],
          image: own.image,
          imagePullPolicy: pullPolicy,
          name: "init",
          securityContext: UNPRIVILEGED,
          volumeMounts: [
            mount("nginx-agent-config", "/agent"),
            mount("nginx-agent", "/etc/nginx-agent"),
            mount("nginx-includes-bootstrap", "/includes"),
            mount("nginx-main-includes", "/etc/nginx/main-includes"),
            mount("nginx-events-includes", "/etc/nginx/events-includes"),
          ],
        },
      ],
      ...(pod.nodeSelector ? { nodeSelector: pod.nodeSelector } : {}),
      securityContext: {
        fsGroup: 1001,
        runAsNonRoot: true,
        sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
      },
      serviceAccountName: name,
      ...(pod.tolerations ? { tolerations: pod.tolerations } : {}),
      volumes: [
        { name: "token", projected: { sources: [{ serviceAccountToken: { audience: `${own.service}.${own.namespace}.svc`, path: "token" } }] } }, // prettier-ignore
        ...Object.keys(EMPTY).map((volume) => ({ emptyDir: {}, name: volume })),
        { configMap: { name: `${name}-agent-config` }, name: "nginx-agent-config" },
        { name: "nginx-agent-tls", secret: { secretName: `${name}-${own.agentSecret}` } },
        { configMap: { name: `${name}-includes-bootstrap` }, name: "nginx-includes-bootstrap" },
      ],
    },
  };
}
