import { describe, expect, test } from "vitest";
import type { JsonObject } from "../json.ts";
import { applyStrategicPatch } from "./strategic.ts";

const POD = "v1.Pod";

/** The containers of a Pod with these ones after a patch of its spec. */
function patched(containers: JsonObject[], patch: JsonObject): unknown {
  const { spec } = applyStrategicPatch(POD, { spec: { containers } }, { spec: patch }) as { spec: JsonObject };
  return spec["containers"];
}

const a = { name: "a", image: "a:1" };
const b = { name: "b", image: "b:1" };
const c = { name: "c", image: "c:1" };

describe("lists with a merge key", () => {
  test("merge element by element; new ones come before what only the server knows", () => {
    expect(patched([a], { containers: [c] })).toEqual([c, a]);
    expect(patched([a, b], { containers: [{ name: "b", image: "b:2" }, c] })).toEqual([
      a,
      { name: "b", image: "b:2" },
      c,
    ]);
  });

  test("$patch: delete takes one out", () => {
    expect(patched([a, b], { containers: [{ name: "a", $patch: "delete" }] })).toEqual([b]);
  });

  test("$patch: replace in an element replaces the list", () => {
    expect(patched([a, b], { containers: [c, { $patch: "replace" }] })).toEqual([c]);
  });

  test("$patch: replace in a map replaces that map", () => {
    const pod = { metadata: { labels: { a: "1", b: "2" } } };
    expect(applyStrategicPatch(POD, pod, { metadata: { labels: { c: "3", $patch: "replace" } } })).toEqual({
      metadata: { labels: { c: "3" } },
    });
    expect(applyStrategicPatch(POD, pod, { metadata: { labels: { $patch: "delete" } } })).toEqual({
      metadata: { labels: {} },
    });
  });

  test("$setElementOrder gives the order; what it does not name stays near its neighbours", () => {
    expect(
      patched([a, b, c], {
        "$setElementOrder/containers": [{ name: "c" }, { name: "a" }, { name: "b" }],
        containers: [{ name: "b", image: "b:2" }],
      }),
    ).toEqual([c, a, { name: "b", image: "b:2" }]);
    expect(patched([a, b, c], { "$setElementOrder/containers": [{ name: "c" }, { name: "a" }] })).toEqual([b, c, a]);
  });

  test("$setElementOrder must name what the patch has, in its order", () => {
    const order = [{ name: "a" }];
    expect(() => patched([a], { "$setElementOrder/containers": order, containers: [c] })).toThrow(
      "The order in patch list:\n[map[image:c:1 name:c]]\n doesn't match $setElementOrder list:\n[map[name:a]]",
    );
  });

  test("nest", () => {
    const container = { ...a, ports: [{ containerPort: 80, name: "http" }], env: [{ name: "A", value: "1" }] };
    const change = {
      name: "a",
      ports: [{ containerPort: 81 }],
      env: [
        { name: "A", value: "2" },
        { name: "B", value: "3" },
      ],
    };
    expect(patched([container], { containers: [change] })).toEqual([
      {
        ...a,
        ports: [{ containerPort: 81 }, { containerPort: 80, name: "http" }],
        env: [
          { name: "A", value: "2" },
          { name: "B", value: "3" },
        ],
      },
    ]);
  });

  test("need the key in every element", () => {
    expect(() => patched([a], { containers: [{ image: "x" }] })).toThrow(
      "map: map[image:x] does not contain declared merge key: name",
    );
  });
});

describe("other lists", () => {
  test("without a merge key are replaced", () => {
    expect(patched([{ ...a, command: ["x", "y"] }], { containers: [{ name: "a", command: ["z"] }] })).toEqual([
      { ...a, command: ["z"] },
    ]);
  });

  const meta = (finalizers: string[]): JsonObject => ({ metadata: { finalizers } });

  test("of plain values merge as sets where they are declared so", () => {
    expect(applyStrategicPatch(POD, meta(["x/a", "x/b"]), meta(["x/b", "x/c"]))).toEqual(meta(["x/a", "x/b", "x/c"]));
  });

  test("$deleteFromPrimitiveList takes values out", () => {
    const patch = { metadata: { "$deleteFromPrimitiveList/finalizers": ["x/a"] } };
    expect(applyStrategicPatch(POD, meta(["x/a", "x/b"]), patch)).toEqual(meta(["x/b"]));
  });

  test("$setElementOrder orders sets", () => {
    const patch = { metadata: { "$setElementOrder/finalizers": ["x/c", "x/a"], finalizers: ["x/c"] } };
    expect(applyStrategicPatch(POD, meta(["x/a"]), patch)).toEqual(meta(["x/c", "x/a"]));
  });
});

describe("maps", () => {
  test("null deletes", () => {
    expect(
      applyStrategicPatch(POD, { metadata: { labels: { a: "1", b: "2" } } }, { metadata: { labels: { a: null } } }),
    ).toEqual({ metadata: { labels: { b: "2" } } });
  });

  test("$retainKeys keeps only what it names", () => {
    const deployment = { spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } } };
    const patch = { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } };
    expect(applyStrategicPatch("apps/v1.Deployment", deployment, patch)).toEqual({
      spec: { strategy: { type: "Recreate" } },
    });
    expect(() =>
      applyStrategicPatch("apps/v1.Deployment", deployment, {
        spec: { strategy: { $retainKeys: ["type"], rollingUpdate: {} } },
      }),
    ).toThrow("invalid patch format of retainKeys");
  });

  test("a volume changes its source by $retainKeys", () => {
    const pod = { spec: { volumes: [{ name: "v", emptyDir: {} }] } };
    const patch = { spec: { volumes: [{ name: "v", $retainKeys: ["name", "configMap"], configMap: { name: "m" } }] } };
    expect(applyStrategicPatch(POD, pod, patch)).toEqual({
      spec: { volumes: [{ name: "v", configMap: { name: "m" } }] },
    });
  });

  test("a field that the type does not have", () => {
    expect(() => applyStrategicPatch(POD, { spec: { foo: {} } }, { spec: { foo: { a: 1 } } })).toThrow(
      'unable to find api field in struct PodSpec for the json field "foo"',
    );
  });
});

test("the document is not changed", () => {
  const document = { metadata: { labels: { a: "1" } }, spec: { containers: [{ ...a }] } };
  const before = structuredClone(document);
  applyStrategicPatch(POD, document, {
    metadata: { labels: { a: null } },
    spec: { containers: [{ name: "a", image: "x" }] },
  });
  expect(document).toEqual(before);
});

describe("elements that share a merge key (CoreDNS' ports, by containerPort)", () => {
  const udp = { containerPort: 53, name: "dns", protocol: "UDP" };
  const tcp = { containerPort: 53, name: "dns-tcp", protocol: "TCP" };
  const metrics = { containerPort: 9153, name: "metrics", protocol: "TCP" };
  const dns = { name: "coredns", image: "coredns:1", ports: [udp, tcp, metrics] };
  const ports = (change: JsonObject): unknown =>
    (patched([dns], { containers: [{ name: "coredns", ...change }] }) as JsonObject[])[0]!["ports"];

  test("stay where the patch does not speak of the list, or only of its order", () => {
    expect(ports({ image: "coredns:2" })).toEqual([udp, tcp, metrics]);
    const order = [{ containerPort: 53 }, { containerPort: 53 }, { containerPort: 9153 }];
    expect(ports({ "$setElementOrder/ports": order })).toEqual([udp, tcp, metrics]);
  });

  test("a new one comes beside them", () => {
    expect(ports({ ports: [{ containerPort: 80 }] })).toEqual([{ containerPort: 80 }, udp, tcp, metrics]);
  });

  test("each of the patch's is merged into the first of them: one of the two is lost", () => {
    expect(ports({ ports: [udp, tcp] })).toEqual([tcp, tcp, metrics]);
  });

  test("are deleted together", () => {
    expect(ports({ ports: [{ containerPort: 53, $patch: "delete" }] })).toEqual([metrics]);
  });
});
