import { expect, test } from "vitest";
import type { PodSpec } from "../../api/index.ts";
import { TestCluster } from "../testing.ts";
import { podSpecWarnings } from "./warnings.ts";

const c = { name: "c", image: "x", resources: {} };

test.each<[string, object, string[]]>([
  ["nothing to say", { containers: [c] }, []],
  [
    "a variable that is set twice",
    {
      containers: [
        {
          ...c,
          env: [
            { name: "A", value: "1" },
            { name: "A", value: "$(A)2" },
            { name: "A", value: "3" },
          ],
        },
      ],
    },
    ['spec.containers[0].env[2]: hides previous definition of "A", which may be dropped when using apply'],
  ],
  [
    "milli-bytes",
    { containers: [{ ...c, resources: { limits: { memory: "128m" }, requests: { memory: "1Mi" } } }] },
    ['spec.containers[0].resources.limits[memory]: fractional byte value "128m" is invalid, must be an integer'],
  ],
  [
    "equal ports of two containers",
    {
      containers: [
        { ...c, ports: [{ containerPort: 80, protocol: "TCP" }] },
        {
          ...c,
          ports: [
            { containerPort: 80, protocol: "TCP" },
            { containerPort: 80, protocol: "UDP" },
          ],
        },
      ],
    },
    ["spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]"],
  ],
  [
    "labels of old",
    { containers: [c], nodeSelector: { "beta.kubernetes.io/os": "linux" } },
    ['spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
  ],
  [
    "affinity to nobody",
    {
      containers: [c],
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "x" }] } },
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "x", whenUnsatisfiable: "DoNotSchedule" }],
      imagePullSecrets: [{ name: "a" }, { name: "a" }],
      terminationGracePeriodSeconds: -1,
    },
    [
      "spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod",
      'spec.imagePullSecrets[1].name: duplicate name "a"',
      "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1",
      "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: a null labelSelector results in matching no pod",
    ],
  ],
  [
    "volumes of old, and addresses in odd forms",
    {
      containers: [{ ...c, ports: [{ containerPort: 80, protocol: "TCP", hostIP: "10.0.0.1" }] }],
      volumes: [
        { name: "a", gitRepo: { repository: "x" } },
        { name: "b", rbd: {} },
      ],
      imagePullSecrets: [{ name: "" }],
      dnsPolicy: "None",
      dnsConfig: { nameservers: ["010.96.0.10", "1.1.1.1"] },
      hostAliases: [{ ip: "FD00::1", hostnames: ["x"] }, { ip: "::ffff:1.2.3.4" }],
    },
    [
      "spec.volumes[0].gitRepo: deprecated in v1.11",
      "spec.volumes[1].rbd: deprecated in v1.28, non-functional in v1.31+",
      'spec.imagePullSecrets[0].name: invalid empty name ""',
      "spec.containers[0].ports[0]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:80 Protocol:TCP HostIP:10.0.0.1}",
      'spec.dnsConfig.nameservers[0]: non-standard IP address "010.96.0.10" will be considered invalid in a future Kubernetes release: use "10.96.0.10"',
      'spec.hostAliases[0].ip: IPv6 address "FD00::1" should be in RFC 5952 canonical format ("fd00::1")',
      'spec.hostAliases[1].ip: non-standard IP address "::ffff:1.2.3.4" will be considered invalid in a future Kubernetes release: use "1.2.3.4"',
    ],
  ],
])("%s", (_, spec, warnings) => expect(podSpecWarnings(spec as unknown as PodSpec)).toEqual(warnings));

test("are told by those that make Pods, with their paths", () => {
  const cluster = new TestCluster();
  const spec = { containers: [c], nodeSelector: { "beta.kubernetes.io/arch": "amd64" } };
  expect(cluster.warnings("POST", "/api/v1/namespaces/default/pods", { metadata: { name: "a.b" }, spec })).toEqual([
    "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
    'spec.nodeSelector[beta.kubernetes.io/arch]: deprecated since v1.14; use "kubernetes.io/arch" instead',
  ]);
  const url = "/apis/apps/v1/namespaces/default/deployments";
  const template = { metadata: { labels: { a: "b" } }, spec };
  expect(
    cluster.warnings("POST", url, {
      metadata: { name: "d" },
      spec: { selector: { matchLabels: { a: "b" } }, template },
    }),
  ).toEqual([
    'spec.template.spec.nodeSelector[beta.kubernetes.io/arch]: deprecated since v1.14; use "kubernetes.io/arch" instead',
  ]);
  const labelled = cluster.call(
    "PATCH",
    `${url}/d`,
    { metadata: { labels: { x: "y" } } },
    { contentType: "application/merge-patch+json" },
  );
  expect(labelled).toMatchObject({ warnings: [] });
});

test("of Services", () => {
  const url = "/api/v1/namespaces/default/services";
  const spec = { ports: [{ port: 80 }], externalName: "example.com" };
  expect(new TestCluster().warnings("POST", url, { metadata: { name: "s" }, spec })).toEqual([
    'spec.externalName is ignored when spec.type is not "ExternalName"',
  ]);
});
