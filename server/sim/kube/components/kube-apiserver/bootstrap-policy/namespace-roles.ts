import { EVENTS, READ, type RuleRow } from "./rule-rows.ts";

interface NamespaceRole {
  readonly namespace: string;
  readonly name: string;
  readonly rules: readonly RuleRow[];
}

interface NamespaceBinding {
  readonly namespace: string;
  readonly name: string;
  readonly role: string;
  readonly users?: readonly string[];
  /** Service accounts of kube-system. */
  readonly accounts?: readonly string[];
}

const SYSTEM = "kube-system";
const PUBLIC = "kube-public";
const MANAGER = "kube-controller-manager";
const SCHEDULER = "kube-scheduler";
const LOCKS: readonly RuleRow[] = [
  ["coordination.k8s.io", "leases", "create get list update watch"],
  ["coordination.k8s.io", "leasecandidates", "create get list update watch"],
];

/** bootstrappolicy/namespace_policy.go and its testdata/namespace-roles.yaml */
export const NAMESPACE_ROLES: readonly NamespaceRole[] = [
  {
    namespace: PUBLIC,
    name: "system:controller:bootstrap-signer",
    rules: [["core", "configmaps", READ], ["core", "configmaps", "update", "cluster-info"], EVENTS],
  },
  {
    namespace: SYSTEM,
    name: "extension-apiserver-authentication-reader",
    rules: [["core", "configmaps", READ, "extension-apiserver-authentication"]],
  },
  { namespace: SYSTEM, name: `system::leader-locking-${MANAGER}`, rules: LOCKS },
  { namespace: SYSTEM, name: `system::leader-locking-${SCHEDULER}`, rules: LOCKS },
  { namespace: SYSTEM, name: "system:controller:bootstrap-signer", rules: [["core", "secrets", READ]] },
  {
    namespace: SYSTEM,
    name: "system:controller:cloud-provider",
    rules: [["core", "configmaps", "create get list watch"]],
  },
  {
    namespace: SYSTEM,
    name: "system:controller:token-cleaner",
    rules: [["core", "secrets", "delete get list watch"], EVENTS],
  },
];

export const NAMESPACE_BINDINGS: readonly NamespaceBinding[] = [
  controller(PUBLIC, "bootstrap-signer"),
  {
    namespace: SYSTEM,
    name: "system::extension-apiserver-authentication-reader",
    role: "extension-apiserver-authentication-reader",
    users: [`system:${MANAGER}`, `system:${SCHEDULER}`],
  },
  lock(MANAGER),
  lock(SCHEDULER),
  controller(SYSTEM, "bootstrap-signer"),
  controller(SYSTEM, "cloud-provider"),
  controller(SYSTEM, "token-cleaner"),
];

function controller(namespace: string, name: string): NamespaceBinding {
  return { namespace, name: `system:controller:${name}`, role: `system:controller:${name}`, accounts: [name] };
}

function lock(component: string): NamespaceBinding {
  const name = `system::leader-locking-${component}`;
  return { namespace: SYSTEM, name, role: name, users: [`system:${component}`], accounts: [component] };
}
