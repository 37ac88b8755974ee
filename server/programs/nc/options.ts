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
  unix: { short: "U", simulated: false },
  udp: { short: "u" },
  routing: { short: "V", arg: "rtable", simulated: false },
  verbose: { short: "v" },
  limit: { short: "W", arg: "recvlimit" },
  wait: { short: "w", arg: "timeout" },
  proxyProtocol: { short: "X", arg: "proxy_protocol", simulated: false },
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
