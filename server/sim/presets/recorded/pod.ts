import { fromCalendar } from "../../kernel/index.ts";
import { programStub, ROOT } from "../../host/index.ts";
import { certificatePem, identity, issueCertificate, KeyRing, privateKeyPem } from "../../kube/pki/index.ts";
import { addRoute, openSocket, restoreRules, writeSysctl, type Namespace } from "../../net/index.ts";
import type { World } from "../../world/index.ts";
import { bindLabServers } from "./servers.ts";
import { bridge, cable, defaultRoute, give, hidden, MACHINE, must, own, plug, withoutIpv6 } from "./wiring.ts";

export interface PodOptions {
  readonly nameserver?: string;
  /** Behind `options ndots:5` in resolv.conf. */
  readonly options?: string;
  /** The version of busybox whose applets stand ahead in PATH. */
  readonly busybox?: string;
}

const CLIENT = "10.244.1.5";
const WEB = "10.244.2.10";
const WEB_NAME = "web.default.svc.cluster.local";
const BOOTED = fromCalendar(2026, 11, 1);
const APPLETS =
  "nslookup wget ping ping6 ip netstat arp route ifconfig nc traceroute hostname telnet arping brctl busybox";

const POD_HOSTS = `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
${CLIENT}\tclient
`;

const NODE_RULES = `*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -d 10.96.45.12 -p tcp --dport 80 -j DNAT --to-destination ${WEB}:80
-A PREROUTING -d 10.96.45.12 -p tcp --dport 443 -j DNAT --to-destination ${WEB}:443
COMMIT
*filter
:FORWARD ACCEPT [0:0]
-A FORWARD -d 10.96.77.7 -p tcp --dport 80 -j REJECT
COMMIT
`;

const WEB_RULES = `*filter
:INPUT ACCEPT [0:0]
-A INPUT -p tcp --dport 81 -j DROP
-A INPUT -p tcp --dport 82 -j REJECT --reject-with icmp-port-unreachable
-A INPUT -p tcp --dport 83 -j REJECT --reject-with tcp-reset
-A INPUT -p tcp --dport 84 -j REJECT --reject-with icmp-host-prohibited
-A INPUT -p tcp --dport 85 -j REJECT --reject-with icmp-net-unreachable
-A INPUT -p tcp --dport 86 -j REJECT --reject-with icmp-admin-prohibited
COMMIT
`;

/** golden/worlds/pod.sh: the shell is inside of a Pod; its node and the Pod `web` are namespaces that nobody sees. */
export function pod(world: World, { nameserver = "10.96.0.10", options = "", busybox }: PodOptions = {}): void {
  const client = own(world);
  withoutIpv6(client);
  must(writeSysctl(client, "net/ipv6/conf/lo/disable_ipv6", "0"));
  const node = hidden(world, false);
  const web = hidden(world, false);
  bridge(node, "cni0", "02:42:0a:f4:01:01");
  cable([client, "eth0", "02:42:0a:f4:01:05"], [node, "v1", "02:42:00:00:00:11"]);
  plug(node, "v1", "cni0");
  give(node, "cni0", "10.244.1.1/24");
  cable([web, "eth0", "02:42:0a:f4:02:0a"], [node, "v2", "02:42:00:00:00:12"]);
  give(node, "v2", "10.244.2.1/24");
  give(web, "eth0", `${WEB}/24`);
  defaultRoute(web, "10.244.2.1");
  must(writeSysctl(node, "net/ipv4/ip_forward", "1"));
  for (const ns of [node, web]) must(writeSysctl(ns, "net/ipv4/icmp_ratelimit", "0"));
  give(node, "lo", "10.96.0.10/32");
  must(addRoute(node, { to: "10.96.77.7/32", hops: [{ via: WEB }] }));
  must(addRoute(node, { type: "blackhole", to: "10.244.9.0/24", hops: [] }));
  rules(node, NODE_RULES);
  rules(web, WEB_RULES);
  serve(world, node, web);
  files(world, `nameserver ${nameserver}\noptions ndots:5${options}`, busybox);
}

/** What the recorder typed in the Pod itself. */
export const POD_SCRIPT = `
ip addr add ${CLIENT}/24 brd + dev eth0
ip route add default via 10.244.1.1
`;

function rules(ns: Namespace, text: string): void {
  const refused = restoreRules(ns, text);
  if (refused) throw new Error(refused.problem.text);
}

function serve({ hosts, network }: World, node: Namespace, web: Namespace): void {
  const key = new KeyRing(1).rsa("web");
  const certificate = issueCertificate(
    {
      serial: 1n,
      subject: identity(WEB_NAME),
      notBefore: BOOTED,
      notAfter: fromCalendar(2036, 10, 29),
      publicKey: key.public,
      keyUsage: ["digitalSignature", "keyCertSign"],
      dnsNames: [WEB_NAME, "web"],
      ca: true,
    },
    key,
  );
  const pem = certificatePem(certificate);
  bindLabServers(network, [pem]);
  const { files } = hosts.machine(MACHINE).host;
  files.write("/run/lab/c.pem", pem);
  files.write("/run/lab/k.pem", privateKeyPem(key));
  for (const protocol of ["udp", "tcp"] as const) listen(node, "10.96.0.10", 53, "lab-dns", protocol);
  listen(web, WEB, 80, "lab-http");
  listen(web, WEB, 443, "lab-https");
  listen(web, WEB, 22, "lab-ssh");
  for (let port = 81; port <= 86; port++) listen(web, WEB, port, "lab-closing");
}

function listen(
  ns: Namespace,
  address: string,
  port: number,
  application: string,
  protocol: "tcp" | "udp" = "tcp",
): void {
  must(openSocket(ns, { protocol, address, port, application, ...(protocol === "tcp" ? { backlog: 128 } : {}) }));
}

function files(world: World, resolver: string, busybox: string | undefined): void {
  const { host } = world.hosts.machine(MACHINE);
  const as = { ...ROOT, umask: 0 };
  host.update({ hostname: "client" });
  host.files.write(
    "/etc/resolv.conf",
    `search default.svc.cluster.local svc.cluster.local cluster.local\n${resolver}\n`,
  );
  host.files.write("/etc/hosts", POD_HOSTS);
  if (busybox === undefined) return;
  host.files.mkdir("/run/bin", { parents: true });
  for (const applet of APPLETS.split(" "))
    host.files.write(`/run/bin/${applet}`, programStub("busybox", busybox), { mode: 0o755 }, as);
}
