import type { Flags, Options } from "../options.ts";

export const NC_FLAGS = {
  four: { short: "4" },
  six: { short: "6" },
  broadcast: { short: "b" },
  crlf: { short: "C" },
  debug: { short: "D" },
  deaf: { short: "d" },
  passFd: { short: "F", simulated: false },
  help: { short: "h" },
  length: { short: "I", arg: "length" },
  interval: { short: "i", arg: "interval" },
  keep: { short: "k" },
  listen: { short: "l" },
  ttl: { short: "M", arg: "ttl", simulated: false },
  minTtl: { short: "m", arg: "minttl", simulated: false },
  shutdown: { short: "N" },
  numeric: { short: "n" },
  sendLength: { short: "O", arg: "length" },
  proxyUser: { short: "P", arg: "proxy_username", simulated: false },
  port: { short: "p", arg: "source_port" },
  quit: { short: "q", arg: "seconds" },
  random: { short: "r" },
  signature: { short: "S", simulated: false },
  source: { short: "s", arg: "sourceaddr" },
  keyword: { short: "T", arg: "keyword", simulated: false },
  telnet: { short: "t" },
  unix: { short: "U" },
  udp: { short: "u" },
  routing: { short: "V", arg: "rtable" },
  verbose: { short: "v" },
  limit: { short: "W", arg: "recvlimit" },
  wait: { short: "w", arg: "timeout" },
  proxyProtocol: { short: "X", arg: "proxy_protocol" },
  proxy: { short: "x", arg: "proxy_address[:port]", simulated: false },
  dccp: { short: "Z", simulated: false },
  zero: { short: "z" },
} as const satisfies Flags;

export type NcOptions = Options<keyof typeof NC_FLAGS>;

export const USAGE = `usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
	  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
	  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
	  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
	  [destination] [port]
`;

/** What `-h` tells behind the usage. */
export const SUMMARY = `	Command Summary:
		-4		IPv4 only
		-6		IPv6 only
		-b		May broadcast
		-C		Lines end with CRLF
		-D		Debugs the socket
		-d		Reads nothing from stdin
		-F		Hands over the socket
		-h		This text
		-I length	Size of the receive buffer
		-i interval	Pause between lines and ports
		-k		Goes on listening behind a connection
		-l		Listens
		-M ttl		TTL or hop limit to send with
		-m minttl	Least TTL or hop limit to accept
		-N		Shuts the socket down behind the end of stdin
		-n		Looks up no names and services
		-O length	Size of the send buffer
		-P proxyuser	User at the proxy
		-p port		Local port to connect from
		-q secs		Quits so long behind the end of stdin
		-r		Ports in random order
		-S		Signs by MD5
		-s sourceaddr	Local address
		-T keyword	Type of service
		-t		Negotiates TELNET
		-U		Unix domain sockets
		-u		UDP
		-V rtable	Another routing table
		-v		Tells more
		-W recvlimit	Ends behind so many packets
		-w timeout	Timeout for connecting and the last reads
		-X proto	Protocol of the proxy: "4", "5" (SOCKS) or "connect"
		-x addr[:port]	Proxy to connect through
		-Z		DCCP
		-z		Sends nothing: for scanning
	Ports may be single or ranges: low-high [inclusive]
`;
