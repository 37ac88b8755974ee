import { describe, expect, test } from "vitest";
import { SECOND } from "../../kernel/index.ts";
import { TestControlPlane } from "../controllers/testing.ts";
import type { Node, Pod } from "../api/index.ts";
import { nodes, pods, priorityClasses } from "../kinds/index.ts";

/** Every filter with its words, as `kubectl describe pod` shows them. */

interface Setup {
  /** Nodes by name, with what is special about them. */
  readonly nodes?: Record<string, { labels?: Record<string, string>; cpu?: string; taints?: Node["spec"]["taints"] }>;
  /** Pods that are there, by `name@node`. */
  readonly there?: Record<string, { labels?: Record<string, string>; spec?: object }>;
  readonly labels?: Record<string, string>;
  readonly spec: object;
  /** Done before the Pod comes. */
  readonly before?: (plane: TestControlPlane) => void;
}

const NO_HELP = "Preemption is not helpful for scheduling";
const NO_VICTIMS = "No preemption victims found for incoming pod";

function create(plane: TestControlPlane, name: string, spec: object, labels: Record<string, string> = {}): Pod {
  return plane.client.create(pods, {
    metadata: { name, namespace: "default", labels },
    spec: { containers: [{ name: "c", image: "nginx" }], ...spec },
  });
}

function requests(cpu: string, more: object = {}): object {
  return { containers: [{ name: "c", image: "nginx", resources: { requests: { cpu, ...more }, limits: more } }] };
}

function scheduled(setup: Setup): { plane: TestControlPlane; pod: Pod } {
  const plane = new TestControlPlane({ nodes: [] });
  for (const [name, more] of Object.entries(setup.nodes ?? { node01: {}, node02: {} })) plane.addNode(name, more);
  plane.run(1 * SECOND);
  for (const [key, { spec, labels }] of Object.entries(setup.there ?? {})) {
    const [name = "", nodeName] = key.split("@");
    create(plane, name, { nodeName, ...spec }, labels);
  }
  setup.before?.(plane);
  plane.run(1 * SECOND);
  create(plane, "pod", setup.spec, setup.labels);
  plane.run(0.1 * SECOND);
  return { plane, pod: plane.client.get(pods, "default", "pod")! };
}

/** What the event and the condition say, which is the same. */
function refusal(setup: Setup): string {
  const { plane, pod } = scheduled(setup);
  const [condition] = pod.status.conditions!;
  expect(condition).toMatchObject({ type: "PodScheduled", status: "False", reason: "Unschedulable" });
  expect(plane.events("Pod", "pod")).toEqual([`FailedScheduling ${condition!.message!}`]);
  return condition!.message!;
}

function chosen(setup: Setup): string | undefined {
  return scheduled(setup).pod.spec.nodeName;
}

function affinity(kind: string, app: string, topologyKey = "kubernetes.io/hostname"): object {
  const term = { labelSelector: { matchLabels: { app } }, topologyKey };
  return { affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
}

describe("a Pod that fits nowhere says", () => {
  test("that there are no nodes", () => {
    expect(refusal({ nodes: {}, spec: {} })).toBe("no nodes available to schedule pods");
  });

  test("that nodes are cordoned", () => {
    const before = (plane: TestControlPlane): void => {
      for (const name of ["node01", "node02"])
        plane.client.patch(nodes, { name }, "merge-patch+json", { spec: { unschedulable: true } });
    };
    expect(refusal({ before, spec: {} })).toBe(
      `0/2 nodes are available: 2 node(s) were unschedulable. preemption: 0/2 nodes are available: 2 ${NO_HELP}.`,
    );
  });

  test("which taints it does not tolerate", () => {
    expect(
      refusal({
        nodes: {
          controlplane: { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] },
          node01: { taints: [{ key: "only", value: "db", effect: "NoExecute" }] },
          node02: { taints: [{ key: "only", value: "db", effect: "NoSchedule" }] },
        },
        spec: {},
      }),
    ).toBe(
      "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, " +
        `2 node(s) had untolerated taint {only: db}. preemption: 0/3 nodes are available: 3 ${NO_HELP}.`,
    );
  });

  test("that its selector matches no node", () => {
    expect(refusal({ spec: { nodeSelector: { disk: "ssd" } } })).toBe(
      `0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/2 nodes are available: 2 ${NO_HELP}.`,
    );
  });

  test("that its affinity matches no node", () => {
    const nodeSelectorTerms = [{ matchExpressions: [{ key: "disk", operator: "In", values: ["ssd"] }] }];
    expect(
      refusal({
        nodes: { node01: { labels: { disk: "hdd" } }, node02: {} },
        spec: {
          affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
        },
      }),
    ).toBe(
      `0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/2 nodes are available: 2 ${NO_HELP}.`,
    );
  });

  test("that its ports are taken", () => {
    const ports = (hostPort: number, more: object = {}): object => ({
      containers: [{ name: "c", image: "nginx", ports: [{ containerPort: 80, hostPort, ...more }] }],
    });
    const there = { "a@node01": { spec: ports(8080) }, "b@node02": { spec: ports(8080) } };
    expect(refusal({ there, spec: ports(8080) })).toBe(
      `0/2 nodes are available: 2 node(s) didn't have free ports for the requested pod ports. preemption: 0/2 nodes are available: 2 ${NO_VICTIMS}.`,
    );
    expect(chosen({ there, spec: ports(8081) })).toBeDefined();
    expect(chosen({ there, spec: ports(8080, { protocol: "UDP" }) })).toBeDefined();
    // An address that is not all of them still collides with all of them.
    expect(refusal({ there, spec: ports(8080, { hostIP: "10.0.0.1" }) })).toContain("free ports");
  });

  test("which resources are missing, all of them", () => {
    expect(refusal({ spec: requests("5") })).toBe(
      `0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 ${NO_VICTIMS}.`,
    );
    expect(refusal({ spec: requests("5", { memory: "9Gi", "example.com/gpu": "1" }) })).toBe(
      "0/2 nodes are available: 2 Insufficient cpu, 2 Insufficient example.com/gpu, 2 Insufficient memory. " +
        `preemption: 0/2 nodes are available: 2 ${NO_VICTIMS}.`,
    );
  });

  test("that what others asked for counts, and what they do not use", () => {
    const there = { "a@node01": { spec: requests("2500m") }, "b@node02": { spec: requests("1500m") } };
    expect(chosen({ there, spec: requests("2500m") })).toBe("node02");
    expect(refusal({ there, spec: requests("2501m") })).toContain("2 Insufficient cpu.");
  });

  test("that there are too many Pods", () => {
    const before = (plane: TestControlPlane): void => {
      for (const name of ["node01", "node02"])
        plane.client.patch(nodes, { name, subresource: "status" }, "merge-patch+json", {
          status: { allocatable: { pods: "0" } },
        });
    };
    expect(refusal({ before, spec: {} })).toBe(
      `0/2 nodes are available: 2 Too many pods. preemption: 0/2 nodes are available: 2 ${NO_VICTIMS}.`,
    );
  });

  test("that Pods it wants to be near are nowhere", () => {
    expect(refusal({ spec: affinity("podAffinity", "db") })).toBe(
      `0/2 nodes are available: 2 node(s) didn't match pod affinity rules. preemption: 0/2 nodes are available: 2 ${NO_HELP}.`,
    );
    const there = { "a@node02": { labels: { app: "db" } } };
    expect(chosen({ there, spec: affinity("podAffinity", "db") })).toBe("node02");
    // The first of a group has nobody to go to.
    expect(chosen({ labels: { app: "db" }, spec: affinity("podAffinity", "db") })).toBeDefined();
  });

  test("that Pods it wants to be far from are everywhere", () => {
    const there = { "a@node01": { labels: { app: "db" } }, "b@node02": { labels: { app: "db" } } };
    expect(refusal({ there, spec: affinity("podAntiAffinity", "db") })).toBe(
      `0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules. preemption: 0/2 nodes are available: 2 ${NO_VICTIMS}.`,
    );
    expect(chosen({ there: { "a@node01": { labels: { app: "db" } } }, spec: affinity("podAntiAffinity", "db") })).toBe(
      "node02",
    );
  });

  test("that others want to be far from it", () => {
    const spec = affinity("podAntiAffinity", "web");
    const there = { "a@node01": { spec }, "b@node02": { spec } };
    expect(refusal({ there, labels: { app: "web" }, spec: {} })).toBe(
      `0/2 nodes are available: 2 node(s) didn't satisfy existing pods anti-affinity rules. preemption: 0/2 nodes are available: 2 ${NO_VICTIMS}.`,
    );
    expect(chosen({ there, labels: { app: "other" }, spec: {} })).toBeDefined();
  });

  test("that it would not be spread", () => {
    const labels = { app: "web" };
    const constraint = {
      maxSkew: 1,
      topologyKey: "zone",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: labels },
    };
    const zones = { node01: { labels: { zone: "a" } }, node02: { labels: { zone: "b" }, cpu: "1" }, node03: {} };
    const there = { "x@node01": { labels } };
    const spec = { topologySpreadConstraints: [constraint] };
    expect(chosen({ nodes: zones, there, labels, spec })).toBe("node02");
    expect(refusal({ nodes: zones, there, labels, spec: { ...spec, ...requests("2") } })).toBe(
      "0/3 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match pod topology spread constraints, " +
        "1 node(s) didn't match pod topology spread constraints (missing required label). " +
        `preemption: 0/3 nodes are available: 1 ${NO_HELP}, 2 ${NO_VICTIMS}.`,
    );
  });

  test("different things of different nodes, the first filter that objects for each", () => {
    expect(
      refusal({
        nodes: {
          controlplane: { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }], cpu: "1" },
          node01: { cpu: "1", labels: { disk: "ssd" } },
          node02: {},
        },
        spec: { nodeSelector: { disk: "ssd" }, ...requests("2") },
      }),
    ).toBe(
      "0/3 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector, " +
        "1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }. " +
        `preemption: 0/3 nodes are available: 1 ${NO_VICTIMS}, 2 ${NO_HELP}.`,
    );
  });

  test("that it makes nobody go", () => {
    const before = (plane: TestControlPlane): void =>
      void plane.client.create(priorityClasses, { metadata: { name: "meek" }, value: 1, preemptionPolicy: "Never" });
    expect(refusal({ before, spec: { ...requests("5"), priorityClassName: "meek" } })).toBe(
      "0/2 nodes are available: 2 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.",
    );
  });

  test("that its terms name different nodes", () => {
    const field = (name: string): object => ({ key: "metadata.name", operator: "In", values: [name] });
    const nodeSelectorTerms = [{ matchFields: [field("node01"), field("node02")] }];
    expect(
      refusal({
        spec: {
          affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
        },
      }),
    ).toBe(`0/2 nodes are available: pod affinity terms conflict. preemption: 0/2 nodes are available: 2 ${NO_HELP}.`);
  });
});

describe("node affinity", () => {
  const select = (operator: string, values?: string[]): object => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "size", operator, ...(values && { values }) }] }],
        },
      },
    },
  });
  test.each([
    ["In", ["4", "9"], "big"],
    ["NotIn", ["2"], "big"],
    ["Exists", undefined, "big"],
    ["DoesNotExist", undefined, "none"],
    ["Gt", ["3"], "big"],
    ["Lt", ["4"], "small"],
  ])("%s %j", (operator, values, expected) => {
    const all = { big: { labels: { size: "4" } }, small: { labels: { size: "2" } }, none: {} };
    const only = expected === "big" && operator === "NotIn" ? { big: all.big, small: all.small } : all;
    const two = operator === "Exists" ? { big: all.big, none: all.none } : only;
    expect(chosen({ nodes: two, spec: select(operator, values) })).toBe(expected);
  });
});

test("preferred things decide among nodes that are possible", () => {
  const preferred = [
    { weight: 10, preference: { matchExpressions: [{ key: "disk", operator: "In", values: ["ssd"] }] } },
  ];
  const spec = { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } } };
  expect(chosen({ nodes: { a: {}, b: { labels: { disk: "ssd" } } }, spec })).toBe("b");
  expect(chosen({ nodes: { a: {}, b: { taints: [{ key: "x", effect: "PreferNoSchedule" }] } }, spec: {} })).toBe("a");
  expect(chosen({ nodes: { a: { taints: [{ key: "x", effect: "PreferNoSchedule" }] }, b: {} }, spec: {} })).toBe("b");
  const near = [
    {
      weight: 1,
      podAffinityTerm: { labelSelector: { matchLabels: { app: "db" } }, topologyKey: "kubernetes.io/hostname" },
    },
  ];
  const there = { "x@node02": { labels: { app: "db" } } };
  const kind = (name: string): object => ({
    affinity: { [name]: { preferredDuringSchedulingIgnoredDuringExecution: near } },
  });
  expect(chosen({ there, spec: kind("podAffinity") })).toBe("node02");
  expect(chosen({ there: { "x@node01": { labels: { app: "db" } } }, spec: kind("podAntiAffinity") })).toBe("node02");
  expect(chosen({ there: { "x@node01": { spec: requests("2") } }, spec: {} })).toBe("node02");
});
