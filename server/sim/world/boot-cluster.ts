import { MINUTE, SECOND, type Time } from "../kernel/index.ts";
import { DPKG_STATUS, packageLists, packageStatus, systemdOf, type Machine } from "../host/index.ts";
import { addOnSteps, networkAddOn } from "../kube/addons/manifests/index.ts";
import { apiVersion, Client, StatusError, type JsonObject, type UserInfo } from "../kube/api/index.ts";
import type { Cluster } from "../kube/cluster/cluster.ts";
import { etcdDatabase } from "../kube/components/index.ts";
import { nodes } from "../kube/kinds/index.ts";
import {
  containerdPackage,
  filesOf,
  homeKubeconfig,
  kubeadmInit,
  kubeadmJoin,
  kubernetesPackages,
  packageRecords,
  nodePrerequisites,
  resolveCluster,
  type Init,
  type Join,
  type KubeObject as Manifest,
  type NodeMarks,
  type NodeParameters,
} from "../kube/kubeadm/index.ts";
import { hostNamespace, writeSysctl } from "../net/index.ts";
import type { ClusterSpec, Topology } from "./topology.ts";
import type { World } from "./world.ts";
import { writeFiles } from "./write-files.ts";

const ADMIN: UserInfo = { name: "kubernetes-admin", groups: ["kubeadm:cluster-admins", "system:authenticated"] };
const SUPER_ADMIN: UserInfo = { name: "kubernetes-super-admin", groups: ["system:masters", "system:authenticated"] };
/** What kubeadm waits for the API server, and an admin before the next step. */
const PATIENCE = 4 * MINUTE;
const DATABASE = "/var/lib/etcd/member/snap/db";

/** Makes a cluster as an admin does: packages on all machines, kubeadm init, a network add-on, kubeadm join. */
export async function bootCluster(world: World, topology: Topology, spec: ClusterSpec): Promise<void> {
  const { kernel } = world;
  const init = kubeadmInit(
    resolveCluster({
      version: spec.version,
      clusterName: spec.name,
      controlPlane: nodeOf(topology, spec.controlPlane),
      seed: kernel.seed,
      created: kernel.now,
      podSubnet: spec.podSubnet,
      serviceSubnet: spec.serviceSubnet,
      proxyMode: spec.proxyMode,
    }),
  );
  const cluster = world.clusters.add({ name: spec.name, version: spec.version, created: kernel.now });
  const admin = new Client(cluster.api, { user: ADMIN, userAgent: "kubeadm/v1.33.1" });
  const superAdmin = new Client(cluster.api, { user: SUPER_ADMIN, userAgent: "kubeadm/v1.33.1" });
  for (const name of [spec.controlPlane, ...spec.workers]) installPackages(world, world.hosts.machine(name), init);

  const controlPlane = world.hosts.machine(spec.controlPlane);
  writeFiles(controlPlane.host, [
    ...filesOf(init.phases),
    ...homeKubeconfig(init),
    { path: DATABASE, mode: 0o600, text: etcdDatabase(spec.name) },
  ]);
  startKubelet(controlPlane);
  await until(world, `the API server of ${spec.name}`, () => serves(cluster));
  await until(world, `Node ${spec.controlPlane}`, () => admin.get(nodes, "", spec.controlPlane) !== undefined);
  for (const { name, objects, rbac } of init.phases) {
    if (name === "mark-control-plane") mark(admin, spec.controlPlane, init.marks);
    for (const object of objects) create(admin, object);
    // Who becomes an administrator is said by super-admin.conf; from then on it is admin.conf that is used.
    for (const object of rbac) create(name === "wait-control-plane" ? superAdmin : admin, object);
  }
  await world.settle();
  for (const object of networkAddOn(spec.cni, spec.podSubnet)) apply(admin, object);
  await world.settle();

  for (const name of spec.workers)
    await joinWorker(world, admin, kubeadmJoin(init, nodeOf(topology, name), kernel.now));
  await world.settle();

  for (const name of spec.addOns ?? [])
    for (const step of addOnSteps(
      name,
      poolOf(nodeOf(topology, spec.workers.at(-1) ?? spec.controlPlane)),
      spec.addOns ?? [],
    )) {
      for (const object of step) apply(admin, object);
      await world.settle();
    }
}

async function joinWorker(world: World, admin: Client, join: Join): Promise<void> {
  const { name } = join.node;
  const machine = world.hosts.machine(name);
  writeFiles(machine.host, filesOf(join.phases));
  startKubelet(machine);
  await until(world, `Node ${name}`, () => admin.get(nodes, "", name) !== undefined);
  mark(admin, name, join.marks);
}

/** As on the exam's machines: `k`, and completion for both. The script is read at the first Tab, not by every shell. */
const BASH_ALIASES = `alias k=kubectl
__start_kubectl() { source <(kubectl completion bash) && __start_kubectl "$@"; }
complete -o default -F __start_kubectl kubectl k
`;

/** What came only because kubeadm, kubelet and containerd need it. */
const EXTENDED_STATES = ["cri-tools", "kubernetes-cni", "runc"]
  .map((name) => `Package: ${name}\nArchitecture: amd64\nAuto-Installed: 1\n\n`)
  .join("");

function installPackages(world: World, machine: Machine, { cluster }: Init): void {
  writeFiles(machine.host, [
    ...nodePrerequisites(),
    ...containerdPackage(cluster),
    ...kubernetesPackages(cluster),
    { path: "/root/.bash_aliases", text: BASH_ALIASES },
    { path: "/usr/local/bin/helm", program: "helm", version: "3.18.3", mode: 0o755 },
  ]);
  const records = packageRecords(cluster);
  writeFiles(machine.host, [
    { path: DPKG_STATUS, text: (machine.host.readText(DPKG_STATUS) ?? "") + packageStatus(records) },
    ...packageLists(records),
    { path: "/var/lib/apt/extended_states", text: EXTENDED_STATES },
  ]);
  const modules = machine.host.readText("/etc/modules-load.d/k8s.conf") ?? "";
  for (const module of modules.split("\n")) if (module !== "") world.network.loadModule(machine.name, module);
  const ns = hostNamespace(machine.host);
  const settings = machine.host.readText("/etc/sysctl.d/k8s.conf") ?? "";
  for (const [, key, value] of settings.matchAll(/^(\S+)\s*=\s*(.*)$/gm))
    writeSysctl(ns, key!.replaceAll(".", "/"), value!);
  start(machine, "containerd.service");
}

function startKubelet(machine: Machine): void {
  start(machine, "kubelet.service");
}

function start(machine: Machine, unit: string): void {
  const result = systemdOf(machine).start(unit, { booted: true });
  if (!result.ok) throw new Error(`${machine.name}: ${unit}: ${result.why}`);
}

function serves({ row }: Cluster): boolean {
  return row.apiServer !== undefined;
}

async function until(world: World, what: string, done: () => boolean): Promise<void> {
  const limit: Time = world.now + PATIENCE;
  if (!(await world.run(done, limit))) throw new Error(`${what} did not come within ${PATIENCE / SECOND} s`);
}

function nodeOf({ machines }: Topology, name: string): NodeParameters {
  const machine = machines.find((candidate) => candidate.name === name);
  const address = machine?.interfaces[0]?.addresses[0];
  if (address === undefined) throw new Error(`no machine ${name} with an address`);
  return { name, address: address.replace(/\/.*/, "") };
}

/** Addresses of a node's network that nobody has: `172.30.2.240-172.30.2.250`. */
function poolOf({ address }: NodeParameters): string {
  const network = address.replace(/\.\d+$/, "");
  return `${network}.240-${network}.250`;
}

/** What `kubectl label` and `taint` of kubeadm add to a Node. */
function mark(admin: Client, name: string, { labels, annotations, taints }: NodeMarks): void {
  const patch: JsonObject = { metadata: { labels: { ...labels }, annotations: { ...annotations } } };
  if (taints.length > 0) {
    const present = admin.get(nodes, "", name)?.spec.taints ?? [];
    patch["spec"] = { taints: [...present, ...taints].map((taint) => ({ ...taint })) };
  }
  admin.patch(nodes, { name }, "strategic-merge-patch+json", patch);
}

/** Creates an object; what the cluster made itself meanwhile (a namespace's ConfigMap) stays. */
function create(admin: Client, object: Manifest): void {
  const { kinds } = admin.server.registry;
  const kind = kinds.find((candidate) => candidate.kind === object.kind && apiVersion(candidate) === object.apiVersion);
  if (!kind) return;
  try {
    admin.create(kind, object);
  } catch (error) {
    if (!(error instanceof StatusError && error.status.reason === "AlreadyExists")) throw error;
  }
}

/** The same as `kubectl apply` does it, which leaves a note of what it applied. */
function apply(admin: Client, object: Manifest): void {
  const annotations = { annotations: {}, ...object.metadata };
  const applied = `${JSON.stringify(sorted({ ...object, metadata: annotations }))}\n`;
  create(admin, {
    ...object,
    metadata: {
      ...object.metadata,
      annotations: {
        ...object.metadata.annotations,
        "kubectl.kubernetes.io/last-applied-configuration": applied,
      },
    },
  });
}

/** JSON as Go writes maps: keys in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
