import { fromCalendar, HOUR } from "../../sim/kernel/index.ts";
import { testKernel } from "../../sim/kernel/testing.ts";
import {
  bindServices,
  buildBaseFiles,
  debian12Files,
  deviceFiles,
  Hosts,
  type FileSpec,
  type Host,
} from "../../sim/host/index.ts";
import { addNamespace, bindNetwork, createLink, Network, setMaster, type Namespace } from "../../sim/net/index.ts";
import { bridge, give, iptables, linkNamed, listen, must, route, sysctl, up } from "../../sim/net/testing.ts";
import { certificatePem, identity, issueCertificate, KeyRing } from "../../sim/kube/pki/index.ts";
import { ash, bash, dash } from "../../shell/index.ts";
import { createRegistry, programNames } from "../registry.ts";
import { bindLabServers } from "./lab-servers.ts";

/** A world of the recordings (golden/worlds/NAME.sh): the host that commands run on. */
export interface TranscriptWorld {
  readonly host: Host;
  readonly network: Network;
}

const APPLETS = "nslookup wget ping ping6 ip netstat arp route ifconfig nc traceroute hostname telnet arping brctl";
const BOOTED = fromCalendar(2026, 11, 1);

/** Makes a world by its name; undefined for one that is not built here. */
export function transcriptWorld(name: string): TranscriptWorld | undefined {
  const busybox = /^bbpod(\d)(\d+)$/.exec(name);
  if (busybox) {
    const version = { "128": "1.28.4", "135": "1.35.0", "136": "1.36.1" }[`${busybox[1]!}${busybox[2]!}`]!;
    const files = [...APPLETS.split(" "), "busybox"].map((applet): FileSpec => ({
      path: `/run/bin/${applet}`,
      program: "busybox",
      version,
    }));
    return podWorld({}, files);
  }
  switch (name) {
    case "bare": {
      const world = machine("controlplane", []);
      up(world.ns, "lo");
      return world;
    }
    case "pod":
      return podWorld({});
    case "nodns":
      return podWorld({ nameserver: "10.244.9.9", options: " timeout:1 attempts:2" });
    case "refuseddns":
      return podWorld({ nameserver: "10.244.2.10" });
    case "node":
      return nodeWorld(true);
    case "node4":
      return nodeWorld(false);
    default:
      return undefined;
  }
}

const HOSTS = `127.0.0.1 localhost
127.0.1.1 controlplane

# The following lines are desirable for IPv6 capable hosts
::1     ip6-localhost ip6-loopback
fe00::0 ip6-localnet
ff00::0 ip6-mcastprefix
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
`;

const POD_HOSTS = `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
10.244.1.5\tclient
`;

const NSSWITCH = `passwd:         files
group:          files
shadow:         files
hosts:          files dns
networks:       files
protocols:      db files
services:       db files
`;

function machine(hostname: string, files: readonly FileSpec[]): TranscriptWorld & { readonly ns: Namespace } {
  const kernel = testKernel(1, HOUR);
  const registry = createRegistry([]);
  const shells = new Map([bash, dash, ash].map((shell) => [shell.name, shell]));
  const specs: FileSpec[] = [
    ...debian12Files,
    ...deviceFiles,
    { path: "/proc", dir: true },
    { path: "/sys", dir: true },
    ...[...programNames(), ...shells.keys()].map((name) => ({ path: `/usr/bin/${name}`, program: name })),
    { path: "/usr/bin/busybox", program: "busybox", version: "1.35.0" },
    { path: "/usr/bin/sh", program: "dash" },
    { path: "/bin", link: "usr/bin" },
    { path: "/root", dir: true, mode: 0o700 },
    { path: "/tmp", dir: true, mode: 0o1777 },
    { path: "/etc/hosts", text: HOSTS },
    { path: "/etc/nsswitch.conf", text: NSSWITCH },
    { path: "/etc/resolv.conf", text: "# no nameservers\n" },
    ...files,
  ];
  const profile = {
    name: "debian12",
    kernelRelease: "6.18.44",
    kernelVersion: "#1 SMP",
    architecture: "x86_64",
    versions: { curl: "7.88.1", iputils: "20221126" },
    files: buildBaseFiles("profile:debian12", specs, BOOTED),
  };
  const hosts = new Hosts(kernel, { find: (name) => shells.get(name) ?? registry.find(name) }, [profile]);
  hosts.reportBug = (program, error) => {
    throw new Error(`${program} threw`, { cause: error });
  };
  const network = new Network(kernel);
  const ns = addNamespace(network, "controlplane");
  const row = { name: "controlplane", profile: "debian12", cpus: 2, memory: 2_048_000, bootedAt: kernel.now };
  const { host } = hosts.addMachine({ ...row, bootId: "0".repeat(32), machineId: "1".repeat(32) }, ns.id, 20_000);
  host.update({ hostname });
  bindServices(hosts);
  bindNetwork(hosts, network);
  return { host, network, ns };
}

function hidden(network: Network, name: string, ipv6: boolean): Namespace {
  const ns = addNamespace(network, "controlplane", { label: name });
  up(ns, "lo");
  if (!ipv6) withoutIPv6(ns);
  return ns;
}

function withoutIPv6(ns: Namespace): void {
  for (const which of ["all", "default"]) sysctl(ns, `net.ipv6.conf.${which}.disable_ipv6`, 1);
}

/** One end in the shell's own namespace gets index 2 and its far end 12, as `veth` of lib/common.sh. */
function veth(
  near: Namespace,
  name: string,
  mac: string,
  far: Namespace,
  farName: string,
  farMac: string,
  own: boolean,
): void {
  const [index, farIndex] = own ? [2, 12] : [902, 903];
  must(
    createLink(near, {
      kind: "veth",
      name,
      address: mac,
      index,
      peer: { name: farName, address: farMac, index: farIndex, namespace: far.id },
    }),
  );
  up(near, name);
  up(far, farName);
}

function podWorld(dns: { nameserver?: string; options?: string }, files: readonly FileSpec[] = []): TranscriptWorld {
  const { nameserver = "10.96.0.10", options = "" } = dns;
  const key = new KeyRing(1).rsa("web");
  const certificate = issueCertificate(
    {
      serial: 1n,
      subject: identity("web.default.svc.cluster.local"),
      notBefore: BOOTED,
      notAfter: fromCalendar(2036, 10, 29),
      publicKey: key.public,
      keyUsage: ["digitalSignature", "keyCertSign"],
      dnsNames: ["web.default.svc.cluster.local", "web"],
      ca: true,
    },
    key,
  );
  const pem = certificatePem(certificate);
  const search = "search default.svc.cluster.local svc.cluster.local cluster.local";
  const world = machine("client", [
    { path: "/etc/resolv.conf", text: `${search}\nnameserver ${nameserver}\noptions ndots:5${options}\n` },
    { path: "/etc/hosts", text: POD_HOSTS },
    { path: "/run/lab/c.pem", text: pem },
    ...files,
  ]);
  const { network, ns: client } = world;
  bindLabServers(network, [pem]);
  withoutIPv6(client);
  sysctl(client, "net.ipv6.conf.lo.disable_ipv6", 0);
  up(client, "lo");
  const node = hidden(network, "node", false);
  const web = hidden(network, "web", false);
  bridge(node, "cni0", { mac: "02:42:0a:f4:01:01" });
  veth(client, "eth0", "02:42:0a:f4:01:05", node, "v1", "02:42:00:00:00:11", true);
  must(setMaster(node, linkNamed(node, "v1").index, linkNamed(node, "cni0").index));
  give(node, "cni0", "10.244.1.1/24");
  veth(web, "eth0", "02:42:0a:f4:02:0a", node, "v2", "02:42:00:00:00:12", false);
  give(node, "v2", "10.244.2.1/24");
  give(web, "eth0", "10.244.2.10/24");
  route(web, "default via 10.244.2.1");
  give(client, "eth0", "10.244.1.5/24", { broadcast: true });
  route(client, "default via 10.244.1.1");
  sysctl(node, "net.ipv4.ip_forward", 1);
  give(node, "lo", "10.96.0.10/32");
  for (const port of [80, 443])
    iptables(
      node,
      `-t nat -A PREROUTING -d 10.96.45.12 -p tcp --dport ${port} -j DNAT --to-destination 10.244.2.10:${port}`,
    );
  route(node, "10.96.77.7/32 via 10.244.2.10");
  route(node, "blackhole 10.244.9.0/24");
  iptables(node, "-A FORWARD -d 10.96.77.7 -p tcp --dport 80 -j REJECT");
  iptables(web, "-A INPUT -p tcp --dport 81 -j DROP");
  const rejects = ["icmp-port-unreachable", "tcp-reset", "icmp-host-prohibited", "icmp-net-unreachable", "icmp-admin-prohibited"]; // prettier-ignore
  for (const [at, how] of rejects.entries())
    iptables(web, `-A INPUT -p tcp --dport ${82 + at} -j REJECT --reject-with ${how}`);
  listen(node, 53, { protocol: "udp", address: "10.96.0.10", application: "lab-dns" });
  listen(node, 53, { protocol: "tcp", address: "10.96.0.10", application: "lab-dns" });
  const serve = (port: number, application: string): unknown =>
    listen(web, port, { address: "10.244.2.10", application });
  serve(80, "lab-http");
  serve(443, "lab-https");
  serve(22, "lab-ssh");
  for (let port = 81; port <= 86; port++) serve(port, "lab-closing");
  return world;
}

function nodeWorld(ipv6: boolean): TranscriptWorld {
  const world = machine("controlplane", []);
  const { network, ns: own } = world;
  if (!ipv6) withoutIPv6(own);
  up(own, "lo");
  const lan = hidden(network, "lan", ipv6);
  const node01 = hidden(network, "node01", ipv6);
  bridge(lan, "br0", { mac: "02:42:c0:a8:38:01" });
  veth(own, "eth0", "02:42:c0:a8:38:0b", lan, "p1", "02:42:00:00:00:01", true);
  veth(node01, "eth0", "02:42:c0:a8:38:0c", lan, "p2", "02:42:00:00:00:02", false);
  for (const port of ["p1", "p2"]) must(setMaster(lan, linkNamed(lan, port).index, linkNamed(lan, "br0").index));
  give(lan, "br0", "192.168.56.1/24");
  give(lan, "lo", "8.8.8.8/32");
  sysctl(lan, "net.ipv4.ip_forward", 1);
  give(node01, "eth0", "192.168.56.12/24", { broadcast: true });
  route(node01, "default via 192.168.56.1");
  give(own, "eth0", "192.168.56.11/24", { broadcast: true });
  route(own, "default via 192.168.56.1 dev eth0");
  return world;
}
