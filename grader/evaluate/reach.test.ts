import { expect, test } from "vitest";
import { dnsReply } from "../../server/sim/net/index.ts";
import { iptables, listen } from "../../server/sim/net/testing.ts";
import type { Finding } from "../result.ts";
import { check, DNS, NODE_ADDRESSES, TestScene } from "../testing.ts";
import { evaluate } from "./evaluate.ts";

type Input = Parameters<typeof check>[0]["reach"];

/** Namespace shop: Pod client, Pods cart-1 and cart-2 that serve the cart on 8080, Service cart in front of them. */
function shop(change: { port?: number; selector?: Record<string, string>; withEndpoints?: boolean } = {}): TestScene {
  const { port = 8080, selector = { app: "cart" }, withEndpoints = true } = change;
  const world = new TestScene();
  world.pod("client", { labels: { app: "client" } });
  const carts = [1, 2].map((at) =>
    world.pod(`cart-${at}`, { labels: { app: "cart", track: `t${at}` }, on: (at - 1) as 0 | 1 }),
  );
  for (const { ns } of carts) world.web(ns, 8080, "cart ok\n");
  const endpoints = withEndpoints ? carts.map(({ address }) => ({ address, port })) : [];
  world.service("cart", "10.96.44.8", [{ name: "http", port: 80, targetPort: 8080, nodePort: 30007 }], {
    selector,
    endpoints,
  });
  world.dns({ "cart.shop.svc.cluster.local": ["10.96.44.8"], "gone.shop.svc.cluster.local": ["10.244.1.99"] });
  return world;
}

async function reach(world: TestScene, input: NonNullable<Input>): Promise<Omit<Finding, "evidence">> {
  const { evidence: _, ...finding } = await evaluate(world.scene, check({ reach: input }));
  return finding;
}

async function forbidden(world: TestScene, input: NonNullable<Input>): Promise<Omit<Finding, "evidence">> {
  const { evidence: _, ...finding } = await evaluate(world.scene, check({ forbid: { reach: input } }));
  return finding;
}

const client = { pods: "app=client", namespace: "shop" };
const page = { status: 200, body: { contains: "cart ok" } };

test("a Service that answers", async () => {
  expect(await reach(shop(), { from: client, to: "http://cart/", expect: page })).toEqual({
    holds: true,
    expected: '200 and a body that contains "cart ok"',
    observed: "200 from Pod cart-2 (10.244.1.5:8080), from Pod client (10.244.1.3)",
    see: "kubectl -n shop exec client -- wget -qO- -T 2 http://cart/",
    share: 1,
  });
});

test("what is asked for besides the URL can be copied", async () => {
  const asked = { host: "www.shop.example", headers: { "X-Version": "2" }, expect: page };
  const { see } = await reach(shop(), { ...asked, from: client, to: "http://cart/" });
  expect(see).toBe(
    "kubectl -n shop exec client -- wget -qO- -T 2 --header 'Host: www.shop.example' --header 'X-Version: 2' http://cart/",
  );
  const outside = await reach(shop(), { ...asked, from: "outside", to: { nodes: 30007, scheme: "http" } });
  expect(outside.see).toBe(
    String.raw`ssh 203.0.113.9 'curl -sS -m 2 -H '\''Host: www.shop.example'\'' -H '\''X-Version: 2'\'' http://${NODE_ADDRESSES[0]}:30007/'`,
  );
});

test("a target port that nobody listens on", async () => {
  expect(await reach(shop({ port: 9 }), { from: client, to: "http://cart/", expect: page })).toEqual({
    holds: false,
    expected: '200 and a body that contains "cart ok"',
    observed: "connection refused after 1 ms, from Pod client (10.244.1.3)",
    why: "cart (10.96.44.8:80) sends to 10.244.1.5:9; nothing listens on port 9 in Pod cart-2. The container listens on 8080.",
    see: "kubectl -n shop get endpointslices -l kubernetes.io/service-name=cart",
    share: 0,
  });
});

test.each([
  [{ app: "crat" }, "its selector app=crat matches no Pod; Pods with app=cart exist."],
  [{ ap: "cart" }, "its selector ap=cart matches no Pod; no Pod there has a label ap, but there is app."],
  [{ app: "zebra" }, "its selector app=zebra matches no Pod; Pods with app=cart exist."],
  [
    { app: "cart", track: "t1", tier: "x" },
    "its selector app=cart,tier=x,track=t1 matches no Pod; no Pod there has a label tier.",
  ],
])("a Service without endpoints, selector %j", async (selector, why) => {
  const finding = await reach(shop({ selector, withEndpoints: false }), {
    from: client,
    to: "http://cart/",
    expect: page,
  });
  expect(finding).toMatchObject({
    holds: false,
    observed: "connection refused after 1 ms, from Pod client (10.244.1.3)",
    why: `Service shop/cart has no endpoints: ${why}`,
  });
});

test("a Service whose Pods are not ready", async () => {
  const world = shop({ withEndpoints: false, selector: { app: "slow" } });
  world.pod("slow", { labels: { app: "slow" }, ready: false });
  expect((await reach(world, { from: client, to: "http://cart/", expect: page })).why).toBe(
    "Service shop/cart has no ready endpoints: its selector app=slow matches 1 Pod, none of them ready. Pod slow runs, but container main is not ready (its readiness probe fails).",
  );
});

test.each<[NonNullable<Input>["to"], NonNullable<Input>["expect"], string, string | undefined]>([
  ["http://cart/", "refused", "200 from Pod cart-2 (10.244.1.5:8080), from Pod client (10.244.1.3)", undefined],
  ["http://cart/", { status: 404 }, "200 from Pod cart-2 (10.244.1.5:8080), from Pod client (10.244.1.3)", undefined],
  [
    "http://cart/",
    { body: { contains: "shoes" } },
    '200 and the body "cart ok" from Pod cart-2 (10.244.1.5:8080), from Pod client (10.244.1.3)',
    undefined,
  ],
  [
    "http://cart:81/",
    page,
    "no answer (timed out), from Pod client (10.244.1.3)",
    "Service shop/cart has no port 81, it has 80 (http).",
  ],
  [
    "http://crat/",
    page,
    "the name crat is not found, from Pod client (10.244.1.3)",
    `name server ${DNS} knows no crat.shop.svc.cluster.local (and 3 more); there is a Service cart.`,
  ],
  [
    "http://kube-dns/",
    page,
    "the name kube-dns is not found, from Pod client (10.244.1.3)",
    `name server ${DNS} knows no kube-dns.shop.svc.cluster.local (and 3 more); Service kube-dns is in namespace kube-system.`,
  ],
  [
    "tcp://gone:80",
    "connected",
    "no route to host, from Pod client (10.244.1.3)",
    "nobody has the address 10.244.1.99.",
  ],
])("to %s, expecting %j", async (to, expected, observed, why) => {
  const finding = await reach(shop(), { from: client, to, expect: expected });
  expect([finding.holds, finding.observed, finding.why]).toEqual([false, observed, why]);
});

test("objects as destinations", async () => {
  const world = shop();
  const to = { namespace: "shop", port: "http", scheme: "http" } as const;
  const observed = async (destination: object, from: NonNullable<Input>["from"] = client): Promise<string> =>
    (await reach(world, { from, to: destination as never, expect: { status: 200 } })).observed;
  expect(await observed({ ...to, service: "cart" })).toMatch(/^200 from Pod cart-[12] /);
  expect(await observed({ ...to, pods: "app=cart", port: 8080 })).toMatch(/^200 from Pod cart-1 .* \(and 1 more\)$/);
  expect(await observed({ ...to, nodePortOf: "cart" }, "outside")).toMatch(
    /^200 from Pod cart-[12] .*, from outside \(203\.0\.113\.9\) \(and 1 more\)$/,
  );
  expect(await observed({ ...to, service: "shoes" })).toBe("there is no Service shoes in namespace shop");
  expect(await observed({ ...to, service: "cart", port: 81 })).toBe(
    "Service shop/cart has no port 81, it has 80 (http)",
  );
  expect(await observed({ ...to, pod: "nobody", port: 80 })).toBe("there is no Pod nobody in namespace shop");
});

test("places to start from", async () => {
  const world = shop();
  const observed = async (from: NonNullable<Input>["from"]): Promise<string> =>
    (await reach(world, { from, to: "tcp://10.96.44.8:80", expect: "connected" })).observed;
  expect(await observed("node01")).toBe("connected, from node01 (192.168.56.12)");
  expect(await observed({ host: "node01" })).toBe("connected, from node01 (192.168.56.12)");
  expect(await observed({ pod: "client", namespace: "shop" })).toBe("connected, from Pod client (10.244.1.3)");
  expect(await observed({ namespace: "shop" })).toBe("connected, from Pod cart-1 (10.244.0.4) (and 2 more)");
  expect(await observed({ pods: "app=nobody", namespace: "shop" })).toBe("no Pod with app=nobody in namespace shop");
  await expect(observed("node07")).rejects.toThrow(
    'this lab has no machine "node07"; there are controlplane, node01, router, outside',
  );
  expect(await observed({ host: "node01", netns: "red" })).toBe("node01 has no network namespace red");
});

test("who the server sees", async () => {
  const world = shop();
  iptables(world.node(1), "-t nat -A POSTROUTING -s 10.244.0.0/16 -d 10.244.0.0/16 -j MASQUERADE");
  iptables(world.node(1), "-t nat -I POSTROUTING -d 10.244.1.5/32 -j RETURN");
  const source = async (to: string, wanted: string): Promise<[boolean, string]> => {
    const { holds, observed } = await reach(world, { from: client, to, expect: { source: wanted } });
    return [holds, observed.replace(/, from .*/, "")];
  };
  expect(await source("tcp://10.244.1.5:8080", "kept")).toEqual([true, "connected"]);
  expect(await source("tcp://10.244.0.4:8080", "kept")).toEqual([false, "the server sees 10.244.1.0 as the client"]);
  expect(await source("tcp://10.244.0.4:8080", "translated")).toEqual([true, "connected"]);
});

test("which Pods answer, and how often", async () => {
  const world = shop();
  const backends = async (wanted: object): Promise<[boolean, string]> => {
    const { holds, observed } = await reach(world, {
      from: client,
      to: "tcp://10.96.44.8:80",
      expect: { backends: wanted },
    });
    return [holds, observed.replace(/, from .*/, "")];
  };
  expect(await backends({ only: "app=cart", every: "app=cart" })).toEqual([true, "connected"]);
  expect(await backends({ only: "track=t1" })).toEqual([
    false,
    expect.stringMatching(/^a connection that ends at Pod cart-2 /),
  ]);
  expect(await backends({ every: "app in (cart,client)" })).toEqual([
    false,
    "none of 40 connections ends at Pod client",
  ]);
  expect(
    (await backends({ shares: { "track=t1": { atLeast: 30 }, "track=t2": { atLeast: 30 } }, tries: 100 }))[0],
  ).toBe(true);
  expect(await backends({ shares: { "app=client": { atLeast: 1 } }, tries: 10 })).toEqual([
    false,
    "0 % of 10 connections end at Pods with app=client",
  ]);
});

test("a rule in the way, and an answer that is lost", async () => {
  const to = "http://10.96.44.8/";
  const dropped = shop();
  iptables(dropped.node(1), "-I FORWARD -s 10.244.1.3/32 -p tcp -j DROP");
  expect(await reach(dropped, { from: client, to, expect: "connected" })).toMatchObject({
    observed: "no answer (timed out), from Pod client (10.244.1.3)",
    why: expect.stringMatching(
      /^cart \(10\.96\.44\.8:80\) sends to 10\.244\.[01]\.[45]:8080; at node01: rule `iptables -t filter -A FORWARD -s 10\.244\.1\.3\/32 -p tcp -j DROP` decides\.$/,
    ),
    see: "ssh node01 iptables -t filter -S FORWARD",
  });
  const lost = shop();
  iptables(lost.node(1), "-I FORWARD -d 10.244.1.3/32 -p tcp -j DROP");
  expect((await reach(lost, { from: client, to, expect: "connected" })).why).toContain(
    "the packet arrives, but its answer is lost at node01",
  );
});

test("partial shares", async () => {
  const world = shop();
  world.pod("client-2", { labels: { app: "client" }, on: 0 });
  iptables(world.node(0), "-I FORWARD -s 10.244.0.7/32 -p tcp -j DROP");
  const { holds, share, observed } = await reach(world, {
    from: client,
    to: "tcp://10.96.44.8:80",
    expect: "connected",
  });
  expect([holds, share, observed]).toEqual([
    false,
    0.5,
    "no answer (timed out), from Pod client-2 (10.244.0.7) (1 of 2 attempts go well)",
  ]);
});

test("node ports that must not be open", async () => {
  const input = { from: "outside", to: "nodes:30000-32767", expect: "connected" } as const;
  expect(await forbidden(shop(), input)).toEqual({
    holds: false,
    expected: "no connection to nodes:30000-32767",
    observed: "connected to controlplane:30007, from outside (203.0.113.9) (and 1 more)",
    why: "node port 30007 belongs to Service shop/cart (type NodePort).",
    see: "kubectl -n shop get service cart",
    share: 0.5,
  });
  const closed = shop();
  closed.remove("services", "shop", "cart");
  for (const at of [0, 1] as const)
    for (const chain of ["PREROUTING", "OUTPUT"]) iptables(closed.node(at), `-t nat -F ${chain}`);
  expect(await forbidden(closed, input)).toMatchObject({
    holds: true,
    observed: "connection refused after 1 ms to controlplane:30000, from outside (203.0.113.9) (and 1 more)",
  });
  listen(closed.node(1), 31999);
  expect(await forbidden(closed, input)).toMatchObject({
    holds: false,
    observed: "connected to node01:31999, from outside (203.0.113.9)",
  });
  iptables(closed.node(1), "-t nat -A PREROUTING -p tcp --dport 32000:32001 -j DNAT --to-destination 10.244.0.4:8080");
  expect((await forbidden(closed, input)).observed).toContain("(and 2 more)");
});

test("one port of every node, whoever it belongs to", async () => {
  const input = { from: "outside", to: { nodes: 30007, scheme: "http" }, expect: page } as const;
  expect(await reach(shop(), input)).toMatchObject({
    holds: true,
    observed: expect.stringMatching(
      /^200 from Pod cart-\d .*, from outside \(203\.0\.113\.9\) \(and 1 more\)$/,
    ) as string,
    see: `ssh 203.0.113.9 curl -sS -m 2 http://${NODE_ADDRESSES[0]}:30007/`,
    share: 1,
  });
  const named = shop();
  named.scene.machine("controlplane").host.files.write("/etc/hosts", "# outside\n203.0.113.9\toffice outside # ours\n");
  expect((await reach(named, input)).see).toMatch(/^ssh outside curl /);
  expect(await reach(shop(), { ...input, expect: { body: { contains: "shoes ok" } } })).toMatchObject({
    holds: false,
    observed: expect.stringMatching(/^200 and the body "cart ok" from Pod cart-/) as string,
    why: "node port 30007 belongs to Service shop/cart (type NodePort).",
    see: "kubectl -n shop get service cart",
  });
  const filtered = shop();
  iptables(filtered.node(1), "-t mangle -A PREROUTING -p tcp --dport 30000:32767 -j DROP");
  expect(await reach(filtered, input)).toEqual({
    holds: false,
    expected: '200 and a body that contains "cart ok"',
    observed: "no answer (timed out) to node01:30007, from outside (203.0.113.9) (1 of 2 attempts go well)",
    why: "at node01: rule `iptables -t mangle -A PREROUTING -p tcp -m tcp --dport 30000:32767 -j DROP` decides.",
    see: "ssh node01 iptables -t mangle -S PREROUTING",
    share: 0.5,
  });
});

test("a range of ports of the nodes without those that may be open", async () => {
  const range = (except: number[], nodes = "30000-32767") =>
    ({ from: "outside", to: { nodes, except }, expect: "connected" }) as const;
  expect(await forbidden(shop(), range([30008]))).toMatchObject({
    holds: false,
    expected: "no connection to nodes:30000-32767, but for 30008",
    observed: "connected to controlplane:30007, from outside (203.0.113.9) (and 1 more)",
  });
  expect(await forbidden(shop(), range([30007, 30000]))).toMatchObject({
    holds: true,
    expected: "no connection to nodes:30000-32767, but for 30007 and 30000",
    observed: "connection refused after 1 ms to controlplane:30001, from outside (203.0.113.9) (and 1 more)",
  });
  expect(await forbidden(shop(), range([], "30000-30006"))).toMatchObject({ holds: true });
});

test("addresses that nobody has, or nobody there knows", async () => {
  const world = shop();
  const why = async (to: string, from: NonNullable<Input>["from"] = client): Promise<string | undefined> =>
    (await reach(world, { from, to, expect: "connected" })).why;
  expect(await why("tcp://10.96.99.99:80")).toBe("no Service has the address 10.96.99.99.");
  expect(await why("tcp://10.244.1.5:8080", "outside")).toBe(
    "10.244.1.5 is the address of Pod cart-2, which only the cluster's own machines know.",
  );
  expect(await why("tcp://10.96.44.8:80", "outside")).toBe(
    "10.96.44.8 is the address of a Service, which only the cluster's own machines know.",
  );
});

test("a machine does not ask the cluster's name server", async () => {
  const world = shop();
  world.node(1).network.serve("nobody", { dns: (query) => ({ message: dnsReply(query, { rcode: "NXDOMAIN" }) }) });
  listen(world.node(1), 53, { protocol: "udp", application: "nobody" });
  world.scene.machine("node01").host.files.write("/etc/resolv.conf", "nameserver 127.0.0.1\n");
  expect((await reach(world, { from: "node01", to: "http://cart.shop/", expect: page })).why).toBe(
    "name server 127.0.0.1 knows no cart.shop; names of Services are known to the cluster's own name server, which node01 does not ask.",
  );
});

test("what nobody could try, and what is not there", async () => {
  const nobody = { pods: "app=nobody", namespace: "shop" };
  const input = { from: nobody, to: "http://cart/", expect: "connected" } as const;
  expect(await forbidden(shop(), input)).toMatchObject({
    holds: false,
    observed: "no Pod with app=nobody in namespace shop",
  });
  const to = { service: "shoes", namespace: "shop", port: 80 } as const;
  expect(await forbidden(shop(), { from: client, to, expect: "connected" })).toMatchObject({
    holds: true,
    observed: "there is no Service shoes in namespace shop",
  });
});

test("pings and datagrams", async () => {
  const world = shop();
  const outcome = async (to: string): Promise<string> =>
    (await reach(world, { from: client, to, expect: "connected" })).observed.replace(/, from .*/, "");
  expect(await outcome("icmp:node01")).toBe("the name node01 is not found");
  expect(await outcome(`icmp:${NODE_ADDRESSES[0]}`)).toBe("connected");
  expect(await outcome(`udp://${DNS}:53`)).toBe("connected");
  expect(await outcome(`udp://${NODE_ADDRESSES[0]}:99`)).toBe("connection refused after 1 ms");
});

test("a name server that is not there", async () => {
  const world = shop();
  world.service("kube-dns", DNS, [{ name: "dns", port: 53, targetPort: 53 }], {
    namespace: "kube-system",
    protocol: "UDP",
    selector: { "k8s-app": "coredns" },
  });
  for (const at of [0, 1] as const) {
    for (const chain of ["PREROUTING", "OUTPUT"]) iptables(world.node(at), `-t nat -F ${chain}`);
  }
  expect(await reach(world, { from: client, to: "http://cart/", expect: page })).toMatchObject({
    observed: "the name cart is not found, from Pod client (10.244.1.3)",
    why: `name server ${DNS} refuses the question: Service kube-system/kube-dns has no endpoints: its selector k8s-app=coredns matches no Pod; Pods with k8s-app=kube-dns exist.`,
    see: "kubectl -n shop exec client -- nslookup cart",
  });
});

test("evidence holds the lookup and the packet's way", async () => {
  const { evidence } = await evaluate(
    shop({ port: 9 }).scene,
    check({ reach: { from: client, to: "http://cart/", expect: page } }),
  );
  expect(evidence).toEqual([
    { kind: "text", title: "Pod client looks up cart", text: `${DNS}: cart.shop.svc.cluster.local A: 1 answer` },
    {
      kind: "trace",
      title: "Pod client (10.244.1.3) to http://cart/",
      trace: expect.objectContaining({ verdict: "refused" }),
    },
  ]);
});
