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
