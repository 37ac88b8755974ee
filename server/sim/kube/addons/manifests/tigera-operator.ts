import { calicoDefinitions } from "./calico.ts";
import { crd, open } from "./crd.ts";
import { binding, fromField, manifestText, role, rule, type Written } from "./objects.ts";

const NS = "tigera-operator";
const GROUP = "operator.tigera.io";

/** Kinds that the operator reads; TigeraStatus it writes. */
const KINDS =
  "APIServer GatewayAPI Goldmane ImageSet Installation ManagementClusterConnection TigeraStatus Whisker".split(" ");

const STATUS_COLUMNS = ["Available", "Progressing", "Degraded"].map(
  (type) => `${type} string .status.conditions[?(@.type=='${type}')].status`,
);

/** manifests/operator-crds.yaml of Calico v3.30. Only the operator knows the fields of its kinds: they are kept as given. */
export function operatorCrdsYaml(): string {
  const own = KINDS.map((kind) =>
    crd({
      group: GROUP,
      kind,
      plural: kind === "TigeraStatus" ? "tigerastatuses" : `${kind.toLowerCase()}s`,
      cluster: true,
      versions: [
        {
          name: "v1",
          schema: { spec: open, status: open },
          ...(kind === "TigeraStatus"
            ? {
                columns: [
                  ...STATUS_COLUMNS,
                  "Since date .status.conditions[?(@.type=='Available')].lastTransitionTime",
                ],
                age: false,
              }
            : {}),
        },
      ],
    }),
  );
  return manifestText([...own, ...calicoDefinitions()]);
}

/** manifests/tigera-operator.yaml of Calico v3.30. */
export function tigeraOperatorYaml(version: string, calico: string): string {
  const psa = ["enforce", "enforce-version", "audit", "audit-version", "warn", "warn-version"].map((mode) => [
    `pod-security.kubernetes.io/${mode}`,
    mode.endsWith("version") ? "latest" : "privileged",
  ]);
  return manifestText([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NS, labels: { name: NS, ...Object.fromEntries(psa) } } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace: NS, name: NS }, imagePullSecrets: [] },
    role({ name: "tigera-operator-secrets" }, [rule("core", "secrets", "create update delete")]),
    role({ name: NS }, OPERATOR_RULES),
    binding({ name: NS }, NS, `${NS}/${NS}`),
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "tigera-operator-secrets", namespace: NS },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "tigera-operator-secrets" },
      subjects: [{ kind: "ServiceAccount", name: NS, namespace: NS }],
    },
    deployment(version, calico),
  ]);
}

/** manifests/custom-resources.yaml: what an administrator asks the operator for. */
export function calicoCustomResourcesYaml(): string {
  const named = (kind: string, spec?: Written): Written => ({
    apiVersion: `${GROUP}/v1`,
    kind,
    metadata: { name: "default" },
    ...(spec ? { spec } : {}),
  });
  const pool = {
    name: "default-ipv4-ippool",
    blockSize: 26,
    cidr: "192.168.0.0/16",
    encapsulation: "VXLANCrossSubnet",
    natOutgoing: "Enabled",
    nodeSelector: "all()",
  };
  return manifestText([
    named("Installation", { calicoNetwork: { ipPools: [pool] } }),
    named("APIServer", {}),
    named("Goldmane"),
    named("Whisker"),
  ]);
}

function deployment(version: string, calico: string): Written {
  const labels = { name: NS, "k8s-app": NS };
  const container = {
    name: NS,
    image: `quay.io/tigera/operator:${version}`,
    imagePullPolicy: "IfNotPresent",
    command: ["operator"],
    args: ["-manage-crds=true"],
    volumeMounts: [{ name: "var-lib-calico", readOnly: true, mountPath: "/var/lib/calico" }],
    env: [
      { name: "WATCH_NAMESPACE", value: "" },
      fromField("POD_NAME", "metadata.name"),
      { name: "OPERATOR_NAME", value: NS },
      { name: "TIGERA_OPERATOR_INIT_IMAGE_VERSION", value: version },
    ],
    envFrom: [{ configMapRef: { name: "kubernetes-services-endpoint", optional: true } }],
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: NS, namespace: NS, labels: { "k8s-app": NS, "app.kubernetes.io/version": calico } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { name: NS } },
      template: {
        metadata: { labels },
        spec: {
          nodeSelector: { "kubernetes.io/os": "linux" },
          tolerations: ["NoExecute", "NoSchedule"].map((effect) => ({ effect, operator: "Exists" })),
          serviceAccountName: NS,
          hostNetwork: true,
          dnsPolicy: "ClusterFirstWithHostNet",
          terminationGracePeriodSeconds: 60,
          containers: [container],
          volumes: [{ name: "var-lib-calico", hostPath: { path: "/var/lib/calico" } }],
        },
      },
    },
  };
}

const EDIT = "create delete get list patch update watch";

const OPERATOR_RULES: readonly Written[] = [
  rule("core", "namespaces pods podtemplates services endpoints events configmaps serviceaccounts", EDIT),
  rule("core", "resourcequotas secrets", "list get watch"),
  rule("core", "nodes", "get patch list watch"),
  rule("rbac.authorization.k8s.io", "clusterroles clusterrolebindings rolebindings roles", `${EDIT} bind escalate`),
  rule("apps", "deployments daemonsets statefulsets", EDIT),
  rule(GROUP, "*", EDIT),
  rule("crd.projectcalico.org", "*", EDIT),
  rule("projectcalico.org", "*", EDIT),
  rule("networking.k8s.io", "networkpolicies", EDIT),
  rule("policy", "poddisruptionbudgets", EDIT),
  rule("scheduling.k8s.io", "priorityclasses", EDIT),
  rule("apiregistration.k8s.io", "apiservices", EDIT),
  rule("apiextensions.k8s.io", "customresourcedefinitions", EDIT),
  rule("storage.k8s.io", "csidrivers", EDIT),
  rule("coordination.k8s.io", "leases", EDIT),
  rule("certificates.k8s.io", "certificatesigningrequests", "list watch"),
  rule("discovery.k8s.io", "endpointslices", "get list watch"),
];
