import { crd, open, type CrdVersion } from "./crd.ts";
import { binding, fromField, manifestText, role, rule, type Written } from "./objects.ts";

const NS = "nginx-gateway";
const CERTIFICATES = "nginx-gateway-cert-generator";
const GROUP = "gateway.nginx.org";
const GATEWAY = "gateway.networking.k8s.io";
const IMAGE = "ghcr.io/nginx/nginx-gateway-fabric";

const UNPRIVILEGED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
  runAsGroup: 1001,
  runAsUser: 101,
  seccompProfile: { type: "RuntimeDefault" },
};

/** deploy/crds.yaml of NGINX Gateway Fabric 2. Of its own kinds only the controller knows the fields: they are kept as given. */
export function nginxGatewayCrdsYaml(): string {
  return manifestText(nginxGatewayCrds());
}

export function nginxGatewayCrds(): readonly Written[] {
  const define = (
    kind: string,
    plural: string,
    version: string,
    more: { shortNames?: string[]; cluster?: boolean; policy?: string } = {},
  ): Written => {
    const { policy, ...names } = more;
    const versions: CrdVersion[] = [{ name: version, schema: { "spec!": open, status: open }, columns: [] }];
    const labels = policy === undefined ? {} : { labels: { "gateway.networking.k8s.io/policy": policy } };
    const annotations = { "controller-gen.kubebuilder.io/version": "v0.18.0" };
    return crd({
      group: GROUP,
      kind,
      plural,
      categories: ["nginx-gateway-fabric"],
      annotations,
      ...labels,
      ...names,
      versions,
    });
  };
  return [
    define("ClientSettingsPolicy", "clientsettingspolicies", "v1alpha1", {
      shortNames: ["cspolicy"],
      policy: "inherited",
    }),
    define("NginxGateway", "nginxgateways", "v1alpha1"),
    define("NginxProxy", "nginxproxies", "v1alpha2"),
    define("ObservabilityPolicy", "observabilitypolicies", "v1alpha2", { shortNames: ["obspolicy"], policy: "direct" }),
    define("SnippetsFilter", "snippetsfilters", "v1alpha1", { shortNames: ["snippetsfilter"] }),
    define("UpstreamSettingsPolicy", "upstreamsettingspolicies", "v1alpha1", {
      shortNames: ["uspolicy"],
      policy: "direct",
    }),
  ];
}

/** deploy/default/deploy.yaml, and deploy/nodeport/deploy.yaml, whose proxies have Services of type NodePort. */
export function nginxGatewayFabricYaml(version: string, service: ServiceType): string {
  return manifestText(nginxGatewayFabricObjects(version, service));
}

type ServiceType = "LoadBalancer" | "NodePort";

export function nginxGatewayFabricObjects(version: string, service: ServiceType): readonly Written[] {
  const labels = {
    "app.kubernetes.io/instance": NS,
    "app.kubernetes.io/name": NS,
    "app.kubernetes.io/version": version,
  };
  const named = (name: string) => ({ labels, name });
  const within = (name: string) => ({ labels, name, namespace: NS });
  const account = (name: string): Written => ({
    apiVersion: "v1",
    automountServiceAccountToken: false,
    kind: "ServiceAccount",
    metadata: within(name),
  });
  const selector = { "app.kubernetes.io/instance": NS, "app.kubernetes.io/name": NS };
  const proxies = `nginxproxies clientsettingspolicies observabilitypolicies upstreamsettingspolicies`;
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NS } },
    account(NS),
    account(CERTIFICATES),
    role(within(CERTIFICATES), [rule("core", "secrets", "create update get")]),
    role(named(NS), [
      rule(
        "core apps",
        "secrets configmaps serviceaccounts services deployments",
        "create update delete list get watch",
      ),
      rule("core", "namespaces pods", "get list watch"),
      rule("apps", "replicasets", "get list"),
      rule("core", "events", "create patch"),
      rule("discovery.k8s.io", "endpointslices", "list watch"),
      rule("core", "nodes", "list"),
      rule("authentication.k8s.io", "tokenreviews", "create"),
      rule(GATEWAY, "gatewayclasses gateways httproutes referencegrants grpcroutes", "list watch"),
      rule(GATEWAY, "httproutes/status gateways/status gatewayclasses/status grpcroutes/status", "update"),
      rule(GROUP, "nginxgateways", "get list watch"),
      rule(GROUP, proxies, "list watch"),
      rule(
        GROUP,
        `nginxgateways/status ${proxies
          .split(" ")
          .slice(1)
          .map((one) => `${one}/status`)
          .join(" ")}`,
        "update",
      ),
      rule("coordination.k8s.io", "leases", "create get update"),
      rule("apiextensions.k8s.io", "customresourcedefinitions", "list watch"),
    ]),
    binding(within(CERTIFICATES), CERTIFICATES, `${NS}/${CERTIFICATES}`),
    binding(named(NS), NS, `${NS}/${NS}`),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: within(NS),
      spec: {
        ports: [{ name: "agent-grpc", port: 443, protocol: "TCP", targetPort: 8443 }],
        selector,
        type: "ClusterIP",
      },
    },
    { apiVersion: "apps/v1", kind: "Deployment", metadata: within(NS), spec: controllerSpec(version, selector) },
    { apiVersion: "batch/v1", kind: "Job", metadata: within(CERTIFICATES), spec: jobSpec(version) },
    {
      apiVersion: `${GATEWAY}/v1`,
      kind: "GatewayClass",
      metadata: named("nginx"),
      spec: {
        controllerName: `${GROUP}/nginx-gateway-controller`,
        parametersRef: { group: GROUP, kind: "NginxProxy", name: `${NS}-proxy-config`, namespace: NS },
      },
    },
    {
      apiVersion: `${GROUP}/v1alpha1`,
      kind: "NginxGateway",
      metadata: within(`${NS}-config`),
      spec: { logging: { level: "info" } },
    },
    {
      apiVersion: `${GROUP}/v1alpha2`,
      kind: "NginxProxy",
      metadata: within(`${NS}-proxy-config`),
      spec: {
        kubernetes: {
          deployment: {
            container: { image: { pullPolicy: "Always", repository: `${IMAGE}/nginx`, tag: version } },
            replicas: 1,
          },
          service: { externalTrafficPolicy: "Local", type: service },
        },
      },
    },
  ];
}

function controllerSpec(version: string, selector: Written): Written {
  const image = `${IMAGE}:${version}`;
  const container = {
    args: [
      "controller",
      `--gateway-ctlr-name=${GROUP}/nginx-gateway-controller`,
      "--gatewayclass=nginx",
      `--config=${NS}-config`,
      `--service=${NS}`,
      "--agent-tls-secret=agent-tls",
      "--metrics-port=9113",
      "--health-port=8081",
      `--leader-election-lock-name=${NS}-leader-election`,
    ],
    env: [
      fromField("POD_NAMESPACE", "metadata.namespace"),
      fromField("POD_NAME", "metadata.name"),
      fromField("POD_UID", "metadata.uid"),
      fromField("INSTANCE_NAME", "metadata.labels['app.kubernetes.io/instance']"),
      { name: "IMAGE_NAME", value: image },
    ],
    image,
    imagePullPolicy: "Always",
    name: NS,
    ports: [
      { containerPort: 8443, name: "agent-grpc" },
      { containerPort: 9113, name: "metrics" },
      { containerPort: 8081, name: "health" },
    ],
    readinessProbe: { httpGet: { path: "/readyz", port: "health" }, initialDelaySeconds: 3, periodSeconds: 1 },
    securityContext: UNPRIVILEGED,
    volumeMounts: [{ mountPath: "/var/run/secrets/ngf", name: "nginx-agent-tls" }],
  };
  return {
    replicas: 1,
    selector: { matchLabels: selector },
    template: {
      metadata: { annotations: { "prometheus.io/port": "9113", "prometheus.io/scrape": "true" }, labels: selector },
      spec: {
        automountServiceAccountToken: true,
        containers: [container],
        securityContext: { fsGroup: 1001, runAsNonRoot: true },
        serviceAccountName: NS,
        terminationGracePeriodSeconds: 30,
        volumes: [{ name: "nginx-agent-tls", secret: { secretName: "server-tls" } }],
      },
    },
  };
}

function jobSpec(version: string): Written {
  const container = {
    args: [
      "generate-certs",
      `--service=${NS}`,
      "--cluster-domain=cluster.local",
      "--server-tls-secret=server-tls",
      "--agent-tls-secret=agent-tls",
    ],
    env: [fromField("POD_NAMESPACE", "metadata.namespace")],
    image: `${IMAGE}:${version}`,
    imagePullPolicy: "Always",
    name: "cert-generator",
    securityContext: UNPRIVILEGED,
  };
  return {
    template: {
      metadata: { annotations: null },
      spec: {
        automountServiceAccountToken: true,
        containers: [container],
        restartPolicy: "Never",
        securityContext: { fsGroup: 1001, runAsNonRoot: true },
        serviceAccountName: CERTIFICATES,
      },
    },
    ttlSecondsAfterFinished: 30,
  };
}
