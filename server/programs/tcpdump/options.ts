import type { Flags } from "../options.ts";

export const TCPDUMP_FLAGS = {
  ascii: { short: "A" },
  buffer: { short: "B", long: "buffer-size", arg: "size" },
  count: { short: "c", arg: "count" },
  onlyCount: { long: "count" },
  fileSize: { short: "C", arg: "size", simulated: false },
  dump: { short: "d", simulated: false },
  list: { short: "D", long: "list-interfaces" },
  ether: { short: "e" },
  secret: { short: "E", arg: "secret", simulated: false },
  foreign: { short: "f", simulated: false },
  file: { short: "F", arg: "file" },
  rotate: { short: "G", arg: "seconds", simulated: false },
  help: { short: "h", long: "help" },
  mesh: { short: "H", simulated: false },
  interface: { short: "i", long: "interface", arg: "interface" },
  monitor: { short: "I", long: "monitor-mode", simulated: false },
  immediate: { long: "immediate-mode" },
  stampType: { short: "j", long: "time-stamp-type", arg: "type", simulated: false },
  stampTypes: { short: "J", long: "list-time-stamp-types", simulated: false },
  unchecked: { short: "K", long: "dont-verify-checksums" },
  lines: { short: "l" },
  linkTypes: { short: "L", long: "list-data-link-types" },
  module: { short: "m", arg: "module", simulated: false },
  shared: { short: "M", arg: "secret", simulated: false },
  numeric: { short: "n" },
  noDomain: { short: "N" },
  number: { short: "#", long: "number" },
  unoptimized: { short: "O", long: "no-optimize" },
  normal: { short: "p", long: "no-promiscuous-mode" },
  print: { long: "print" },
  quiet: { short: "q" },
  direction: { short: "Q", long: "direction", arg: "direction" },
  read: { short: "r", arg: "file" },
  snap: { short: "s", long: "snapshot-length", arg: "snaplen" },
  absolute: { short: "S", long: "absolute-tcp-sequence-numbers" },
  time: { short: "t" },
  kind: { short: "T", arg: "type", simulated: false },
  undecoded: { short: "u", simulated: false },
  packets: { short: "U", long: "packet-buffered" },
  verbose: { short: "v" },
  files: { short: "V", arg: "file", simulated: false },
  version: { long: "version" },
  write: { short: "w", arg: "file" },
  fileCount: { short: "W", arg: "filecount", simulated: false },
  hex: { short: "x" },
  hexAscii: { short: "X" },
  linkType: { short: "y", long: "linktype", arg: "type" },
  after: { short: "z", arg: "command", simulated: false },
  user: { short: "Z", long: "relinquish-privileges", arg: "user", simulated: false },
  precision: { long: "time-stamp-precision", arg: "precision", simulated: false },
  micro: { long: "micro" },
  nano: { long: "nano", simulated: false },
  asn: { short: "b", simulated: false },
} as const satisfies Flags;

export const USAGE = `Usage: tcpdump [-AbdDefhHIJKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]
		[ -C file_size ] [ -E algo:secret ] [ -F file ] [ -G seconds ]
		[ -i interface ] [ --immediate-mode ] [ -j tstamptype ]
		[ -M secret ] [ --number ] [ --print ] [ -Q in|out|inout ]
		[ -r file ] [ -s snaplen ] [ -T type ] [ --version ]
		[ -V file ] [ -w file ] [ -W filecount ] [ -y datalinktype ]
		[ --time-stamp-precision precision ] [ --micro ] [ --nano ]
		[ -z postrotate-command ] [ -Z user ] [ expression ]
`;
