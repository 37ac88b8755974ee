import { beforeAll, expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "./testing.ts";

/** Other ways to set up a node than those that the labs' own solutions go. */
let world: World;

beforeAll(async () => {
  world = await freshCluster();
}, 60_000);

const said = (...lines: string[]): Promise<string[]> => typed(world, lines);

test("flags of the kubelet win over its configuration file", async () => {
  const flags = "--cluster-dns=10.96.0.77 --cluster-domain=lab.local --client-ca-file=/etc/kubernetes/pki/ca.crt";
  const pod = `'{"spec":{"nodeName":"node01"}}'`;
  const [resolver, deprecated] = await said(
    `ssh node01 "echo 'KUBELET_EXTRA_ARGS=${flags}' > /etc/default/kubelet; sed -i '/clientCAFile/d' /var/lib/kubelet/config.yaml; systemctl restart kubelet"; kubectl run probe --image=busybox:1.36 --overrides=${pod} -- sleep 1d > /dev/null; kubectl wait --for=condition=Ready pod/probe > /dev/null; kubectl exec probe -- cat /etc/resolv.conf`,
    "ssh node01 journalctl -u kubelet | grep -c 'Flag --cluster-dns has been deprecated'",
  );
  expect(resolver).toMatch(/^search default.svc.lab.local svc.lab.local lab.local.*\nnameserver 10.96.0.77\n/);
  expect(deprecated).toBe("1\n");
});

test("sysctl --system finds every setting of Ubuntu's files", async () => {
  const [whole, kept] = await said(
    "sysctl --system > /dev/null 2>&1 && echo whole",
    "sysctl -w kernel.printk='3 4 1 7' > /dev/null; cat /proc/sys/kernel/printk; sysctl -w kernel.sysrq=x 2>&1; ssh node01 sysctl -n kernel.printk",
  );
  expect(whole).toBe("whole\n");
  expect(kept).toBe('3\t4\t1\t7\nsysctl: setting key "kernel.sysrq": Invalid argument\n4\t4\t1\t7\n');
});

test("the ports of a bridge are entries of its brif", async () => {
  const [ports, port] = await said(
    "ip link add br9 type bridge; ip link add p1 type veth peer name p2; ip link set p1 master br9; ls /sys/class/net/br9/brif",
    "readlink /sys/class/net/br9/brif/p1; readlink -f /sys/class/net/p1/brport/bridge; ls -d /sys/class/net/p2/brport 2>&1",
  );
  expect(ports).toBe("p1\n");
  expect(port).toMatch(/^\.\.\/\.\.\/p1\/brport\n\/sys\/.*br9\nls: cannot access .*\n$/);
});

test("ip -batch reads a file of the current folder", async () => {
  const [both] = await said("cd /tmp; echo 'link show lo' > b; ip -br -batch b; ip -batch nope 2>&1");
  expect(both).toMatch(/^lo +UNKNOWN .*\nCannot open file "nope" for reading: No such file or directory\n$/);
});
