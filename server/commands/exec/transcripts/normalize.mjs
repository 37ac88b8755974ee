#!/usr/bin/env node
// Masks what cannot be deterministic in a capture. Pure text -> text, no dependencies.
//   node normalize.mjs < raw > masked      or      import { normalize } from './normalize.mjs'
// Apply the same function to the emulator's output before comparing.
// Tokens: <MAC> <LLADDR> <MS> <SEC> <PID> <PORT> <DATE> <ID> <COOKIE> <HEX> <TIME> <SPEED> <N>
// Rows that come out of kernel hash tables (sockets, neighbours) are sorted.
// MACs that are chosen (not random) are kept: 02:42:*, 00:00:*, ff:ff:*, 01:00:5e:*, 01:80:c2:*,
// 33:33:00:*, aa:bb:cc:*, de:ad:be:*. PIDs below 20000 are chosen by the worlds and kept.
const H = "[0-9a-f]";
const MAC = new RegExp(`\\b(?:${H}{2}:){5}${H}{2}\\b`, "g");
const keepMac = (m) =>
  /^(02:42:|00:00:|ff:ff:|01:00:5e|01:80:c2|33:33:00|33:33:ff:(?:a8|00|0a):|aa:bb:cc|de:ad:be)/.test(m);
const eph = (n) => n >= 32768 && n <= 60999; // net.ipv4.ip_local_port_range

export function normalize(text) {
  let s = text.replace(/\r+\n/g, "\n").replace(/^bash: line \d+: /gm, "bash: ");
  // ---- link layer
  s = s.replace(/\b([0-9a-f]{4})\.((?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2})\b/g, (m, p, mac) =>
    /^(2:42:|0:0:0:)/.test(mac) ? m : `${p}.<MAC>`,
  );
  s = s.replace(/\b([0-9a-f]{4})\.([0-9a-f]{12})\b/g, (m, p, mac) => (/^(0242|0000)/.test(mac) ? m : `${p}.<MAC>`));
  s = s.replace(MAC, (m) => (keepMac(m) ? m : "<MAC>"));
  s = s.replace(/\b((?:[0-9A-F]{2}:){5}[0-9A-F]{2})\b/g, (m) => (keepMac(m.toLowerCase()) ? m : "<MAC>"));
  s = s.replace(/\bfe80::(?!42:|1\b|\/)([0-9a-f]{1,4}:){1,3}[0-9a-f]{1,4}\b/g, "<LLADDR>");
  s = s.replace(/\bff02::1:ff(?!a8:|00:|0a:|0:)[0-9a-f]{2}:[0-9a-f]{1,4}\b/g, "<LLADDR>");
  s = s.replace(/(gc_timer +)[\d.]+/g, "$1<SEC>");
  s = s.replace(/(ageing timer value +|gc timer +|hello timer +)[\d.]+/g, "$1<SEC>");
  // ---- ping, arping, traceroute, dig
  s = s.replace(/\btime=[\d.]+ ms\b/g, "time=<MS> ms");
  s = s.replace(/(packets transmitted.*, time )\d+ms/g, "$1<MS>ms");
  s = s.replace(
    /((?:rtt|round-trip) min\/avg\/max(?:\/mdev)? = )[\d./]+ ms/g,
    (m, p) => p + (p.includes("mdev") ? "<MS>/<MS>/<MS>/<MS>" : "<MS>/<MS>/<MS>") + " ms",
  );
  s = s.replace(/, pipe \d+$/gm, ", pipe <N>").replace(/, ipg\/ewma [\d.]+\/[\d.]+ ms/g, ", ipg/ewma <MS>/<MS> ms");
  s = s.replace(/(\]) +[\d.]+ms$/gm, "$1  <MS>ms");
  s = s.replace(/\b\d+\.\d{3} ms\b/g, "<MS> ms").replace(/\b\d+\.\d{3}ms\b/g, "<MS>ms");
  s = s.replace(/(;; Query time: )\d+( msec)/g, "$1<MS>$2");
  s = s.replace(/(;; WHEN: ).*/g, "$1<DATE>");
  s = s.replace(/(\bid: )\d+$/gm, "$1<ID>").replace(/(; COOKIE: )[0-9a-f]+/g, "$1<COOKIE>");
  s = s.replace(/(\bin )\d+( ms\.?)$/gm, "$1<MS>$2");
  // ---- sockets, conntrack
  s = s.replace(/\bpid=(\d+)/g, (m, p) => (+p >= 20000 ? "pid=<PID>" : m));
  s = s.replace(/(^|\s)(\d{5,})\/([\w.-]+)/g, (m, a, p, n) => (+p >= 20000 ? `${a}<PID>/${n}` : m));
  s = s.replace(/([:.]|\b[sd]port=|\bport )(\d{5})\b(?![.\d])/g, (m, a, p) => (eph(+p) ? `${a}<PORT>` : m));
  s = s.replace(/\bino:\d+/g, "ino:<ID>").replace(/\bsk:[0-9a-f]+/g, "sk:<ID>");
  s = s.replace(/^((?:tcp|udp|icmp|unknown)\s+\d+ )\d+( )/gm, "$1<SEC>$2");
  s = s.replace(/^(ipv[46]\s+\d+ (?:tcp|udp|icmp)\s+\d+ )\d+( )/gm, "$1<SEC>$2");
  s = s.replace(/(\btype=\d+ code=\d+ id=)\d+/g, "$1<ID>");
  s = s.replace(/^(unix .*?(?:LISTENING|CONNECTED|DGRAM|SEQPACKET|STREAM) +)\d+/gm, "$1<ID>");
  s = s.replace(/^(BusyBox v[\d.]+ \()[^)]*(\) multi-call binary)/gm, "$1<DATE>$2");
  // ---- GNU wget, curl's progress meter (speeds, and how often it was redrawn)
  s = s.replace(/^--\d{4}-\d\d-\d\d \d\d:\d\d:\d\d--/gm, "--<DATE>--");
  s = s.replace(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d( \([^)]*\/s\))?( |$)/gm,
    (m, sp, e) => "<DATE>" + (sp ? " (<SPEED>)" : "") + e,
  );
  s = s.replace(/(--\.-KB\/s|[\d.]+[KMG]B\/s) +in [\d.]+s/g, "<SPEED> in <SEC>s");
  s = s.replace(
    /(?:[^\r\n]*--:--:--[^\r\n]*\r)*([^\r\n]*?)( +\d+[kM]?)( +\d+[kM]?)( --:--:-- --:--:-- --:--:--) +\d+[kM]?/g,
    "$1 <SPEED> <SPEED>$4 <SPEED>",
  );
  s = s.replace(/^Total: \d+$/gm, "Total: <N>");
  s = s.replace(/^(TCP: +)\d+( \(estab \d+, closed )\d+/gm, "$1<N>$2<N>"); // ss -s: counted over the whole machine
  // ---- curl, tls, http, tcpdump, ipset, iptables-save
  s = s.replace(
    /\b((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d \d{4})/g,
    "<DATE>",
  );
  s = s.replace(/(\*\s+(?:start|expire) date: ).*/g, "$1<DATE>");
  s = s.replace(/(ICMP echo \w+, id )\d+/g, "$1<ID>");
  s = s.replace(/^\d\d:\d\d:\d\d\.\d{6} /gm, "<TIME> ");
  s = s.replace(/\b(after )\d+( ms\b)/g, "$1<MS>$2");
  s = s.replace(/(timed out after )\d+( milliseconds)/g, "$1<MS>$2");
  s = s.replace(/\binitval 0x[0-9a-f]+/g, "initval <HEX>");
  s = s.replace(/\btime_(\w+)=[\d.]+/g, "time_$1=<SEC>");
  s = s.replace(
    /\b(tentative dadfailed|dynamic) valid_lft \d+sec preferred_lft \d+sec/g,
    "$1 valid_lft <SEC>sec preferred_lft <SEC>sec",
  );
  s = s.replace(/\b(expires|age) \d+sec/g, "$1 <SEC>sec");
  s = s.replace(/\b(used|probes|confirmed) \d+(?:\/\d+)*/g, (m, k) => (m.includes("/") ? `${k} <SEC>` : m));
  // ---- order: the kernel walks hash tables salted per namespace, so runs of like rows are sorted (after masking)
  return sortRuns(s);
}

const ROW = [
  /^()\d+ +\d+ +\S+:\S+ +\S+:\S+/,
  /^(tcp6?|udp6?|raw6?) +\d+ +\d+ /,
  /^(LISTEN|ESTAB|UNCONN|TIME-WAIT|CLOSE-WAIT|SYN-SENT) +\d/,
  /^(tcp|udp) +(?:LISTEN|ESTAB|UNCONN) /,
  /^(unix) /,
  /^\S+ +(ether|\(incomplete\)) .*\S+$/,
  /^\S+ dev \S+ (lladdr|FAILED|INCOMPLETE)/,
  /^\? \([\d.]+\) (at) /,
  /^(add \S+) /,
  /^()\d+\.\d+\.\d+\.\d+(?:\/\d+)?$/,
];
const kind = (l) => {
  for (let i = 0; i < ROW.length; i++) {
    const m = ROW[i].exec(l);
    if (m) return i < 4 ? `${i}${m[1]}` : `${i}`;
  }
  return null;
};
const byCodeUnits = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
function sortRuns(s) {
  const out = [];
  let run = [],
    k = null;
  for (const l of s.split("\n")) {
    const n = kind(l);
    if (n !== k || n === null) {
      out.push(...run.sort(byCodeUnits));
      run = [];
      k = n;
    }
    if (n === null) out.push(l);
    else run.push(l);
  }
  return [...out, ...run.sort(byCodeUnits)].join("\n");
}

// iptables 1.8.9 (these captures) prints the protocol as a number under -n; 1.8.8 and before, and 1.8.10 and after, print names
// (netfilter bug 1729). protNames() turns a 1.8.9 listing into the other form, for an emulator that shows another version.
export function protNames(text) {
  const names = { 0: "all", 1: "icmp", 6: "tcp", 17: "udp" };
  return text.replace(
    /^((?: *\d+[KMG]? +){0,3}\S* +)(0|1|6|17) +(?=(?:--|-f|!f) )/gm,
    (m, a, p) => a + names[p].padEnd(4) + " ",
  );
}
