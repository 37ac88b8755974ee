import { beforeEach, describe, expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "./testing.ts";

/** The rows of the source notes that are about hosts and namespaces (SEEDS.md), by their numbers. */
let world: World;

beforeEach(async () => {
  world = await freshCluster();
}, 60_000);

const said = (...lines: string[]): Promise<string[]> => typed(world, lines);

describe("a node's network", () => {
  test("H1 addresses: what the nodes are listed with is what their eth0 has, and no two have the same MAC", async () => {
    const [wide, own, found, mac, other] = await said(
      "kubectl get nodes -o wide --no-headers | awk '{print $1, $6}'",
      "ip -4 -br a show eth0 | awk '{print $3}'",
      "ip a | grep -B2 172.30.1.2 | head -1 | cut -d: -f2",
      "ip link show eth0 | awk '/ether/ {print $2}'",
      "ssh node01 ip link show eth0 | awk '/ether/ {print $2}'",
    );
    expect(wide).toBe("controlplane 172.30.1.2\nnode01 172.30.2.2\n");
    expect(own).toBe("172.30.1.2/24\n");
    expect(found).toBe(" eth0\n");
    expect(mac).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}\n$/);
    expect(other).not.toBe(mac);
  });

  test("H2 links: of this node, and of the other one behind ssh, from which exit returns", async () => {
    const [link, , there, , back] = await said(
      "ip -br link show eth0 | awk '{print $1, $2}'",
      "ssh node01",
      "hostname; ip -br link show eth0 | awk '{print $1, $2}'",
      "exit",
      "hostname",
    );
    expect(link).toBe("eth0 UP\n");
    expect(there).toBe("node01\neth0 UP\n");
    expect(back).toBe("controlplane\n");
  });

  test("H3 bridge: cni0 is up once a Pod runs here, and the Pods' veths are its ports", async () => {
    const [bridge, ports, state] = await said(
      "ip -br address show type bridge | awk '{print $1, $2, $3}'",
      "ip -o link show type veth | grep -c 'master cni0'; bridge link | grep -c 'master cni0'",
      "kubectl get pods -A -o wide --no-headers --field-selector spec.nodeName=controlplane | grep -c ' 10.244.0.'",
    );
    expect(bridge).toBe("cni0 UP 10.244.0.1/24\n");
    const [veths, members] = ports!.trim().split("\n");
    expect(veths).toBe(state!.trim());
    expect(members).toBe(veths);
  });

  test("H4 routes: the way to the other node's Pods; without it they cannot be reached", async () => {
    const out = await said(
      "ip route show default; ip route | grep 10.244.1.0",
      'kubectl run p --image=busybox:1.36 --overrides=\'{"spec":{"nodeName":"node01"}}\' --command -- sleep 3600; kubectl wait --for=condition=Ready pod/p',
      "ping -c 1 -W 1 $(kubectl get pod p -o jsonpath={.status.podIP}) | grep received",
      "ip route del 10.244.1.0/24; ping -c 1 -W 1 $(kubectl get pod p -o jsonpath={.status.podIP}) | grep received",
      "ip route add 10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink; ping -c 1 -W 1 $(kubectl get pod p -o jsonpath={.status.podIP}) | grep received",
      "ip addr add 192.168.77.1/24 dev eth0; ip route get 192.168.77.9 | head -1; ip addr del 192.168.77.1/24 dev eth0; ip route get 192.168.77.9 | head -1",
    );
    expect(out[0]).toBe("default via 172.30.1.1 dev eth0 \n10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink \n");
    expect(out[2]).toMatch(/ 1 received, 0% packet loss/);
    expect(out[3]).toMatch(/ 0 received, 100% packet loss/);
    expect(out[4]).toMatch(/ 1 received, 0% packet loss/);
    expect(out[5]).toMatch(
      /^192\.168\.77\.9 dev eth0 src 192\.168\.77\.1 .*\n192\.168\.77\.9 via 172\.30\.1\.1 dev eth0 /,
    );
  });

  test("H5 listening ports: those of the control plane with their processes, and none for a NodePort", async () => {
    const [scheduler, ports, nodePort, listed] = await said(
      "netstat -nplt | grep kube-scheduler | sed 's/[0-9]*\\/kube/PID\\/kube/'",
      "ss -tlnH | awk '{print $4}' | sed 's/.*://' | sort -nu | tr '\\n' ' '",
      "kubectl create service nodeport np --tcp=80 --node-port=30080; ss -tlnH | grep -c 30080; netstat -nlp | grep -c :30080",
      "ss -tlnp | grep -o '127.0.0.1:10257 .*users:((\"[a-z-]*'; netstat -nltp | grep -c etcd",
    );
    expect(scheduler).toMatch(/^tcp +0 +0 127\.0\.0\.1:10259 +0\.0\.0\.0:\* +LISTEN +PID\/kube-scheduler *\n$/);
    const numbers = ports!.trim().split(" ");
    for (const port of [2379, 2380, 2381, 6443, 10248, 10249, 10250, 10256, 10257, 10259])
      expect(numbers).toContain(String(port));
    expect(nodePort).toBe("service/np created\n0\n0\n");
    expect(listed).toMatch(/^127\.0\.0\.1:10257 .*users:\(\("kube-controller\n4\n$/);
  });

  test("H6 connections: etcd has many on the clients' port and none of its peers'", async () => {
    const [clients, peers] = await said(
      "netstat -anp | grep etcd | grep ESTABLISHED | grep -c :2379",
      "netstat -anp | grep etcd | grep ESTABLISHED | grep -c :2380",
    );
    expect(Number(clients)).toBeGreaterThan(20);
    expect(Number(peers)).toBe(0);
  });

  test("H7 names: the host's own can be changed, and /etc/hosts is asked before DNS", async () => {
    const [before, changed, file, name, resolver] = await said(
      "hostname",
      "hostnamectl set-hostname edge; exec bash",
      "hostname; cat /etc/hostname; hostnamectl | head -1",
      "echo '203.0.113.7 edge.example kubernetes.io' >> /etc/hosts; getent hosts edge.example; getent ahostsv4 kubernetes.io | head -1",
      "grep -v '^#' /etc/resolv.conf | grep .",
    );
    expect(before).toBe("controlplane\n");
    expect(changed).toBe("");
    expect(file).toBe("edge\nedge\n Static hostname: edge\n");
    expect(name).toBe("203.0.113.7     edge.example kubernetes.io\n203.0.113.7     STREAM edge.example\n");
    expect(resolver).toBe("nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n");
  });

  test("H8 forwarding: without it a Pod does not reach the other node's Pods", async () => {
    const out = await said(
      'for n in controlplane node01; do kubectl run p-$n --image=busybox:1.36 --overrides=\'{"spec":{"nodeName":"\'$n\'"}}\' --command -- sleep 3600; done; kubectl wait --for=condition=Ready pod/p-controlplane pod/p-node01',
      "kubectl exec p-controlplane -- ping -c 1 -W 1 $(kubectl get pod p-node01 -o jsonpath={.status.podIP}) | grep received",
      "echo 0 > /proc/sys/net/ipv4/ip_forward; sysctl net.ipv4.ip_forward; kubectl exec p-controlplane -- ping -c 1 -W 1 $(kubectl get pod p-node01 -o jsonpath={.status.podIP}) | grep received",
      "echo 1 | sudo tee /proc/sys/net/ipv4/ip_forward; kubectl exec p-controlplane -- ping -c 1 -W 1 $(kubectl get pod p-node01 -o jsonpath={.status.podIP}) | grep received",
      "sysctl -w net.ipv4.ip_forward=0; kubectl exec p-controlplane -- ping -c 1 -W 1 $(kubectl get pod p-node01 -o jsonpath={.status.podIP}) | grep received",
    );
    expect(out[1]).toBe("1 packets transmitted, 1 packets received, 0% packet loss\n");
    expect(out[2]).toBe(
      "net.ipv4.ip_forward = 0\n1 packets transmitted, 0 packets received, 100% packet loss\ncommand terminated with exit code 1\n",
    );
    expect(out[3]).toBe("1\n1 packets transmitted, 1 packets received, 0% packet loss\n");
    expect(out[4]).toBe(
      "net.ipv4.ip_forward = 0\n1 packets transmitted, 0 packets received, 100% packet loss\ncommand terminated with exit code 1\n",
    );
  });
});

describe("namespaces", () => {
  const VETH = [
    "ip netns add red; ip netns add blue; ip link add veth-red type veth peer name veth-blue",
    "ip link set veth-red netns red; ip link set veth-blue netns blue",
    "ip -n red addr add 192.168.15.1/24 dev veth-red; ip -n blue addr add 192.168.15.2/24 dev veth-blue",
    "ip -n red link set veth-red up; ip -n blue link set veth-blue up",
  ];
  const BRIDGE = [
    "ip link add v-net-0 type bridge; ip link set v-net-0 up; ip addr add 192.168.15.5/24 dev v-net-0",
    "for n in red blue; do ip netns add $n; ip link add veth-$n type veth peer name veth-$n-br; ip link set veth-$n netns $n; ip link set veth-$n-br master v-net-0 up; ip -n $n link set lo up; ip -n $n link set veth-$n up; done",
    "ip -n red addr add 192.168.15.1/24 dev veth-red; ip -n blue addr add 192.168.15.2/24 dev veth-blue",
    "for n in red blue; do ip -n $n route add default via 192.168.15.5; done",
  ];

  test("N1 netns: made, listed, entered by both commands, removed", async () => {
    const [listed, links, same, gone] = await said(
      "ip netns add red; ip netns | grep -v cni-",
      "ip netns exec red ip -br link | awk '{print $1, $2}'",
      "ip -n red -br link | awk '{print $1, $2}'",
      "ip netns del red; ip netns | grep -c red; ip netns exec red ip link",
    );
    expect(listed).toBe("red\n");
    expect(links).toBe("lo DOWN\n");
    expect(same).toBe(links);
    expect(gone).toBe('0\nCannot open network namespace "red": No such file or directory\n');
  });

  test("N2 veth: two namespaces reach each other over a pair, and know each other's MAC then", async () => {
    const out = await said(
      ...VETH,
      "ip netns exec red ping -c 1 192.168.15.2 | grep received; ip netns exec blue ping -c 1 192.168.15.1 | grep received",
      "ip netns exec red arp -n | tail -1 | awk '{print $1, $2, $5}'; ip -n blue neigh | awk '{print $1, $2, $3}'",
    );
    expect(out.at(-2)).toMatch(/^1 packets .* 1 received.*\n1 packets .* 1 received.*\n$/);
    expect(out.at(-1)).toBe("192.168.15.2 ether veth-red\n192.168.15.1 dev veth-blue\n");
  });

  test("N3 bridge: namespaces and host on one; out of it only with a translated source", async () => {
    const out = await said(
      ...BRIDGE,
      "ip netns exec red ping -c 1 192.168.15.2 | grep -o '1 received'; ping -c 1 192.168.15.1 | grep -o '1 received'",
      "ip netns exec red ping -c 1 -W 1 172.30.2.2 | grep -o '[01] received'",
      "iptables -t nat -A POSTROUTING -s 192.168.15.0/24 -j MASQUERADE; ip netns exec red ping -c 1 -W 1 172.30.2.2 | grep -o '[01] received'",
    );
    expect(out.slice(-3)).toEqual(["1 received\n1 received\n", "0 received\n", "1 received\n"]);
  });

  test("N4 NAT: both rules are listed with what they counted, and act", async () => {
    const out = await said(
      ...BRIDGE,
      "iptables -t nat -A POSTROUTING -s 192.168.15.0/24 ! -o v-net-0 -j MASQUERADE; ip netns exec blue ping -c 1 -W 1 172.30.2.2 | grep -o '[01] received'",
      "iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 192.168.15.2:80",
      "ip netns exec blue nc -lk 80 > /tmp/got 2>&1 & sleep 1; ssh node01 'echo hi | nc -N -w 1 172.30.1.2 8080'; sleep 1; cat /tmp/got; kill %1; wait",
      "iptables -t nat -L -nv | grep -E '192.168.15|dpt:8080' | awk '{print $1, $3, $4}'",
    );
    expect(out[4]).toBe("1 received\n");
    expect(out[6]).toMatch(/^(\[1\] \d+\n)?hi\n/);
    expect(out[7]!.split("[1]")[0]).toBe("1 DNAT tcp\n1 MASQUERADE all\n");
  });
});
