import { expect, test } from "vitest";
import { typed } from "./testing.ts";
import { openWorld } from "../open-world.ts";
import { NotSimulated, UsageError } from "../usage.ts";

test("the world `bare` has lo, and nothing else", async () => {
  const { world } = await openWorld({ world: "bare", seed: 1 });
  expect(await typed(world, ["ip -br address", "ip route", "iptables -S", "hostname"])).toEqual([
    "lo               UNKNOWN        127.0.0.1/8 ::1/128 \n",
    "",
    "-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n",
    "controlplane\n",
  ]);
});

test("the world `linux` is a machine in a network with a router", async () => {
  const { world } = await openWorld({ world: "linux", seed: 1 });
  const [route, ping] = await typed(world, ["ip route", "ping -c 1 192.168.56.1 | tail -2 | head -1"], "linux");
  expect(route).toBe(
    "default via 192.168.56.1 dev eth0 \n192.168.56.0/24 dev eth0 proto kernel scope link src 192.168.56.11 \n",
  );
  expect(ping).toBe("1 packets transmitted, 1 received, 0% packet loss, time 0ms\n");
});

test("a world that is not there says which there are, or that it is not simulated", async () => {
  await expect(openWorld({ world: "nosuch", seed: 1 })).rejects.toThrow(UsageError);
  await expect(openWorld({ cluster: "kubeadm-cilium", seed: 1 })).rejects.toThrow(NotSimulated);
  await expect(openWorld({ seed: 1, on: "router" })).rejects.toThrow(
    "no host 'router' to log in to; there are outside, controlplane, node01",
  );
});

test("a login shell runs ~/.bash_logout when it is left", async () => {
  const { world } = await openWorld({ world: "linux", seed: 1 });
  await typed(world, ["echo 'echo left > /tmp/left' > ~/.bash_logout", "exit"], "linux");
  expect(world.hosts.machine("linux").host.readText("/tmp/left")).toBe("left\n");
});
