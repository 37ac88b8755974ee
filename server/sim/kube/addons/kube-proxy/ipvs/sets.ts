import {
  addElement,
  createSet,
  deleteElement,
  listElements,
  parseElement,
  setsOf,
  type Names,
  type Namespace,
  type SetRow,
} from "../../../../net/index.ts";

interface SetInfo {
  readonly type: "hash:ip" | "hash:ip,port" | "hash:ip,port,ip" | "hash:ip,port,net" | "bitmap:port";
  /** What rules that look at it say. */
  readonly comment: string;
}

/** The sets that the proxier keeps (ipsetInfo in pkg/proxy/ipvs/proxier.go, names and comments in ipset.go). */
export const SETS = {
  "KUBE-LOOP-BACK": { type: "hash:ip,port,ip", comment: "Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose" },
  "KUBE-CLUSTER-IP": { type: "hash:ip,port", comment: "Kubernetes service cluster ip + port for masquerade purpose" },
  "KUBE-EXTERNAL-IP": { type: "hash:ip,port", comment: "Kubernetes service external ip + port for masquerade and filter purpose" },
  "KUBE-EXTERNAL-IP-LOCAL": { type: "hash:ip,port", comment: "Kubernetes service external ip + port with externalTrafficPolicy=local" },
  "KUBE-LOAD-BALANCER": { type: "hash:ip,port", comment: "Kubernetes service lb portal" },
  "KUBE-LOAD-BALANCER-FW": { type: "hash:ip,port", comment: "Kubernetes service load balancer ip + port for load balancer with sourceRange" },
  "KUBE-LOAD-BALANCER-LOCAL": { type: "hash:ip,port", comment: "Kubernetes service load balancer ip + port with externalTrafficPolicy=local" },
  "KUBE-LOAD-BALANCER-SOURCE-IP": { type: "hash:ip,port,ip", comment: "Kubernetes service load balancer ip + port + source IP for packet filter purpose" },
  "KUBE-LOAD-BALANCER-SOURCE-CIDR": { type: "hash:ip,port,net", comment: "Kubernetes service load balancer ip + port + source cidr for packet filter purpose" },
  "KUBE-NODE-PORT-TCP": { type: "bitmap:port", comment: "Kubernetes nodeport TCP port for masquerade purpose" },
  "KUBE-NODE-PORT-LOCAL-TCP": { type: "bitmap:port", comment: "Kubernetes nodeport TCP port with externalTrafficPolicy=local" },
  "KUBE-NODE-PORT-UDP": { type: "bitmap:port", comment: "Kubernetes nodeport UDP port for masquerade purpose" },
  "KUBE-NODE-PORT-LOCAL-UDP": { type: "bitmap:port", comment: "Kubernetes nodeport UDP port with externalTrafficPolicy=local" },
  "KUBE-NODE-PORT-SCTP-HASH": { type: "hash:ip,port", comment: "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'" },
  "KUBE-NODE-PORT-LOCAL-SCTP-HASH": { type: "hash:ip,port", comment: "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'" },
  "KUBE-HEALTH-CHECK-NODE-PORT": { type: "bitmap:port", comment: "Kubernetes health check node port" },
  "KUBE-IPVS-IPS": { type: "hash:ip", comment: "Addresses on the ipvs interface" },
} as const satisfies Readonly<Record<string, SetInfo>>; // prettier-ignore

export type SetName = keyof typeof SETS;

export const SET_NAMES = Object.keys(SETS) as readonly SetName[];

/** The kernel's limit for names of sets (IPSET_MAXNAMELEN without its end). */
const NAME_LIMIT = 31;

/** The same sets for IPv6: their names, and what is left of them. */
export const SETS_6: readonly { readonly wanted: string; readonly name: string; readonly of: SetName }[] =
  SET_NAMES.map((of) => {
    const wanted = of.replace("KUBE-", "KUBE-6-");
    return { wanted, name: wanted.slice(0, NAME_LIMIT), of };
  });

export function setName6(set: SetName): string {
  return SETS_6.find(({ of }) => of === set)!.name;
}

/** What shall be in every set after a sync. */
export type SetEntries = ReadonlyMap<SetName, ReadonlySet<string>>;

/** Makes the sets that are not there (ensureIPSet: `ipset create … -exist`). */
export function ensureSets(ns: Namespace): void {
  for (const name of SET_NAMES) ensureSet(ns, name, SETS[name], "inet");
  for (const { name, of } of SETS_6) ensureSet(ns, name, SETS[of], "inet6");
}

function ensureSet(ns: Namespace, name: string, { type }: SetInfo, family: SetRow["family"]): void {
  if (setsOf(ns).has(name)) return;
  const bitmap = type === "bitmap:port";
  createSet(ns, name, {
    type,
    family: bitmap ? "inet" : family,
    hashsize: 1024,
    maxelem: 65_536,
    bucketsize: 12,
    ...(bitmap ? { range: ["0", "65535"] as const } : {}),
  });
}

/** Gives every set the entries that it shall have (syncIPSetEntries). */
export function syncSets(ns: Namespace, entries: SetEntries): void {
  for (const name of SET_NAMES) {
    const set = setsOf(ns).get(name)!;
    const wanted = new Set([...(entries.get(name) ?? [])].map((entry) => asKept(set, entry)));
    for (const [key] of listElements(ns, set)) if (!wanted.delete(key)) deleteElement(ns, set, key);
    for (const key of wanted) addElement(ns, set, { key });
  }
}

/** A network may be written in more than one way; the kernel keeps one. */
function asKept(set: SetRow, entry: string): string {
  if (set.type !== "hash:ip,port,net") return entry;
  const parsed = parseElement(set, entry, NO_NAMES);
  return "problem" in parsed ? entry : parsed[0]!;
}

/** Everything is written in numbers. */
const NO_NAMES: Names = { port: () => undefined, service: () => undefined };
