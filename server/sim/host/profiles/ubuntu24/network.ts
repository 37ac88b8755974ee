import type { FileSpec } from "../file-spec.ts";
import { IPROUTE2_FILES } from "../iproute2.ts";
import { PROTOCOLS } from "../protocols.ts";
import { SERVICES } from "../services.ts";

/** Names, addresses and sysctls: what is the same on every Ubuntu 24.04 node. The rest stands in `ubuntu24HostFiles`. */
export const NETWORK_FILES: readonly FileSpec[] = [
  {
    path: "/etc/nsswitch.conf",
    text: `passwd:         files systemd
group:          files systemd
shadow:         files systemd
gshadow:        files systemd

hosts:          files dns
networks:       files

protocols:      db files
services:       db files
ethers:         db files
rpc:            db files

netgroup:       nis
`,
  },
  { path: "/etc/resolv.conf", link: "../run/systemd/resolve/stub-resolv.conf" },
  {
    path: "/etc/systemd/resolved.conf",
    text: `[Resolve]
#DNS=
#FallbackDNS=
#Domains=
#DNSSEC=no
#DNSOverTLS=no
#MulticastDNS=no
#LLMNR=no
#Cache=yes
#DNSStubListener=yes
#ReadEtcHosts=yes
`,
  },
  { path: "/etc/host.conf", text: "multi on\n" },
  { path: "/etc/networks", text: "default\t\t0.0.0.0\nloopback\t127.0.0.0\nlink-local\t169.254.0.0\n" },
  { path: "/etc/gai.conf", text: "" },
  { path: "/etc/services", text: SERVICES },
  { path: "/etc/protocols", text: PROTOCOLS },
  ...IPROUTE2_FILES,
  {
    path: "/etc/sysctl.conf",
    text: `# Settings of the kernel; see /etc/sysctl.d/ and sysctl.conf(5).

#kernel.domainname = example.com
#kernel.printk = 3 4 1 3

#net.ipv4.conf.default.rp_filter=1
#net.ipv4.conf.all.rp_filter=1
#net.ipv4.tcp_syncookies=1

# Uncomment the next line to enable packet forwarding for IPv4
#net.ipv4.ip_forward=1

# Uncomment the next line to enable packet forwarding for IPv6
#net.ipv6.conf.all.forwarding=1

#net.ipv4.conf.all.accept_redirects = 0
#net.ipv6.conf.all.accept_redirects = 0
#net.ipv4.conf.all.send_redirects = 0
#net.ipv4.conf.all.accept_source_route = 0
#net.ipv6.conf.all.accept_source_route = 0
#net.ipv4.conf.all.log_martians = 1
`,
  },
  { path: "/etc/sysctl.d/10-console-messages.conf", text: "kernel.printk = 4 4 1 7\n" },
  {
    path: "/etc/sysctl.d/10-ipv6-privacy.conf",
    text: "net.ipv6.conf.all.use_tempaddr = 2\nnet.ipv6.conf.default.use_tempaddr = 2\n",
  },
  { path: "/etc/sysctl.d/10-kernel-hardening.conf", text: "kernel.kptr_restrict = 1\n" },
  { path: "/etc/sysctl.d/10-magic-sysrq.conf", text: "kernel.sysrq = 176\n" },
  { path: "/etc/sysctl.d/10-map-count.conf", text: "vm.max_map_count = 1048576\n" },
  {
    path: "/etc/sysctl.d/10-network-security.conf",
    text: "net.ipv4.conf.default.rp_filter=2\nnet.ipv4.conf.all.rp_filter=2\n",
  },
  { path: "/etc/sysctl.d/10-ptrace.conf", text: "kernel.yama.ptrace_scope = 1\n" },
  { path: "/etc/sysctl.d/10-zeropage.conf", text: "vm.mmap_min_addr = 65536\n" },
  { path: "/etc/sysctl.d/99-sysctl.conf", link: "../sysctl.conf" },
  { path: "/etc/modules", text: "" },
  { path: "/etc/modules-load.d", dir: true },
  { path: "/etc/netplan", dir: true },
];
