import { binding, fromField, manifestText, role, rule, type Written } from "./objects.ts";
import { METALLB_DEFINITIONS } from "./metallb-kinds.ts";

const NS = "metallb-system";
const GROUP = "metallb.io";
const APP = { app: "metallb" };
const SERVICE = "metallb-webhook-service";

/** config/manifests/metallb-native.yaml of MetalLB v0.15. */
export function metallbNativeYaml(version: string): string {
  const within = (name: string) => ({ labels: APP, name, namespace: NS });
  const account = (name: string): Written => ({ apiVersion: "v1", kind: "ServiceAccount", metadata: within(name) });
  const reads = (resources: string, verbs = "get list watch"): Written => rule(GROUP, resources, verbs);
  const psa = ["audit", "enforce", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "privileged"]);
  return manifestText([
    { apiVersion: "v1", kind: "Namespace", metadata: { labels: Object.fromEntries(psa), name: NS } },
    ...METALLB_DEFINITIONS.filter(({ metadata }) => since(version, (metadata as { name: string }).name)),
    account("controller"),
    account("speaker"),
    role(within("controller"), [
      rule("core", "secrets", "create delete get list patch update watch"),
      rule("core", "secrets", "list", "memberlist"),
      rule("apps", "deployments", "get", "controller"),
      reads("bgppeers", "get list"),
      ...["bfdprofiles", "ipaddresspools", "bgpadvertisements", "l2advertisements", "communities"].map((one) =>
        reads(one),
      ),
      reads("ipaddresspools/status", "update"),
    ]),
    role(within("pod-lister"), [
      rule("core", "pods", "list get"),
      rule("core", "secrets", "get list watch"),
      rule("core", "configmaps", "get list watch"),
      ...["bfdprofiles", "bgppeers", "l2advertisements", "bgpadvertisements", "ipaddresspools", "communities"].map(
        (one) => reads(one),
      ),
      reads("servicel2statuses servicel2statuses/status servicebgpstatuses servicebgpstatuses/status", "*"),
    ]),
    role({ labels: APP, name: `${NS}:controller` }, [
      rule("core", "services namespaces", "get list watch"),
      rule("core", "nodes", "list"),
      rule("core", "services/status", "update"),
      rule("core", "events", "create patch"),
      rule("policy", "podsecuritypolicies", "use", "controller"),
      rule(
        "admissionregistration.k8s.io",
        "validatingwebhookconfigurations mutatingwebhookconfigurations",
        "create delete get list patch update watch",
        "metallb-webhook-configuration",
      ),
      rule(
        "admissionregistration.k8s.io",
        "validatingwebhookconfigurations mutatingwebhookconfigurations",
        "list watch",
      ),
      rule(
        "apiextensions.k8s.io",
        "customresourcedefinitions",
        "create delete get list patch update watch",
        "bfdprofiles bgpadvertisements bgppeers ipaddresspools l2advertisements communities"
          .split(" ")
          .map((plural) => `${plural}.${GROUP}`)
          .join(" "),
      ),
      rule("apiextensions.k8s.io", "customresourcedefinitions", "list watch"),
    ]),
    role({ labels: APP, name: `${NS}:speaker` }, [
      rule("core", "services endpoints nodes namespaces", "get list watch"),
      rule("discovery.k8s.io", "endpointslices", "get list watch"),
      rule("core", "events", "create patch"),
      rule("policy", "podsecuritypolicies", "use", "speaker"),
    ]),
    binding(within("controller"), "controller", `${NS}/controller`),
    binding(within("pod-lister"), "pod-lister", `${NS}/speaker`),
    binding({ labels: APP, name: `${NS}:controller` }, `${NS}:controller`, `${NS}/controller`),
    binding({ labels: APP, name: `${NS}:speaker` }, `${NS}:speaker`, `${NS}/speaker`),
    {
      apiVersion: "v1",
      data: { "excludel2.yaml": EXCLUDED },
      kind: "ConfigMap",
      metadata: { name: "metallb-excludel2", namespace: NS },
    },
    { apiVersion: "v1", kind: "Secret", metadata: { name: "metallb-webhook-cert", namespace: NS } },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: SERVICE, namespace: NS },
      spec: { ports: [{ port: 443, targetPort: 9443 }], selector: { component: "controller" } },
    },
    controller(version),
    speaker(version),
    WEBHOOKS,
  ]);
}

/** Kinds that came later than v0.14. */
function since(version: string, name: string): boolean {
  return !version.startsWith("v0.14.") || name !== "servicebgpstatuses.metallb.io";
}

const EXCLUDED = `announcedInterfacesToExclude: [${["docker.*", "cbr.*", "dummy.*", "virbr.*", "lxcbr.*", "veth.*", "lo$", "cali.*", "tunl.*", "flannel.*", "kube-ipvs.*", "cni.*", "nodelocaldns.*", "lxc.*"].map((name) => `"^${name}"`).join(", ")}]\n`;

const PROBE = {
  failureThreshold: 3,
  httpGet: { path: "/metrics", port: "monitoring" },
  initialDelaySeconds: 10,
  periodSeconds: 10,
  successThreshold: 1,
  timeoutSeconds: 1,
};
const SCRAPED = { "prometheus.io/port": "7472", "prometheus.io/scrape": "true" };

function controller(version: string): Written {
  const labels = { ...APP, component: "controller" };
  const container = {
    args: ["--port=7472", "--log-level=info", "--tls-min-version=VersionTLS12"],
    env: [
      { name: "METALLB_ML_SECRET_NAME", value: "memberlist" },
      { name: "METALLB_DEPLOYMENT", value: "controller" },
    ],
    image: `quay.io/metallb/controller:${version}`,
    livenessProbe: PROBE,
    name: "controller",
    ports: [
      { containerPort: 7472, name: "monitoring" },
      { containerPort: 9443, name: "webhook-server", protocol: "TCP" },
    ],
    readinessProbe: PROBE,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["all"] },
      readOnlyRootFilesystem: true,
    },
    volumeMounts: [{ mountPath: "/tmp/k8s-webhook-server/serving-certs", name: "cert", readOnly: true }],
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { labels, name: "controller", namespace: NS },
    spec: {
      revisionHistoryLimit: 3,
      selector: { matchLabels: labels },
      template: {
        metadata: { annotations: SCRAPED, labels },
        spec: {
          containers: [container],
          nodeSelector: { "kubernetes.io/os": "linux" },
          securityContext: { fsGroup: 65_534, runAsNonRoot: true, runAsUser: 65_534 },
          serviceAccountName: "controller",
          terminationGracePeriodSeconds: 0,
          volumes: [{ name: "cert", secret: { defaultMode: 420, secretName: "metallb-webhook-cert" } }],
        },
      },
    },
  };
}

function speaker(version: string): Written {
  const labels = { ...APP, component: "speaker" };
  const container = {
    args: ["--port=7472", "--log-level=info"],
    env: [
      fromField("METALLB_NODE_NAME", "spec.nodeName"),
      fromField("METALLB_POD_NAME", "metadata.name"),
      fromField("METALLB_HOST", "status.hostIP"),
      fromField("METALLB_ML_BIND_ADDR", "status.podIP"),
      { name: "METALLB_ML_LABELS", value: "app=metallb,component=speaker" },
      { name: "METALLB_ML_SECRET_KEY_PATH", value: "/etc/ml_secret_key" },
    ],
    image: `quay.io/metallb/speaker:${version}`,
    livenessProbe: PROBE,
    name: "speaker",
    ports: [
      { containerPort: 7472, name: "monitoring" },
      { containerPort: 7946, name: "memberlist-tcp" },
      { containerPort: 7946, name: "memberlist-udp", protocol: "UDP" },
    ],
    readinessProbe: PROBE,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { add: ["NET_RAW"], drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    },
    volumeMounts: [
      { mountPath: "/etc/ml_secret_key", name: "memberlist", readOnly: true },
      { mountPath: "/etc/metallb", name: "metallb-excludel2", readOnly: true },
    ],
  };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { labels, name: "speaker", namespace: NS },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { annotations: SCRAPED, labels },
        spec: {
          containers: [container],
          hostNetwork: true,
          nodeSelector: { "kubernetes.io/os": "linux" },
          serviceAccountName: "speaker",
          terminationGracePeriodSeconds: 2,
          tolerations: ["master", "control-plane"].map((name) => ({
            effect: "NoSchedule",
            key: `node-role.kubernetes.io/${name}`,
            operator: "Exists",
          })),
          volumes: [
            { name: "memberlist", secret: { defaultMode: 420, secretName: "memberlist" } },
            { configMap: { defaultMode: 256, name: "metallb-excludel2" }, name: "metallb-excludel2" },
          ],
        },
      },
    },
  };
}

function webhook(kind: string, plural: string, version: string, operations: string): Written {
  return {
    admissionReviewVersions: ["v1"],
    clientConfig: {
      service: { name: SERVICE, namespace: NS, path: `/validate-metallb-io-${version}-${kind}` },
    },
    failurePolicy: "Fail",
    name: `${kind}validationwebhook.${GROUP}`,
    rules: [{ apiGroups: [GROUP], apiVersions: [version], operations: operations.split(" "), resources: [plural] }],
    sideEffects: "None",
  };
}

const WEBHOOKS: Written = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingWebhookConfiguration",
  metadata: { name: "metallb-webhook-configuration" },
  webhooks: [
    webhook("bgppeer", "bgppeers", "v1beta2", "CREATE UPDATE"),
    webhook("bfdprofile", "bfdprofiles", "v1beta1", "CREATE DELETE"),
    webhook("bgpadvertisement", "bgpadvertisements", "v1beta1", "CREATE UPDATE"),
    webhook("community", "communities", "v1beta1", "CREATE UPDATE"),
    webhook("ipaddresspool", "ipaddresspools", "v1beta1", "CREATE UPDATE"),
    webhook("l2advertisement", "l2advertisements", "v1beta1", "CREATE UPDATE"),
  ],
};
