import type { FileSpec } from "./file-spec.ts";

/** The tables of names that iproute2 6.1 brings (Ubuntu 24.04 and Debian 12 have the same). */
export const IPROUTE2_FILES: readonly FileSpec[] = [
  {
    path: "/etc/iproute2/rt_tables",
    text: `#
# reserved values
#
255	local
254	main
253	default
0	unspec
#
# local
#
#1	inr.ruhep
`,
  },
  {
    path: "/etc/iproute2/rt_protos",
    text: `#
# Reserved protocols.
#
0	unspec
1	redirect
2	kernel
3	boot
4	static
8	gated
9	ra
10	mrt
11	zebra
12	bird
13	dnrouted
14	xorp
15	ntk
16	dhcp
18	keepalived
42	babel
99	openr
186	bgp
187	isis
188	ospf
189	rip
192	eigrp
`,
  },
  {
    path: "/etc/iproute2/rt_scopes",
    text: `#
# reserved values
#
0	global
255	nowhere
254	host
253	link
#
# pseudo-reserved
#
200	site
`,
  },
  {
    path: "/etc/iproute2/rt_realms",
    text: `#
# reserved values
#
0	cosmos
#
# local
#
#1	inr.ac
#2	inr.ruhep
#3	freenet
#4	radio-msu
#5	russia
#6	internet
`,
  },
  {
    path: "/etc/iproute2/rt_dsfield",
    text: `# Differentiated field values
# These include the DSCP and unused bits
0x0	default
# Newer RFC2597 values
0x28	AF11
0x30	AF12
0x38	AF13
0x48	AF21
0x50	AF22
0x58	AF23
0x68	AF31
0x70	AF32
0x78	AF33
0x88	AF41
0x90	AF42
0x98	AF43
# Older values RFC2474
0x20	CS1
0x40	CS2
0x60	CS3
0x80	CS4
0xA0	CS5
0xC0	CS6
0xE0	CS7
# RFC 2598
0xB8	EF
`,
  },
  { path: "/etc/iproute2/group", text: "# device group names\n0\tdefault\n" },
  { path: "/etc/iproute2/rt_tables.d", dir: true },
  { path: "/etc/iproute2/rt_protos.d", dir: true },
];
