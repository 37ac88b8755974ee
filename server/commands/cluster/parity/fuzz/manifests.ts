import { stringify } from "yaml";
import type { Dice } from "./dice.ts";
import { quoted } from "./words.ts";

type Node = Record<string, unknown> | unknown[];

const BASES: readonly Record<string, unknown>[] = [
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "new", labels: { a: "b" } },
    spec: {
      selector: { app: "web" },
      type: "ClusterIP",
      ports: [
        { name: "http", port: 80, targetPort: 8080, protocol: "TCP" },
        { name: "dns", port: 53, protocol: "UDP" },
      ],
    },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "np" },
    spec: {
      selector: { app: "web" },
      type: "NodePort",
      sessionAffinity: "ClientIP",
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
      externalTrafficPolicy: "Local",
      externalIPs: ["192.0.2.9"],
      ports: [{ port: 80, nodePort: 30111 }],
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      internalTrafficPolicy: "Cluster",
      trafficDistribution: "PreferClose",
    },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "lb" },
    spec: {
      type: "LoadBalancer",
      loadBalancerSourceRanges: ["10.0.0.0/8"],
      loadBalancerClass: "example.com/x",
      healthCheckNodePort: 30222,
      externalTrafficPolicy: "Local",
      ports: [{ port: 80, name: "a", appProtocol: "http" }],
    },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "en" },
    spec: { type: "ExternalName", externalName: "db.example.com" },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "new", annotations: { a: "b" } },
    spec: {
      ingressClassName: "nginx",
      defaultBackend: { service: { name: "web", port: { number: 80 } } },
      tls: [{ hosts: ["a.example.com"], secretName: "s" }],
      rules: [
        {
          host: "a.example.com",
          http: {
            paths: [
              { path: "/", pathType: "Prefix", backend: { service: { name: "web", port: { name: "http" } } } },
              {
                path: "/r",
                pathType: "Exact",
                backend: { resource: { kind: "Bucket", name: "x", apiGroup: "example.com" } },
              },
            ],
          },
        },
      ],
    },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "new" },
    spec: {
      podSelector: { matchLabels: { app: "web" }, matchExpressions: [{ key: "tier", operator: "In", values: ["fe"] }] },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [
            { podSelector: {} },
            { namespaceSelector: { matchLabels: { a: "b" } } },
            { ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } },
          ],
          ports: [{ port: 80, endPort: 90, protocol: "TCP" }],
        },
      ],
      egress: [{ to: [{ ipBlock: { cidr: "fd00::/8" } }], ports: [{ port: "http" }] }],
    },
  },
  {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "new", labels: { "kubernetes.io/service-name": "none" } },
    addressType: "IPv4",
    ports: [{ name: "http", port: 80, protocol: "TCP", appProtocol: "http" }],
    endpoints: [
      {
        addresses: ["192.0.2.1", "192.0.2.2"],
        conditions: { ready: true, serving: true, terminating: false },
        hostname: "h",
        nodeName: "node01",
        zone: "z",
        targetRef: { kind: "Pod", name: "x" },
        hints: { forZones: [{ name: "z" }] },
      },
    ],
  },
  {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name: "none" },
    subsets: [
      {
        addresses: [{ ip: "192.0.2.1", hostname: "h" }],
        notReadyAddresses: [{ ip: "192.0.2.2" }],
        ports: [{ port: 80, name: "http", protocol: "TCP" }],
      },
    ],
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: "new" },
    spec: {
      controller: "example.com/x",
      parameters: { kind: "ConfigMap", name: "x", apiGroup: "example.com", scope: "Namespace", namespace: "default" },
    },
  },
  {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name: "gw" },
    spec: { gatewayClassName: "x", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "new", labels: { app: "new" } },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: "new" } },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: "25%" } },
      template: {
        metadata: { labels: { app: "new" } },
        spec: {
          restartPolicy: "Always",
          dnsPolicy: "ClusterFirst",
          containers: [
            {
              name: "c",
              image: "nginx",
              command: ["a"],
              ports: [{ containerPort: 80, name: "http", hostPort: 8080 }],
              env: [
                { name: "A", value: "b" },
                { name: "B", valueFrom: { configMapKeyRef: { name: "conf", key: "a" } } },
              ],
              resources: { limits: { cpu: "1", memory: "64Mi" }, requests: { cpu: "10m" } },
              livenessProbe: { httpGet: { path: "/", port: 80 }, periodSeconds: 5 },
              volumeMounts: [{ name: "v", mountPath: "/v" }],
            },
          ],
          volumes: [{ name: "v", configMap: { name: "conf", items: [{ key: "a", path: "b" }] } }],
        },
      },
    },
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "new", namespace: "default" },
    data: { a: "1", "b.txt": "x\ny\n" },
    binaryData: { c: "AAEC" },
    immutable: false,
  },
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "new" },
    type: "Opaque",
    data: { a: "Yg==" },
    stringData: { b: "c" },
  },
  {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "new" },
    spec: {
      schedulingGates: [{ name: "example.com/x" }],
      hostname: "h",
      hostAliases: [{ ip: "192.0.2.1", hostnames: ["a"] }],
      dnsConfig: { nameservers: ["192.0.2.1"], searches: ["a.b"], options: [{ name: "ndots", value: "2" }] },
      tolerations: [{ key: "a", operator: "Exists", effect: "NoSchedule" }],
      nodeSelector: { a: "b" },
      initContainers: [{ name: "i", image: "x", restartPolicy: "Always" }],
      containers: [
        {
          name: "c",
          image: "nginx",
          ports: [{ containerPort: 80, protocol: "TCP" }],
          readinessProbe: { tcpSocket: { port: 80 } },
          securityContext: { runAsUser: 1, capabilities: { add: ["NET_ADMIN"] } },
        },
      ],
    },
  },
];

const LEAVES: readonly unknown[] = [
  "x",
  "",
  "Bad_Value",
  0,
  1,
  -1,
  70000,
  1.5,
  true,
  null,
  {},
  [],
  ["a"],
  { a: "b" },
  "1",
  "10.0.0.0/33",
  "a b",
  "1.2.3.4",
  "None",
  "::1",
  "TCP",
  "80",
  99999999999,
  "*.example.com",
  "http",
  ["a", 1],
  "/x",
  "127.0.0.1",
  "169.254.1.1",
  "010.0.0.1",
  "10.1.2.3/8",
  "50%",
  "a".repeat(64),
];
const FIELD = ["nope", "name", "port", "spec", "labels", "kind", "replicas", "selector", "host", "NAME", "ports"];
const TEXTS: readonly string[] = [
  "",
  "---",
  "a",
  "- a",
  "a: b: c",
  "{",
  "\tkind: Pod",
  "kind: ConfigMap\n",
  "apiVersion: v1\n",
  "apiVersion: v1\nkind: ConfigMap\n",
  "apiVersion: v1\nkind: Nope\nmetadata: {name: x}\n",
  "apiVersion: nope/v1\nkind: ConfigMap\nmetadata: {name: x}\n",
  "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n name: y\n",
  "kind: List\napiVersion: v1\n",
  "kind: List\napiVersion: v1\nitems: []\n",
  "kind: List\napiVersion: v1\nitems: [1]\n",
  "apiVersion: 1\nkind: ConfigMap\nmetadata: {name: x}\n",
  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: &a b, c: *a}\n",
  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: b, a: c}\n",
  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, name: y}\n",
  "apiVersion: v1\nkind: ConfigMap\nmetadata: [a]\n",
  "apiVersion: v1\nkind: [a]\n",
  "# only\n",
  "--- \n---\n",
  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  a: yes\n  b: 0x10\n",
  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: 2020-01-01, b: ~}\n",
  "%YAML 1.1\n---\nkind: x\n",
  "null",
  "1",
  '"a"',
  "apiVersion: a/b/c\nkind: X\nmetadata: {name: x}\n",
  "apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: x-}\n",
  "!!str a",
  "a: *b",
  "'",
  '{"a":',
  "[1,2",
  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {<<: {a: b}}\n",
];

/** Every place in a document: the thing that holds it, and the key there. */
function places(node: unknown, out: [Node, string][] = []): [Node, string][] {
  if (typeof node !== "object" || node === null) return out;
  for (const [key, value] of Object.entries(node)) {
    out.push([node as Node, key]);
    places(value, out);
  }
  return out;
}

function mutate(document: Record<string, unknown>, dice: Dice): void {
  const all = places(document);
  // What makes it an object of its kind stays more often.
  const inner = all.filter(([, at]) => at !== "kind" && at !== "apiVersion");
  const [holder, key] = dice.pick(inner.length > 0 && dice.chance(90) ? inner : all);
  const form = dice.below(10);
  const node = holder as Record<string, unknown>;
  if (form < 5) node[key] = dice.pick(LEAVES);
  else if (form < 7) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete node[key];
  } else if (form === 7 && Array.isArray(holder)) holder.push(structuredClone(node[key]));
  else if (Array.isArray(holder)) node[key] = dice.pick(LEAVES);
  else node[dice.pick(FIELD)] = dice.pick(LEAVES);
}

function document(dice: Dice): Record<string, unknown> {
  const base = structuredClone(dice.pick(BASES));
  for (let left = dice.below(3); left >= 0; left--) if (dice.chance(90) && places(base).length > 0) mutate(base, dice);
  return base;
}

/** A command that reads a manifest from its standard input, and that. */
export function manifestLine(dice: Dice): { line: string; stdin: string } {
  const verb = dice.pick([
    "apply",
    "apply",
    "apply --server-side",
    "create",
    "replace",
    "apply --dry-run=server",
    "apply --dry-run=server",
    "create --dry-run=server",
    "create --dry-run=client",
    "diff",
    "delete --dry-run=server",
    "replace --force --dry-run=server",
    "apply --dry-run=client",
    "get",
    "label --dry-run=server x=y",
    "create --validate=warn --dry-run=server",
    "create --validate=false --dry-run=server",
    "apply --validate=ignore --dry-run=server",
    "apply --server-side --dry-run=server --force-conflicts",
    "apply --server-side --validate=warn",
    "scale --replicas=0 --dry-run=server",
    "describe",
    'patch --local -p \'{"a":"b"}\' -o yaml',
    "annotate --local a=b -o json",
    "set image --local c=x -o yaml",
    "apply view-last-applied",
    "apply set-last-applied --dry-run=server",
    "wait --for=delete --timeout=1s",
    "auth reconcile",
    "expose --dry-run=server --port=80",
  ]);
  const tail = dice.chance(25) ? ` -o ${dice.pick(["yaml", "name", "json", quoted("jsonpath={.metadata}")])}` : "";
  return { line: `kubectl ${verb} -f -${tail}`, stdin: manifest(dice) };
}

function manifest(dice: Dice): string {
  const form = dice.below(20);
  if (form === 0) return `${dice.pick(TEXTS)}\n`;
  if (form === 1) return `${stringify(document(dice))}---\n${dice.pick(TEXTS)}\n`;
  if (form === 2) return `${stringify(document(dice))}---\n${stringify(document(dice))}`;
  if (form === 3) return stringify({ apiVersion: "v1", kind: "List", items: [document(dice), document(dice)] });
  if (form === 4) return JSON.stringify(document(dice), null, dice.pick([0, 1]));
  if (form === 5) return broken(stringify(document(dice)), dice);
  return stringify(document(dice));
}

/** YAML with one line out of order. */
function broken(text: string, dice: Dice): string {
  const lines = text.split("\n");
  const at = dice.below(lines.length);
  const change = dice.pick([
    (line: string) => ` ${line}`,
    (line: string) => `\t${line}`,
    (line: string) => line.replace(":", ""),
    (line: string) => `${line} "`,
    (line: string) => `${line}: x`,
    (line: string) => line.replace(/^ {2}/, ""),
    (line: string) => `${line}\n${line}`,
    (line: string) => `${line} [`,
    (line: string) => `- ${line}`,
  ]);
  lines[at] = change(lines[at]!);
  return lines.join("\n");
}
