import { expect, test } from "vitest";
import { iptables } from "../../server/sim/net/testing.ts";
import type { Process, Program } from "../../server/sim/host/index.ts";
import { remember } from "../before.ts";
import type { Finding } from "../result.ts";
import { check, DNS, TestScene } from "../testing.ts";
import { evaluate } from "./evaluate.ts";

type Given = Parameters<typeof check>[0];

/** A shell that knows three commands: `print TEXT`, `fail CODE`, `hang`. */
const bash: Program = {
  name: "bash",
  summary: "a shell of straw",
  async run(process: Process, args: readonly string[]) {
    const [verb, ...rest] = args.at(-1)!.split(" ");
    if (verb === "print") await process.print(`${rest.join(" ")}\n`);
    if (verb === "fail") await process.error("it failed\n");
    if (verb === "odd") await process.error("drydock: odd: 'x' is not simulated\n");
    if (verb === "hang") await process.sleep(1e12);
    return verb === "fail" ? Number(rest[0]) : verb === "odd" ? 64 : 0;
  },
};

function shop(): TestScene {
  const world = new TestScene([bash]);
  world.pod("client", { labels: { app: "client" } });
  world.put("deployments", {
    metadata: { name: "cart", namespace: "shop", labels: { app: "cart" } },
    spec: {
      replicas: 2,
      template: { spec: { containers: [{ name: "cart", ports: [{ containerPort: 80 }, { containerPort: 90 }] }] } },
    },
    status: { replicas: 2 },
  });
  world.put("configMaps", { metadata: { name: "settings", namespace: "shop" }, data: { color: "blue" } });
  world.dns({ "cart.shop.svc.cluster.local": ["10.96.44.8"], "two.shop.svc.cluster.local": ["10.0.0.1", "10.0.0.2"] });
  return world;
}

const shop1 = { namespace: "shop" };
const client = { pod: "client", namespace: "shop" };
const ports = ".spec.template.spec.containers[*].ports[*].containerPort";

test.each<[Given, boolean, string]>([
  // object
  [{ object: { object: "deployment/cart", ...shop1, path: ".spec.replicas", is: 2 } }, true, "2"],
  [{ object: { object: "deploy/cart", ...shop1, path: "{.spec.replicas}", is: { atLeast: 3 } } }, false, "2"],
  [{ object: { object: "deployments.apps/cart", ...shop1, path: ports, is: { equals: [90, 80] } } }, true, "[80,90]"],
  [{ object: { object: "deployment/cart", ...shop1, path: ports, is: { contains: 81 } } }, false, "[80,90]"],
  [
    {
      object: {
        object: "deployment/cart",
        ...shop1,
        path: '{.spec.template.spec.containers[?(@.name=="cart")].name}',
        is: { contains: "cart" },
      },
    },
    true,
    '["cart"]',
  ],
  [{ object: { object: "deployment/cart", ...shop1, path: ".spec.paused", is: { exists: false } } }, true, "nothing"],
  [{ object: { object: "deployment/cart", ...shop1, path: ".kind", is: "Deployment" } }, true, '"Deployment"'],
  [
    { object: { object: "deployment/cart", ...shop1, is: { exists: true } } },
    true,
    "deployment/cart in namespace shop is there",
  ],
  [
    { object: { object: "deployment/crat", ...shop1, is: { exists: true } } },
    false,
    "there is no deployment/crat in namespace shop",
  ],
  [{ object: { object: "cm/other", ...shop1, is: { exists: false } } }, true, "no cm/other in namespace shop"],
  [{ object: { object: "node/node01", path: ".metadata.name", is: { matches: "^node" } } }, true, '"node01"'],
  [{ object: { objects: "pods", ...shop1, is: 1 } }, true, "1: client"],
  [{ object: { objects: "pods", is: { atLeast: 9 } } }, false, "2: coredns and client"],
  [{ object: { objects: "pods", ...shop1, labels: "app=cart", is: { atLeast: 1 } } }, false, "0"],
  [{ object: { objects: "pods", path: ".spec.nodeName", is: "node01" } }, true, 'coredns: "node01" (and 1 more)'],
  [{ object: { objects: "pods", path: ".metadata.namespace", is: "shop" } }, false, 'coredns: "kube-system"'],
  [{ object: { objects: "secrets", path: ".type", is: "x" } }, false, "there are no secrets"],
  // dns
  [{ dns: { from: client, name: "cart", expect: "found" } }, true, "10.96.44.8, from Pod client (10.244.1.3)"],
  [
    { dns: { from: client, name: "cart", expect: { answers: "10.96.44.8" } } },
    true,
    "10.96.44.8, from Pod client (10.244.1.3)",
  ],
  [
    { dns: { from: client, name: "two", expect: { answers: { equals: ["10.0.0.2", "10.0.0.1"] } } } },
    true,
    "10.0.0.1 and 10.0.0.2, from Pod client (10.244.1.3)",
  ],
  [
    { dns: { from: client, name: "cart", expect: { answers: "10.96.44.9" } } },
    false,
    "10.96.44.8, from Pod client (10.244.1.3)",
  ],
  [{ dns: { from: client, name: "nobody", expect: "not found" } }, true, "not found, from Pod client (10.244.1.3)"],
  [{ dns: { from: client, name: "nobody", expect: "found" } }, false, "not found, from Pod client (10.244.1.3)"],
  [
    { dns: { from: client, name: "cart", type: "SRV", expect: "found" } },
    false,
    "the name is there, without such a record, from Pod client (10.244.1.3)",
  ],
  [{ dns: { from: "outside", name: "cart", expect: "no answer" } }, true, "no answer, from outside (203.0.113.9)"],
  [{ dns: { from: { pods: "app=x", namespace: "shop" }, name: "cart", expect: "found" } }, false, "no Pod to ask from"],
  // run
  [{ run: { on: "controlplane", run: "print hello" } }, true, "exit code 0"],
  [{ run: { on: "node01", run: "print hello", stdout: "hello" } }, true, '"hello"'],
  [{ run: { on: "node01", run: "print hello", stdout: { contains: "bye" } } }, false, '"hello"'],
  [{ run: { on: "controlplane", run: "fail 3" } }, false, "exit code 3"],
  [{ run: { on: "controlplane", run: "fail 3", exitCode: 3 } }, true, "exit code 3"],
  [{ run: { on: "controlplane", run: "hang" } }, false, "the command does not end"],
  // file
  [
    { file: { path: "/etc/group", on: "node01", is: { contains: "root:x:0:" } } },
    true,
    '"root:x:0:\\nnogroup:x:65534:"',
  ],
  [{ file: { path: "/etc/group", on: "node01", is: { contains: "wheel" } } }, false, '"root:x:0:\\nnogroup:x:65534:"'],
  [{ file: { path: "/etc/none", on: "node01", is: { exists: false } } }, true, "no file /etc/none"],
  [{ file: { path: "/etc/none", on: "node01", is: { exists: true } } }, false, "no file /etc/none"],
  [
    { file: { path: "/etc/group", on: "node01", mode: 644, owner: "root:root" } },
    true,
    '"root:x:0:\\nnogroup:x:65534:"',
  ],
  [{ file: { path: "/root", on: "node01", mode: "755" } }, false, "mode 700"],
  [
    { file: { path: "/etc/resolv.conf", on: client, is: { contains: "ndots:5" } } },
    true,
    expect.stringContaining("search shop.svc.cluster.local") as string,
  ],
  [
    { file: { path: "/x", on: { pod: "x", namespace: "shop" }, is: "x" } },
    false,
    "the Pod does not exist or does not run",
  ],
  // node
  [{ node: { on: "node01", unit: "kubelet", is: "inactive" } }, true, '"inactive"'],
  [{ node: { on: "node01", unit: "kubelet.service", is: "active" } }, false, '"inactive"'],
  [{ node: { on: "node01", link: "eth0", is: "UP" } }, true, '"UP"'],
  [{ node: { on: "node01", link: "eth1", is: { exists: true } } }, false, "nothing"],
  [{ node: { on: "node01", sysctl: "net.ipv4.ip_forward", is: 1 } }, true, '"1"'],
  [{ node: { on: "node01", sysctl: "net.ipv4.ip_forward", is: 0 } }, false, '"1"'],
  [
    { node: { on: "node01", route: "default", is: { contains: "via 192.168.56.1 " } } },
    true,
    '"default via 192.168.56.1 dev eth0"',
  ],
  [{ node: { on: client, route: "10.9.9.9", is: { exists: true } } }, false, "nothing"],
  [{ node: { on: "node01", chain: "FORWARD", is: { equals: [] } } }, true, "an empty list"],
  [
    { node: { on: "node01", table: "nat", chain: "PREROUTING", is: { exists: false } } },
    false,
    expect.stringContaining("-A PREROUTING -d 10.96.0.10/32") as string,
  ],
  // unchanged
  [{ unchanged: { object: "deployment/cart", ...shop1 } }, true, "unchanged"],
  [{ unchanged: { object: "deployment/cart", ...shop1, path: "spec" } }, true, "unchanged"],
  [{ unchanged: { objects: "configmaps", ...shop1 } }, true, "unchanged"],
  [{ unchanged: { file: "/etc/passwd", on: "node01" } }, true, "unchanged"],
  // forbid
  [{ forbid: { object: { object: "deployment/cart", ...shop1, path: ".spec.replicas", is: 3 } } }, true, "2"],
  [
    { forbid: { dns: { from: client, name: "cart", type: "A", expect: "found" } } },
    false,
    "10.96.44.8, from Pod client (10.244.1.3)",
  ],
  [{ forbid: { run: { on: "node01", run: "print hello", exitCode: 0 } } }, false, "exit code 0"],
])("%j: %s", async (given, holds, observed) => {
  const { world, scene } = shop();
  remember(world, [check(given)]);
  const finding = await evaluate(scene, check(given));
  expect([finding.holds, finding.observed]).toEqual([holds, observed]);
});

test.each<[Given, string]>([
  [{ object: { object: "gizmo/x", namespace: "shop", is: 1 } }, 'this cluster has no kind "gizmo"'],
  [{ object: { object: "pod/x", is: 1 } }, "pod/x needs a namespace"],
  [{ reach: { from: "mars", to: "tcp://1.2.3.4:5", expect: "refused" } }, 'this lab has no machine "mars"'],
  [{ run: { on: "controlplane", run: "odd" } }, "drydock: odd: 'x' is not simulated"],
  [
    { unchanged: { object: "deployment/other", namespace: "shop" } },
    "deployment/other was not there when the lab was set up",
  ],
  [{ node: { on: "node01", sysctl: "net.ipv4.nothing", is: 1 } }, "node01 has no sysctl net.ipv4.nothing"],
  [{ unchanged: { file: "/etc/none", on: "node01" } }, "/etc/none was not there on node01 when the lab was set up"],
])("%j breaks", async (given, message) => {
  const { world, scene } = shop();
  remember(world, given.unchanged ? [check(given)] : []);
  await expect(evaluate(scene, check(given))).rejects.toThrow(message);
});

test("what was changed is told", async () => {
  const after = async (given: Given, change: (world: TestScene) => void): Promise<Finding> => {
    const world = shop();
    remember(world.world, [check(given)]);
    change(world);
    return evaluate(world.scene, check(given));
  };
  const cart = { object: "deployment/cart", namespace: "shop" };
  const deployment = { metadata: { name: "cart", namespace: "shop", labels: { app: "cart" } }, spec: { replicas: 3 } };
  expect(
    await after(
      { unchanged: { ...cart, path: "{.spec.replicas}" } },
      (world) => void world.put("deployments", deployment),
    ),
  ).toEqual({
    holds: false,
    expected: "deployment/cart ({.spec.replicas}) as it was",
    observed: "was edited: spec.replicas",
    evidence: [{ kind: "diff", title: "Deployment cart", before: "2\n", after: "3\n" }],
    see: "kubectl -n shop get deployment cart -o yaml",
  });
  const edited = await after({ unchanged: cart }, (world) => void world.put("deployments", deployment));
  expect(edited.observed).toBe("was edited: spec.replicas and spec.template");
  const recreated = await after({ unchanged: cart }, (world) => {
    world.remove("deployments", "shop", "cart");
    world.put("deployments", deployment);
  });
  expect(recreated.observed).toBe("was deleted and made anew");
  const same = await after({ unchanged: { ...cart, path: "{.metadata.name}" } }, (world) => {
    world.remove("deployments", "shop", "cart");
    world.put("deployments", deployment);
  });
  expect(same.holds).toBe(true);
  const all = { unchanged: { objects: "configmaps", namespace: "shop", except: ["settings"] } };
  expect((await after(all, (world) => world.remove("configMaps", "shop", "settings"))).holds).toBe(true);
  const added = await after({ unchanged: { objects: "cm", namespace: "shop" } }, (world) => {
    world.remove("configMaps", "shop", "settings");
    world.put("configMaps", { metadata: { name: "more", namespace: "shop" } });
  });
  expect(added.observed).toBe("settings was deleted and more is new");
  const file = await after({ unchanged: { file: "/etc/group", on: "node01" } }, ({ world }) =>
    world.hosts.machine("node01").host.files.write("/etc/group", "new\n"),
  );
  expect([file.observed, file.see]).toEqual(["edited", "ssh node01 cat /etc/group"]);
});

test.each([undefined, "spec", "spec.template", "{.spec.template.metadata}"])(
  "a rollout that was restarted is no edit of %s",
  async (path) => {
    const template = (annotations: object) => ({
      metadata: { name: "web", namespace: "shop" },
      spec: {
        template: { metadata: { labels: { app: "web" }, annotations }, spec: { containers: [{ name: "web" }] } },
      },
    });
    const unchanged = { object: "deployment/web", namespace: "shop", ...(path === undefined ? {} : { path }) };
    const observed = async (annotations: object) => {
      const world = shop();
      world.put("deployments", template({ team: "a" }));
      remember(world.world, [check({ unchanged })]);
      world.put("deployments", template(annotations));
      return (await evaluate(world.scene, check({ unchanged }))).observed;
    };
    const restartedAt = { "kubectl.kubernetes.io/restartedAt": "2026-11-21T10:00:00Z" };
    expect(await observed({ team: "a", ...restartedAt })).toBe("unchanged");
    expect(await observed({ team: "b", ...restartedAt })).toMatch(/^was edited: /);
  },
);

test("lookups say why", async () => {
  const world = shop();
  for (const at of [0, 1] as const) iptables(world.node(at), "-I FORWARD -p udp -j DROP");
  const { why, see } = await evaluate(world.scene, check({ dns: { from: client, name: "cart", expect: "found" } }));
  expect(why).toMatch(
    new RegExp(
      `^name server ${DNS} does not answer: kube-dns \\(${DNS}:53\\) sends to .*:53; at node01: rule .* decides\\.$`,
    ),
  );
  expect(see).toBe("kubectl -n shop exec client -- nslookup cart");
});

test("a command leaves nothing behind", async () => {
  const { world, scene } = shop();
  const before = JSON.stringify(world.snapshot());
  await evaluate(scene, check({ run: { on: "controlplane", run: "print hello" } }));
  expect(JSON.stringify(world.snapshot())).toBe(before);
});
