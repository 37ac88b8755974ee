import { programVersion, type Process } from "../../sim/host/index.ts";
import { libcOf } from "../netdb/libc.ts";
import { NotSimulated } from "./url.ts";

/** Of Ubuntu 24.04. Images name theirs in the program file, other profiles among their versions. */
const UBUNTU = "8.5.0";

/** Which curl a process runs: words changed between versions. */
export class CurlVersion {
  readonly text: string;
  /** Of OpenSSL, which names itself in errors. */
  readonly openssl: string;
  readonly #numbers: readonly number[];

  constructor(process: Process) {
    const { machine, host } = process;
    const ofImage = programVersion(process);
    const profile = host.isContainer ? undefined : machine.hosts.profile(machine.row.profile).versions["curl"];
    this.text = ofImage || profile || (isDebian(process) ? "7.88.1" : libcOf(host) === "musl" ? "8.12.1" : UBUNTU);
    this.openssl = libcOf(host) === "musl" ? "3.3.3" : this.text === "7.88.1" ? "3.0.19" : "3.0.13";
    this.#numbers = this.text.split(".").map(Number);
  }

  /** What `--compressed` asks for: as distributions build it. */
  get encodings(): string {
    return "deflate, gzip, br, zstd";
  }

  isAtLeast(wanted: string): boolean {
    for (const [at, number] of wanted.split(".").map(Number).entries())
      if ((this.#numbers[at] ?? 0) !== number) return (this.#numbers[at] ?? 0) > number;
    return true;
  }
}

function isDebian({ host }: Process): boolean {
  return /^ID=debian$/m.test(host.readText("/etc/os-release") ?? "");
}

/** How distributions build it: libraries, and when the version was released. */
const BUILDS: Readonly<Record<string, readonly [libraries: string, released: string, more: string]>> = {
  "7.88.1": [
    "zlib/1.2.13 brotli/1.0.9 zstd/1.5.4 libidn2/2.3.3 libpsl/0.21.2 (+libidn2/2.3.3) libssh2/1.10.0 nghttp2/1.52.0 librtmp/2.3 OpenLDAP/2.5.13",
    "2023-02-20, security patched: 7.88.1-10+deb12u15",
    "NTLM NTLM_WB",
  ],
  "8.5.0": [
    "zlib/1.3 brotli/1.1.0 zstd/1.5.5 libidn2/2.3.7 libpsl/0.21.2 (+libidn2/2.3.7) libssh/0.10.6/openssl/zlib nghttp2/1.59.0 librtmp/2.3 OpenLDAP/2.6.7",
    "2023-12-06, security patched: 8.5.0-2ubuntu10.6",
    "NTLM",
  ],
};

export function versionText(version: CurlVersion): string {
  const { text, openssl } = version;
  const build = BUILDS[text];
  if (!build)
    return `curl ${text} (x86_64-pc-linux-gnu) libcurl/${text} OpenSSL/${openssl} zlib/1.3
Protocols: http https telnet
Features: alt-svc AsynchDNS HSTS HTTPS-proxy IPv6 Largefile libz SSL threadsafe UnixSockets
`;
  const [libraries, released, ntlm] = build;
  return `curl ${text} (x86_64-pc-linux-gnu) libcurl/${text} OpenSSL/${openssl} ${libraries}
Release-Date: ${released}
Protocols: dict file ftp ftps gopher gophers http https imap imaps ldap ldaps mqtt pop3 pop3s rtmp rtsp scp sftp smb smbs smtp smtps telnet tftp
Features: alt-svc AsynchDNS brotli GSS-API HSTS HTTP2 HTTPS-proxy IDN IPv6 Kerberos Largefile libz ${ntlm} PSL SPNEGO SSL threadsafe TLS-SRP UnixSockets zstd
`;
}

const HELP = `Usage: curl [options...] <url>
 -d, --data <data>          HTTP POST data
 -f, --fail                 Fail fast with no output on HTTP errors
 -h, --help <category>      Get help for commands
 -i, --include              Include protocol response headers in the output
 -o, --output <file>        Write to file instead of stdout
 -O, --remote-name          Write output to a file named as the remote file
 -s, --silent               Silent mode
 -T, --upload-file <file>   Transfer local FILE to destination
 -u, --user <user:password> Server user and password
 -A, --user-agent <name>    Send User-Agent <name> to server
 -v, --verbose              Make the operation more talkative
 -V, --version              Show version number and quit

This is not the full help, this menu is stripped into categories.
Use "--help category" to get an overview of all categories.
For all options use the manual or "--help all".
`;

const CATEGORIES: readonly (readonly [name: string, about: string])[] = [
  ["auth", "ways to log in"],
  ["connection", "how connections are made"],
  ["curl", "the command line tool itself"],
  ["dns", "how names are looked up"],
  ["file", "file:// URLs"],
  ["ftp", "ftp:// URLs"],
  ["http", "http:// and https:// URLs"],
  ["imap", "imap:// URLs"],
  ["misc", "what fits nowhere else"],
  ["output", "where output goes"],
  ["pop3", "pop3:// URLs"],
  ["post", "what is posted"],
  ["proxy", "all about proxies"],
  ["scp", "scp:// URLs"],
  ["sftp", "sftp:// URLs"],
  ["smtp", "smtp:// URLs"],
  ["ssh", "the SSH protocol"],
  ["telnet", "telnet:// URLs"],
  ["tftp", "tftp:// URLs"],
  ["tls", "all about TLS"],
  ["upload", "all about uploads"],
  ["verbose", "what is told of a transfer"],
];

/** `--help`, `--help category`, and what is said of a category that does not exist. */
export function helpText(category: string | undefined): string {
  if (category === undefined || category === "important") return HELP;
  const list = CATEGORIES.map(([name, about]) => ` ${name.padEnd(11)} ${about}\n`).join("");
  const usage = "Usage: curl [options...] <url>\n";
  if (category === "category") return usage + list;
  if (category === "all" || CATEGORIES.some(([name]) => name === category))
    throw new NotSimulated(`'--help ${category}'`);
  return `${usage}Invalid category provided, here is a list of all categories:\n\n${list}`;
}

/** What a full build of libcurl knows, with all that it calls rtmp. */
export const PROTOCOLS: readonly string[] =
  "dict file ftp ftps gopher gophers http https imap imaps ldap ldaps mqtt pop3 pop3s rtmp rtsp scp sftp smb smbs smtp smtps telnet tftp rtmpe rtmps rtmpt rtmpte rtmpts".split(" "); // prettier-ignore
