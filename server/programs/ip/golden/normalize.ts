/** Masks what differs between runs of the same commands: the masks of the recorder, /work/shared/golden/normalize.mjs. */

const H = "[0-9a-f]";
const MAC = new RegExp(`\\b(?:${H}{2}:){5}${H}{2}\\b`, "g");
const keepMac = (m: string): boolean =>
  /^(02:42:|00:00:|ff:ff:|01:00:5e|01:80:c2|33:33:00|33:33:ff:(?:a8|00|0a):|aa:bb:cc|de:ad:be)/.test(m);
const eph = (n: number): boolean => n >= 32768 && n <= 60999; // net.ipv4.ip_local_port_range

export function normalize(text: string): string {
  let s = text.replace(/\r+\n/g, "\n").replace(/^bash: line \d+: /gm, "bash: ");
  // ---- link layer
  s = s.replace(/\b([0-9a-f]{4})\.((?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2})\b/g, (m: string, p: string, mac: string) =>
    /^(2:42:|0:0:0:)/.test(mac) ? m : `${p}.<MAC>`,
  );
  s = s.replace(/\b([0-9a-f]{4})\.([0-9a-f]{12})\b/g, (m: string, p: string, mac: string) =>
    /^(0242|0000)/.test(mac) ? m : `${p}.<MAC>`,
  );
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
    (_m: string, p: string) => p + (p.includes("mdev") ? "<MS>/<MS>/<MS>/<MS>" : "<MS>/<MS>/<MS>") + " ms",
  );
  s = s.replace(/, pipe \d+$/gm, ", pipe <N>").replace(/, ipg\/ewma [\d.]+\/[\d.]+ ms/g, ", ipg/ewma <MS>/<MS> ms");
  s = s.replace(/(\]) +[\d.]+ms$/gm, "$1  <MS>ms");
  s = s.replace(/\b\d+\.\d{3} ms\b/g, "<MS> ms").replace(/\b\d+\.\d{3}ms\b/g, "<MS>ms");
  s = s.replace(/(;; Query time: )\d+( msec)/g, "$1<MS>$2");
  s = s.replace(/(;; WHEN: ).*/g, "$1<DATE>");
  s = s.replace(/(\bid: )\d+$/gm, "$1<ID>").replace(/(; COOKIE: )[0-9a-f]+/g, "$1<COOKIE>");
  s = s.replace(/(\bin )\d+( ms\.?)$/gm, "$1<MS>$2");
  // ---- sockets, conntrack
  s = s.replace(/\bpid=(\d+)/g, (m: string, p: string) => (+p >= 20000 ? "pid=<PID>" : m));
  s = s.replace(/(^|\s)(\d{5,})\/([\w.-]+)/g, (m: string, a: string, p: string, n: string) =>
    +p >= 20000 ? `${a}<PID>/${n}` : m,
  );
  s = s.replace(/([:.]|\b[sd]port=|\bport )(\d{5})\b(?![.\d])/g, (m: string, a: string, p: string) =>
    eph(+p) ? `${a}<PORT>` : m,
  );
  s = s.replace(/\bino:\d+/g, "ino:<ID>").replace(/\bsk:[0-9a-f]+/g, "sk:<ID>");
  s = s.replace(/^((?:tcp|udp|icmp|unknown)\s+\d+ )\d+( )/gm, "$1<SEC>$2");
  s = s.replace(/^(ipv[46]\s+\d+ (?:tcp|udp|icmp)\s+\d+ )\d+( )/gm, "$1<SEC>$2");
  s = s.replace(/(\btype=\d+ code=\d+ id=)\d+/g, "$1<ID>");
  s = s.replace(/^(unix .*?(?:LISTENING|CONNECTED|DGRAM|SEQPACKET|STREAM) +)\d+/gm, "$1<ID>");
  s = s
    .replace(/ TYPE +DEVICE /g, " TYPE DEVICE ")
    .replace(/ (IPv[46]) +\d+( +0t0 )/g, " $1 <ID>$2")
    .replace(/^d\d{4,}$/gm, "d<ID>"); // lsof's inodes
  s = s.replace(/^(BusyBox v[\d.]+ \()[^)]*(\) multi-call binary)/gm, "$1<DATE>$2");
  // ---- GNU wget, curl's progress meter (speeds, and how often it was redrawn)
  s = s.replace(/^--\d{4}-\d\d-\d\d \d\d:\d\d:\d\d--/gm, "--<DATE>--");
  s = s.replace(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d( \([^)]*\/s\))?( |$)/gm,
    (_m: string, sp: string | undefined, e: string) => "<DATE>" + (sp ? " (<SPEED>)" : "") + e,
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
  s = s.replace(/\b(used|probes|confirmed) \d+(?:\/\d+)*/g, (m: string, k: string) =>
    m.includes("/") ? `${k} <SEC>` : m,
  );
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
function kind(line: string): string | null {
  for (const [i, row] of ROW.entries()) {
    const m = row.exec(line);
    if (m) return i < 4 ? `${i}${m[1]}` : `${i}`;
  }
  return null;
}
function sortRuns(s: string): string {
  const out: string[] = [];
  let run: string[] = [];
  let k: string | null = null;
  for (const l of s.split("\n")) {
    const n = kind(l);
    if (n !== k || n === null) {
      out.push(...run.sort());
      run = [];
      k = n;
    }
    if (n === null) out.push(l);
    else run.push(l);
  }
  return [...out, ...run.sort()].join("\n");
}
