import { expect, test } from "vitest";
import { pods, serviceAccounts } from "../../../kinds/index.ts";
import { CLIENT_ADDRESS, DnsWorld } from "../testing.ts";

const EXAMPLE = {
  "example.com. A": { answers: [{ name: "example.com.", ttl: 60, type: "A" as const, address: "1.1.1.1" }] },
};

async function running(source: string): Promise<DnsWorld> {
  const world = new DnsWorld();
  world.upstream = EXAMPLE;
  world.write("dns", "/etc/search.conf", "search a.test b.test\nnameserver 1.1.1.1\n");
  await world.start(
    `. {\n errors\n autopath ${source}\n kubernetes cluster.local {\n  pods verified\n }\n forward . 10.0.0.53\n}\n`,
  );
  world.logs();
  return world;
}

test("one query of a Pod finds what its search list leads to in the end", async () => {
  const world = await running("@kubernetes");
  const name = "example.com.default.svc.cluster.local";
  expect(world.dig(name)[0]).toBe("NXDOMAIN qr aa rd");
  world.client.create(serviceAccounts, { metadata: { name: "default", namespace: "default" } });
  const containers = [{ name: "c", image: "i" }];
  world.client.create(pods, { metadata: { name: "p", namespace: "default" }, spec: { containers } });
  world.client.patch(pods, { namespace: "default", name: "p", subresource: "status" }, "merge-patch+json", {
    status: { podIP: CLIENT_ADDRESS, podIPs: [{ ip: CLIENT_ADDRESS }] },
  });
  world.service("web", { clusterIP: "10.96.0.7" }, "kube-system");
  await world.pass(1);
  expect(world.dig(name)).toEqual([
    "NOERROR qr rd ra",
    `answer ${name}. 60 CNAME example.com.`,
    "answer example.com. 60 A 1.1.1.1",
  ]);
  expect(world.dig("web.kube-system.default.svc.cluster.local")[1]).toBe(
    "answer web.kube-system.default.svc.cluster.local. 5 CNAME web.kube-system.svc.cluster.local.",
  );
  expect(world.dig("nope.default.svc.cluster.local")[0]).toBe("NXDOMAIN qr aa rd");
  expect(world.dig("example.com")[0]).toBe("NOERROR qr rd ra");
});

test("a search list may come from a file", async () => {
  const world = await running("/etc/search.conf");
  expect(world.dig("example.com.a.test")[2]).toBe("answer example.com. 60 A 1.1.1.1");
  expect(world.asked).toEqual(["example.com.a.test. A", "example.com.b.test. A", "example.com. A"]);
  const wrong = await new DnsWorld().start(". {\n autopath @kubernetes\n}\n");
  expect(wrong.logs().at(-1)).toBe('2> plugin/autopath: failed to find plugin "kubernetes" in server block');
});
