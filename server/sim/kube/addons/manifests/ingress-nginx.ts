import type { KubeObject } from "../../kubeadm/index.ts";
import { readManifest } from "./manifest.ts";
import { binding, fromField, manifestText, role, rule, type Written } from "./objects.ts";

const NS = "ingress-nginx";
const CONTROLLER = "ingress-nginx-controller";
const ADMISSION = "ingress-nginx-admission";

const SELECTOR = {
  "app.kubernetes.io/component": "controller",
  "app.kubernetes.io/instance": NS,
  "app.kubernetes.io/name": NS,
};

/** Where a cluster stands: what makes its LoadBalancers, or that nothing does. */
export type Provider = "baremetal" | "cloud";

/** The objects of the manifest for clouds, from which the Helm chart's differ in names and labels. */
export function ingressNginxObjects(version: string, certgen: string): readonly KubeObject[] {
  return readManifest(ingressNginxYaml(version, certgen, "cloud")).objects;
}

/** deploy/static/provider/PROVIDER/deploy.yaml of ingress-nginx, from v1.12.0 on. */
export function ingressNginxYaml(version: string, certgen: string, provider: Provider): string {
  const common = {
    "app.kubernetes.io/instance": NS,
    "app.kubernetes.io/name": NS,
    "app.kubernetes.io/part-of": NS,
    "app.kubernetes.io/version": version,
  };
  const labels = (component?: string): Record<string, string> =>
    component === undefined ? common : { "app.kubernetes.io/component": component, ...common };
  const named = (name: string, component?: string) => ({ labels: labels(component), name });
  const within = (name: string, component?: string) => ({ ...named(name, component), namespace: NS });
  const account = (name: string, component: string, extra: Written = {}): Written => ({
    apiVersion: "v1",
    automountServiceAccountToken: true,
    kind: "ServiceAccount",
    metadata: within(name, component),
    ...extra,
  });
  const webhook = "admission-webhook";
  return manifestText([
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        labels: { "app.kubernetes.io/instance": NS, "app.kubernetes.io/name": NS },
        name: NS,
      },
    },
    account(NS, "controller"),
    account(ADMISSION, webhook),
    role(within(NS, "controller"), [
      rule("core", "namespaces", "get"),
      rule("core", "configmaps pods secrets endpoints", "get list watch"),
      rule("core", "services", "get list watch"),
      ...INGRESSES,
      rule("coordination.k8s.io", "leases", "get update", "ingress-nginx-leader"),
      rule("coordination.k8s.io", "leases", "create"),
      rule("core", "events", "create patch"),
      rule("discovery.k8s.io", "endpointslices", "list watch get"),
    ]),
    role(within(ADMISSION, webhook), [rule("core", "secrets", "get create")]),
    role(named(NS), [
      rule("core", "configmaps endpoints nodes pods secrets namespaces", "list watch"),
      rule("coordination.k8s.io", "leases", "list watch"),
      rule("core", "nodes", "get"),
      rule("core", "services", "get list watch"),
      INGRESSES[0],
      rule("core", "events", "create patch"),
      ...INGRESSES.slice(1),
      rule("discovery.k8s.io", "endpointslices", "list watch get"),
    ]),
    role(named(ADMISSION, webhook), [
      rule("admissionregistration.k8s.io", "validatingwebhookconfigurations", "get update"),
    ]),
    binding(within(NS, "controller"), NS, `${NS}/${NS}`),
    binding(within(ADMISSION, webhook), ADMISSION, `${NS}/${ADMISSION}`),
    binding(named(NS), NS, `${NS}/${NS}`),
    binding(named(ADMISSION, webhook), ADMISSION, `${NS}/${ADMISSION}`),
    { apiVersion: "v1", data: null, kind: "ConfigMap", metadata: within(CONTROLLER, "controller") },
    { apiVersion: "v1", kind: "Service", metadata: within(CONTROLLER, "controller"), spec: serviceSpec(provider) },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: within(`${CONTROLLER}-admission`, "controller"),
      spec: {
        ports: [{ appProtocol: "https", name: "https-webhook", port: 443, targetPort: "webhook" }],
        selector: SELECTOR,
        type: "ClusterIP",
      },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: within(CONTROLLER, "controller"),
      spec: controllerSpec(version, provider, labels("controller")),
    },
    ...(["create", "patch"] as const).map((verb) => ({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: within(`${ADMISSION}-${verb}`, webhook),
      spec: jobSpec(verb, certgen, labels(webhook)),
    })),
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      metadata: named("nginx", "controller"),
      spec: { controller: "k8s.io/ingress-nginx" },
    },
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata: named(ADMISSION, webhook),
      webhooks: [WEBHOOK],
    },
  ]);
}

const INGRESSES = [
  rule("networking.k8s.io", "ingresses", "get list watch"),
  rule("networking.k8s.io", "ingresses/status", "update"),
  rule("networking.k8s.io", "ingressclasses", "get list watch"),
] as const;

function serviceSpec(provider: Provider): Written {
  return {
    ...(provider === "cloud" ? { externalTrafficPolicy: "Local" } : {}),
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
    ports: [
      { appProtocol: "http", name: "http", port: 80, protocol: "TCP", targetPort: "http" },
      { appProtocol: "https", name: "https", port: 443, protocol: "TCP", targetPort: "https" },
    ],
    selector: SELECTOR,
    type: provider === "cloud" ? "LoadBalancer" : "NodePort",
  };
}

function controllerSpec(version: string, provider: Provider, labels: Written): Written {
  const healthz = (failureThreshold: number): Written => ({
    failureThreshold,
    httpGet: { path: "/healthz", port: 10_254, scheme: "HTTP" },
    initialDelaySeconds: 10,
    periodSeconds: 10,
    successThreshold: 1,
    timeoutSeconds: 1,
  });
  const port = (name: string, containerPort: number): Written => ({ containerPort, name, protocol: "TCP" });
  const controller = {
    args: [
      "/nginx-ingress-controller",
      ...(provider === "cloud" ? [`--publish-service=$(POD_NAMESPACE)/${CONTROLLER}`] : []),
      "--election-id=ingress-nginx-leader",
      "--controller-class=k8s.io/ingress-nginx",
      "--ingress-class=nginx",
      `--configmap=$(POD_NAMESPACE)/${CONTROLLER}`,
      "--validating-webhook=:8443",
      "--validating-webhook-certificate=/usr/local/certificates/cert",
      "--validating-webhook-key=/usr/local/certificates/key",
    ],
    env: [
      fromField("POD_NAME", "metadata.name"),
      fromField("POD_NAMESPACE", "metadata.namespace"),
      { name: "LD_PRELOAD", value: "/usr/local/lib/libmimalloc.so" },
    ],
    image: `registry.k8s.io/ingress-nginx/controller:v${version}`,
    imagePullPolicy: "IfNotPresent",
    lifecycle: { preStop: { exec: { command: ["/wait-shutdown"] } } },
    livenessProbe: healthz(5),
    name: "controller",
    ports: [port("http", 80), port("https", 443), port("webhook", 8443)],
    readinessProbe: healthz(3),
    resources: { requests: { cpu: "100m", memory: "90Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
      readOnlyRootFilesystem: false,
      runAsGroup: 82,
      runAsNonRoot: true,
      runAsUser: 101,
      seccompProfile: { type: "RuntimeDefault" },
    },
    volumeMounts: [{ mountPath: "/usr/local/certificates/", name: "webhook-cert", readOnly: true }],
  };
  return {
    minReadySeconds: 0,
    revisionHistoryLimit: 10,
    selector: { matchLabels: SELECTOR },
    strategy: { rollingUpdate: { maxUnavailable: 1 }, type: "RollingUpdate" },
    template: {
      metadata: { labels },
      spec: {
        automountServiceAccountToken: true,
        containers: [controller],
        dnsPolicy: "ClusterFirst",
        nodeSelector: { "kubernetes.io/os": "linux" },
        serviceAccountName: NS,
        terminationGracePeriodSeconds: 300,
        volumes: [{ name: "webhook-cert", secret: { secretName: ADMISSION } }],
      },
    },
  };
}

function jobSpec(verb: "create" | "patch", certgen: string, labels: Written): Written {
  const service = `${CONTROLLER}-admission`;
  const args =
    verb === "create"
      ? [
          `--host=${service},${service}.$(POD_NAMESPACE).svc`,
          "--namespace=$(POD_NAMESPACE)",
          `--secret-name=${ADMISSION}`,
        ]
      : [
          `--webhook-name=${ADMISSION}`,
          "--namespace=$(POD_NAMESPACE)",
          "--patch-mutating=false",
          `--secret-name=${ADMISSION}`,
          "--patch-failure-policy=Fail",
        ];
  const container = {
    args: [verb, ...args],
    env: [fromField("POD_NAMESPACE", "metadata.namespace")],
    image: `registry.k8s.io/ingress-nginx/kube-webhook-certgen:${certgen}`,
    imagePullPolicy: "IfNotPresent",
    name: verb,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
      runAsGroup: 65_532,
      runAsNonRoot: true,
      runAsUser: 65_532,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
  return {
    template: {
      metadata: { labels, name: `${ADMISSION}-${verb}` },
      spec: {
        automountServiceAccountToken: true,
        containers: [container],
        nodeSelector: { "kubernetes.io/os": "linux" },
        restartPolicy: "OnFailure",
        serviceAccountName: ADMISSION,
      },
    },
    ttlSecondsAfterFinished: 0,
  };
}

const WEBHOOK = {
  admissionReviewVersions: ["v1"],
  clientConfig: {
    service: { name: `${CONTROLLER}-admission`, namespace: NS, path: "/networking/v1/ingresses", port: 443 },
  },
  failurePolicy: "Fail",
  matchPolicy: "Equivalent",
  name: "validate.nginx.ingress.kubernetes.io",
  rules: [
    {
      apiGroups: ["networking.k8s.io"],
      apiVersions: ["v1"],
      operations: ["CREATE", "UPDATE"],
      resources: ["ingresses"],
    },
  ],
  sideEffects: "None",
};
