import { crd, open } from "./crd.ts";
import { binding, manifestText, role, rule, type Written } from "./objects.ts";
import { calicoKubeControllers, calicoNode } from "./calico-workloads.ts";

const NS = "kube-system";
const GROUP = "crd.projectcalico.org";

/** Kinds that all namespaces share, and those that are in one. */
const CLUSTER_KINDS =
  "BGPConfiguration BGPFilter BGPPeer BlockAffinity CalicoNodeStatus ClusterInformation FelixConfiguration GlobalNetworkPolicy GlobalNetworkSet HostEndpoint IPAMBlock IPAMConfig IPAMHandle IPPool IPReservation KubeControllersConfiguration";
const NAMESPACED_KINDS = "NetworkPolicy NetworkSet";
const STAGED_KINDS = "StagedGlobalNetworkPolicy StagedKubernetesNetworkPolicy StagedNetworkPolicy";

/** calico.yaml of Calico v3.30. What is in a spec only calico-node knows: the definitions keep it as given. */
export function calicoYaml(version: string): string {
  const within = (name: string) => ({ name, namespace: NS });
  const account = (name: string): Written => ({ apiVersion: "v1", kind: "ServiceAccount", metadata: within(name) });
  return manifestText([
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { ...within("calico-kube-controllers"), labels: { "k8s-app": "calico-kube-controllers" } },
      spec: { maxUnavailable: 1, selector: { matchLabels: { "k8s-app": "calico-kube-controllers" } } },
    },
    account("calico-kube-controllers"),
    account("calico-node"),
    account("calico-cni-plugin"),
    { apiVersion: "v1", kind: "ConfigMap", metadata: within("calico-config"), data: CONFIG },
    ...calicoDefinitions(),
    role({ name: "calico-kube-controllers" }, KUBE_CONTROLLERS_RULES),
    role({ name: "calico-node" }, NODE_RULES),
    role({ name: "calico-cni-plugin" }, CNI_RULES),
    role({ name: "calico-tier-getter" }, [rule("projectcalico.org", "tiers", "get")]),
    binding({ name: "calico-kube-controllers" }, "calico-kube-controllers", `${NS}/calico-kube-controllers`),
    binding({ name: "calico-node" }, "calico-node", `${NS}/calico-node`),
    binding({ name: "calico-cni-plugin" }, "calico-cni-plugin", `${NS}/calico-cni-plugin`),
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "calico-tier-getter" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "calico-tier-getter" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "system:kube-controller-manager" }],
    },
    calicoNode(version),
    calicoKubeControllers(version),
  ]);
}

/** The kinds of crd.projectcalico.org, and the drafts of policies for administrators. */
export function calicoDefinitions(): Written[] {
  const define = (kind: string, cluster: boolean): Written =>
    crd({
      group: GROUP,
      kind,
      plural: pluralOf(kind),
      cluster,
      versions: [
        {
          name: "v1",
          schema: {
            spec: open,
            ...(kind === "CalicoNodeStatus" || kind === "KubeControllersConfiguration" ? { status: open } : {}),
          },
          status: false,
        },
      ],
    });
  const admin = (kind: string, plural: string, shortName: string): Written =>
    crd({
      group: "policy.networking.k8s.io",
      kind,
      plural,
      shortNames: [shortName],
      cluster: true,
      annotations: {
        "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/network-policy-api/pull/30",
        "policy.networking.k8s.io/bundle-version": "v0.1.1",
        "policy.networking.k8s.io/channel": "standard",
      },
      versions: [
        {
          name: "v1alpha1",
          schema: { "spec!": open, status: open },
          ...(kind === "AdminNetworkPolicy" ? { columns: ["Priority string .spec.priority"] } : { columns: [] }),
        },
      ],
    });
  return [
    ...CLUSTER_KINDS.split(" ").map((kind) => define(kind, true)),
    ...NAMESPACED_KINDS.split(" ").map((kind) => define(kind, false)),
    ...STAGED_KINDS.split(" ").map((kind) => define(kind, kind === "StagedGlobalNetworkPolicy")),
    define("Tier", true),
    admin("AdminNetworkPolicy", "adminnetworkpolicies", "anp"),
    admin("BaselineAdminNetworkPolicy", "baselineadminnetworkpolicies", "banp"),
  ];
}

function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower.endsWith("y")) return `${lower.slice(0, -1)}ies`;
  return lower.endsWith("s") ? `${lower}es` : `${lower}s`;
}

const CONFIG = {
  typha_service_name: "none",
  calico_backend: "bird",
  veth_mtu: "0",
  cni_network_config: `{
  "name": "k8s-pod-network",
  "cniVersion": "0.3.1",
  "plugins": [
    {
      "type": "calico",
      "log_level": "info",
      "log_file_path": "/var/log/calico/cni/cni.log",
      "datastore_type": "kubernetes",
      "nodename": "__KUBERNETES_NODE_NAME__",
      "mtu": __CNI_MTU__,
      "ipam": {
          "type": "calico-ipam"
      },
      "policy": {
          "type": "k8s"
      },
      "kubernetes": {
          "kubeconfig": "__KUBECONFIG_FILEPATH__"
      }
    },
    {
      "type": "portmap",
      "snat": true,
      "capabilities": {"portMappings": true}
    },
    {
      "type": "bandwidth",
      "capabilities": {"bandwidth": true}
    }
  ]
}
`,
};

const IPAM = "blockaffinities ipamblocks ipamhandles";

const KUBE_CONTROLLERS_RULES: readonly Written[] = [
  rule("core", "nodes", "watch list get"),
  rule("core", "pods", "get list watch"),
  rule("core", "services endpoints", "get list watch"),
  rule(GROUP, "ippools", "list watch"),
  rule(GROUP, `${IPAM} tiers`, "get list create update delete watch"),
  rule(GROUP, "ipamconfigs", "get"),
  rule(GROUP, "hostendpoints", "get list create update delete watch"),
  rule(GROUP, "clusterinformations", "get list create update watch"),
  rule(GROUP, "kubecontrollersconfigurations", "get list create update watch"),
];

const CONFIGURATION =
  "globalfelixconfigs felixconfigurations bgppeers bgpfilters globalbgpconfigs bgpconfigurations ippools ipreservations ipamblocks globalnetworkpolicies stagedglobalnetworkpolicies globalnetworksets networkpolicies stagednetworkpolicies stagedkubernetesnetworkpolicies networksets clusterinformations hostendpoints blockaffinities caliconodestatuses tiers";

const NODE_RULES: readonly Written[] = [
  rule("core", "serviceaccounts/token", "create", "calico-cni-plugin"),
  rule("core", "pods nodes namespaces", "get"),
  rule("discovery.k8s.io", "endpointslices", "watch list"),
  rule("core", "endpoints services", "watch list get"),
  rule("core", "configmaps", "get"),
  rule("core", "nodes/status", "patch update"),
  rule("networking.k8s.io", "networkpolicies", "watch list"),
  rule("policy.networking.k8s.io", "adminnetworkpolicies baselineadminnetworkpolicies", "watch list"),
  rule("core", "pods namespaces serviceaccounts", "list watch"),
  rule("core", "pods/status", "patch"),
  rule(GROUP, CONFIGURATION, "get list watch"),
  rule(GROUP, "tiers", "create"),
  rule(GROUP, "ippools felixconfigurations clusterinformations", "create update"),
  rule(GROUP, "caliconodestatuses", "get list watch update"),
  rule("core", "nodes", "get list watch"),
  rule(GROUP, "bgpconfigurations bgppeers", "create update"),
  rule(GROUP, IPAM, "get list create update delete"),
  rule(GROUP, "ipamconfigs", "get"),
  rule(GROUP, "blockaffinities", "watch"),
  rule("apps", "daemonsets", "get"),
];

const CNI_RULES: readonly Written[] = [
  rule("core", "pods nodes namespaces", "get"),
  rule("core", "pods/status", "patch"),
  rule(GROUP, IPAM, "get list create update delete"),
  rule(GROUP, "ipamconfigs clusterinformations ippools", "get list"),
];
