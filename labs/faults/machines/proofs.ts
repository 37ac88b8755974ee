import type { FaultProof, Sight } from "../testing.ts";

/** A Pod on the control plane's node asks the Service whose Pods are on node01. */
const ask = "kubectl -n shop exec client -- wget -qO- -T 2 http://web/hostname";
const times = { type: ask, broken: /^wget: download timed out\n.*\[1\]$/s, sound: /^web-\w+-\w+$/ } satisfies Sight;
const shell = (on: string, type: string, broken: Sight["broken"], sound: Sight["sound"]): Sight => ({
  on,
  type,
  broken,
  sound,
});

export const PROOFS: readonly FaultProof[] = [
  {
    fault: { "ip-forward-off": { on: "node01" } },
    see: [times, { type: "ssh node01 sysctl net.ipv4.ip_forward", broken: "= 0\n", sound: "= 1\n" }],
    repair: "ssh node01 'rm /etc/sysctl.d/99-hardening.conf; sysctl -w net.ipv4.ip_forward=1'",
  },
  {
    fault: { "missing-route": { on: "controlplane", to: "10.244.1.0/24" } },
    see: [
      times,
      { type: "ip route get 10.244.1.2 | head -1", broken: "via 172.30.1.1 dev eth0", sound: "dev flannel.1" },
    ],
    repair: "ip route add 10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink",
  },
  {
    fault: { "wrong-route": { on: "controlplane", to: "10.244.1.0/24", via: "172.30.1.9" } },
    see: [
      times,
      { type: "ip route get 10.244.1.2 | head -1", broken: "via 172.30.1.9 dev eth0", sound: "dev flannel.1" },
    ],
    repair: "ip route replace 10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink",
  },
  {
    fault: { "blackhole-route": { on: "node01", to: "10.244.0.0/25" } },
    see: [times, { type: "ssh node01 ping -c 1 -W 1 10.244.0.2", broken: "Invalid argument", sound: "1 received" }],
    repair: "ssh node01 ip route del blackhole 10.244.0.0/25",
  },
  {
    fault: { "wrong-gateway": { on: "node01", via: "172.30.2.254" } },
    see: [
      shell(
        "node01",
        "ping -c 1 -W 4 8.8.8.8",
        /From 172.30.2.2 icmp_seq=1 Destination Host Unreachable.*\[1\]$/s,
        "1 received",
      ),
      times,
    ],
    repair: "ip route replace default via 172.30.2.1",
    repairOn: "node01",
  },
  {
    fault: { "link-down": { on: "node01", link: "flannel.1" } },
    see: [times, { type: "ssh node01 ip -br link show flannel.1", broken: "DOWN", sound: "UNKNOWN" }],
    repair:
      "ssh node01 ip link set flannel.1 up; kubectl -n kube-flannel delete pod --field-selector spec.nodeName=node01",
  },
  {
    fault: { "bridge-down": { on: "node01" } },
    see: [times, { type: "ssh node01 ip -br link show cni0", broken: "DOWN", sound: "UP" }],
    repair: "ssh node01 ip link set cni0 up",
  },
  {
    fault: { "veth-unplugged": { pods: "app=web", namespace: "shop" } },
    see: [times, { type: "ssh node01 bridge link | wc -l", broken: "1\n", sound: "3\n" }],
    repair:
      "ssh node01 'for veth in $(ip -br link show type veth | cut -d@ -f1); do ip link set $veth master cni0; done'",
  },
  {
    fault: { "port-unplugged": { on: "linux", link: "veth-red-br" } },
    preset: "linux",
    before:
      "ip link add br0 type bridge; ip addr add 10.9.0.1/24 dev br0; ip link set br0 up; ip netns add red; ip link add veth-red type veth peer name veth-red-br; ip link set veth-red netns red; ip link set veth-red-br master br0 up; ip -n red addr add 10.9.0.2/24 dev veth-red; ip -n red link set veth-red up",
    see: [{ type: "ping -c 1 -W 1 10.9.0.2", broken: /100% packet loss.*\[1\]$/s, sound: "1 received" }],
    repair: "ip link set veth-red-br master br0",
  },
  {
    fault: { "link-down": { on: "linux", netns: "red", link: "veth-red" } },
    preset: "linux",
    before:
      "ip netns add red; ip link add veth-red type veth peer name veth-host; ip link set veth-red netns red; ip link set veth-host up; ip addr add 10.9.0.1/24 dev veth-host; ip -n red addr add 10.9.0.2/24 dev veth-red; ip -n red link set veth-red up",
    see: [
      { type: "ip netns exec red ping -c 1 -W 1 10.9.0.1", broken: "Network is unreachable", sound: "1 received" },
      { type: "ip -br link show veth-host", broken: "NO-CARRIER", sound: "UP" },
    ],
    repair: "ip -n red link set veth-red up",
  },
  {
    fault: {
      "wrong-address": { on: "linux", netns: "red", link: "veth-red", address: "10.9.0.2/24", becomes: "10.9.1.2/24" },
    },
    preset: "linux",
    before:
      "ip netns add red; ip link add veth-red type veth peer name veth-host; ip link set veth-red netns red; ip link set veth-host up; ip addr add 10.9.0.1/24 dev veth-host; ip -n red addr add 10.9.0.2/24 dev veth-red; ip -n red link set veth-red up",
    see: [{ type: "ping -c 1 -W 1 10.9.0.2", broken: /100% packet loss.*\[1\]$/s, sound: "1 received" }],
    repair: "ip -n red addr del 10.9.1.2/24 dev veth-red; ip -n red addr add 10.9.0.2/24 dev veth-red",
  },
  {
    fault: { "duplicate-address": { on: "node01", address: "10.244.0.2/32" } },
    see: [
      {
        type: "ssh node01 ip route get 10.244.0.2 | head -1",
        broken: "local 10.244.0.2 dev lo",
        sound: "dev flannel.1",
      },
      {
        type: "ssh node01 curl -sS -m 2 http://10.244.0.2:8080/health",
        broken: /^curl: \(7\) Failed to connect .*\[7\]$/s,
        sound: "OK",
      },
    ],
    repair: "ssh node01 ip addr del 10.244.0.2/32 dev lo",
  },
  {
    fault: { "wrong-mtu": { on: "controlplane", link: "flannel.1", mtu: 1000 } },
    see: [
      {
        type: "ping -c 1 -W 1 -M do -s 1200 10.244.1.1",
        broken: /message too long, mtu=1000.*\[1\]$/s,
        sound: "1 received",
      },
      { type: "ping -c 1 -W 1 10.244.1.1", broken: "1 received", sound: "1 received" },
    ],
    repair: "ip link set flannel.1 mtu 1450",
  },
  {
    fault: { "wrong-neighbour": { on: "docker", link: "eth0", address: "192.168.56.20" } },
    preset: "docker",
    see: [
      { type: "ping -c 1 -W 1 192.168.56.20", broken: /100% packet loss.*\[1\]$/s, sound: "1 received" },
      { type: "ping -c 1 -W 1 8.8.8.8", broken: "1 received", sound: "1 received" },
      { type: "ip neigh show 192.168.56.20", broken: "lladdr 02:00:00:00:00:01 PERMANENT", sound: "REACHABLE" },
    ],
    repair: "ip neigh del 192.168.56.20 dev eth0",
  },
  {
    fault: { "node-firewall": { on: "node01", protocol: "udp", port: 8472, comment: "closed by the audit" } },
    see: [
      times,
      {
        type: "ssh node01 iptables -S INPUT",
        broken: '-A INPUT -p udp -m udp --dport 8472 -m comment --comment "closed by the audit" -j DROP',
        sound: /^(?!.*8472)/s,
      },
    ],
    repair:
      "ssh node01 \"iptables -D INPUT -p udp -m udp --dport 8472 -m comment --comment 'closed by the audit' -j DROP\"",
  },
  {
    fault: { "node-firewall": { on: "node01", chain: "FORWARD", target: "REJECT", protocol: "tcp", port: 8080 } },
    see: [{ ...times, broken: /^wget: can't connect to remote host \([\d.]+\): Connection refused\n.*\[1\]$/s }],
    repair: "ssh node01 iptables -D FORWARD 1",
  },
  {
    fault: { "node-port-firewall": { on: "node01", ports: "30000:32767" } },
    see: [
      shell("outside", "curl -sS -m 1 http://172.30.2.2:30080/hostname", /^curl: \(28\) .*\[28\]$/s, /^web-/),
      shell("outside", "curl -sS -m 1 http://172.30.1.2:30080/hostname", /^web-/, /^web-/),
    ],
    repair: "ssh node01 iptables -t mangle -D PREROUTING -i eth0 -p tcp -m tcp --dport 30000:32767 -j DROP",
  },
  {
    fault: { "chains-flushed": { on: "node01" } },
    see: [
      { type: "kubectl -n shop exec buyer -- wget -qO- -T 2 http://web/hostname", broken: /\[1\]$/, sound: /^web-/ },
      {
        type: "ssh node01 iptables -t nat -S KUBE-SERVICES",
        broken: "-N KUBE-SERVICES\n",
        sound: "shop/web:http cluster IP",
      },
    ],
    repair: "kubectl -n kube-system delete pod -l k8s-app=kube-proxy --field-selector spec.nodeName=node01",
  },
  {
    fault: { "chains-flushed": { on: "docker", table: "nat" } },
    preset: "docker",
    before: "docker run -d --name app busybox:1.36 sleep infinity",
    see: [
      { type: "docker exec app ping -c 1 -W 1 8.8.8.8", broken: /100% packet loss.*\[1\]$/s, sound: "0% packet loss" },
    ],
    repair: "systemctl restart docker; docker start app",
  },
  {
    fault: { "forward-policy": { on: "linux" } },
    preset: "linux",
    before:
      "sysctl -w net.ipv4.ip_forward=1; for i in 1 2; do ip netns add n$i; ip link add v$i type veth peer name eth0 netns n$i; ip addr add 10.9.$i.1/24 dev v$i; ip link set v$i up; ip -n n$i addr add 10.9.$i.2/24 dev eth0; ip -n n$i link set eth0 up; ip -n n$i route add default via 10.9.$i.1; done",
    see: [
      { type: "ip netns exec n1 ping -c 1 -W 1 10.9.2.2", broken: /100% packet loss.*\[1\]$/s, sound: "1 received" },
      { type: "iptables -S FORWARD", broken: "-P FORWARD DROP", sound: "-P FORWARD ACCEPT" },
    ],
    repair: "iptables -P FORWARD ACCEPT",
  },
  {
    fault: { "no-masquerade": { on: "docker", source: "172.17.0.0/16" } },
    preset: "docker",
    before: "docker run -d --name app busybox:1.36 sleep infinity",
    see: [
      { type: "docker exec app ping -c 1 -W 1 8.8.8.8", broken: /100% packet loss.*\[1\]$/s, sound: "0% packet loss" },
      { type: "ping -c 1 -W 1 8.8.8.8", broken: "1 received", sound: "1 received" },
    ],
    repair: "iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
  },
  {
    fault: { "bridge-netfilter-off": { on: "node01" } },
    see: [
      { type: "ssh node01 sysctl net.bridge.bridge-nf-call-iptables", broken: "= 0", sound: "= 1" },
      {
        type: "kubectl -n shop exec buyer -- wget -qO- -T 2 http://$(kubectl -n shop get svc web -o jsonpath={.spec.clusterIP})/hostname",
        broken: "timed out",
        sound: /^web-/,
      },
    ],
    repair:
      "ssh node01 'sed -i \"s/^net.bridge.bridge-nf-call-iptables.*/net.bridge.bridge-nf-call-iptables = 1/\" /etc/sysctl.d/k8s.conf; sysctl -p /etc/sysctl.d/k8s.conf'",
  },
  {
    fault: { "wrong-hosts-file": { on: "controlplane", name: "node01", address: "172.30.2.20" } },
    see: [
      {
        type: "getent hosts node01; ping -c 1 -W 1 node01",
        broken: /^172\.30\.2\.20 +node01\n.*\[1\]$/s,
        sound: /^172\.30\.2\.2 +node01\n.*1 received/s,
      },
    ],
    repair: "sed 's/^172.30.2.20 /172.30.2.2 /' /etc/hosts > /tmp/hosts; cp /tmp/hosts /etc/hosts",
  },
  {
    fault: { "wrong-resolv-conf": { on: "docker" } },
    preset: "docker",
    see: [
      { type: "ping -c 1 -W 1 example.com", broken: "Temporary failure in name resolution", sound: "1 received" },
      { type: "ping -c 1 -W 1 8.8.8.8", broken: "1 received", sound: "1 received" },
    ],
    repair: "ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf",
  },
  {
    fault: { "hosts-nsswitch": { on: "docker" } },
    preset: "docker",
    see: [
      { type: "ping -c 1 -W 1 example.com", broken: "Name or service not known", sound: "1 received" },
      { type: "dig +short example.com", broken: "198.51.100.10", sound: "198.51.100.10" },
    ],
    repair: "sed -i 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf",
  },
  {
    fault: { "unit-stopped": { on: "docker", unit: "systemd-resolved" } },
    preset: "docker",
    see: [
      { type: "ping -c 1 -W 1 example.com", broken: "Temporary failure in name resolution", sound: "1 received" },
      { type: "systemctl is-active systemd-resolved", broken: "inactive\n[3]", sound: "active\n" },
    ],
    repair: "systemctl start systemd-resolved",
  },
];
