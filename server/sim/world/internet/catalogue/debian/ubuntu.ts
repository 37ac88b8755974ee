import { BOOKWORM } from "./bookworm.ts";
import { NOBLE_BASE } from "./noble.ts";
import type { DebianPackage } from "./package.ts";

/**
 * Ubuntu's archive: the same tools as Debian's in noble's versions, without the libraries below them. Older releases get
 * noble's packages, since only their names differ in what anybody does with them.
 */
const NOBLE: Readonly<Record<string, readonly [version: string, component: "main" | "universe", depends?: string]>> = {
  "bind9-dnsutils": ["1:9.18.30-0ubuntu0.24.04.2", "main", "bind9-host"],
  "bind9-host": ["1:9.18.30-0ubuntu0.24.04.2", "main"],
  "bridge-utils": ["1.7.1-1ubuntu2", "main"],
  bsdextrautils: ["2.39.3-9ubuntu6.2", "main"],
  "ca-certificates": ["20240203", "main", "openssl"],
  conntrack: ["1:1.4.8-1ubuntu1", "main"],
  curl: ["8.5.0-2ubuntu10.6", "main"],
  dnsutils: ["1:9.18.30-0ubuntu0.24.04.2", "universe", "bind9-dnsutils"],
  "inetutils-telnet": ["2:2.5-3ubuntu4", "main"],
  iproute2: ["6.1.0-1ubuntu6", "main"],
  ipset: ["7.19-1ubuntu2", "main"],
  iptables: ["1.8.10-3ubuntu2", "main"],
  "iputils-arping": ["3:20240117-1build1", "main"],
  "iputils-ping": ["3:20240117-1build1", "main"],
  "iputils-tracepath": ["3:20240117-1build1", "main"],
  jq: ["1.7.1-3build1", "main"],
  less: ["590-2ubuntu2.1", "main"],
  lsof: ["4.95.0-1build3", "main"],
  nano: ["7.2-2ubuntu0.1", "main"],
  "net-tools": ["2.10-0.1ubuntu4", "main"],
  "netcat-openbsd": ["1.226-1ubuntu2", "main"],
  "openssh-client": ["1:9.6p1-3ubuntu13.12", "main"],
  openssl: ["3.0.13-0ubuntu3.5", "main"],
  procps: ["2:4.0.4-4ubuntu3.2", "main"],
  psmisc: ["23.7-1build1", "main"],
  tcpdump: ["4.99.4-3ubuntu4", "main"],
  telnet: ["0.17+2.5-3ubuntu4", "main", "inetutils-telnet"],
  traceroute: ["1:2.1.5-1", "universe"],
  tree: ["2.1.1-2ubuntu3", "universe"],
  "vim-common": ["2:9.1.0016-1ubuntu7.8", "main"],
  "vim-tiny": ["2:9.1.0016-1ubuntu7.8", "main", "vim-common"],
  wget: ["1.21.4-1ubuntu4.1", "main"],
  xxd: ["2:9.1.0016-1ubuntu7.8", "main"],
};

const RELEASES = ["focal", "jammy", "noble"];
const COMPONENTS = ["main", "universe", "restricted", "multiverse"];

interface UbuntuPackage extends DebianPackage {
  readonly component: "main" | "universe";
}

const TOOLS: readonly UbuntuPackage[] = BOOKWORM.flatMap((one) => {
  const known = NOBLE[one.name];
  if (!known) return [];
  const [version, component, depends] = known;
  const file = `pool/${component}/${one.name[0]!}/${one.name}/${one.name}_${version.replace(/^\d+:/, "")}_${one.arch}.deb`;
  return [{ ...one, version, component, file, depends: depends === undefined ? [] : [depends], recommends: [] }];
});

/** Of the rest of the base system the archive knows names and versions: nothing of it is ever fetched, since it is there. */
const PACKAGES: readonly UbuntuPackage[] = [
  ...TOOLS,
  ...NOBLE_BASE.filter(({ name }) => !TOOLS.some((tool) => tool.name === name)).map(
    ({ name, version, arch, multi }): UbuntuPackage => ({
      name,
      version,
      arch,
      ...(multi ? { multi } : {}),
      suite: "main",
      component: "main",
      size: 0,
      installed: 0,
      file: `pool/main/${name[0]!}/${name}/${name}_${version.replace(/^\d+:/, "")}_${arch}.deb`,
      depends: [],
      recommends: [],
    }),
  ),
];
const SUMMARIES = new Map(NOBLE_BASE.map(({ name, summary }) => [name, summary]));

/** What lies under a path of archive.ubuntu.com; undefined: nothing. */
export function ubuntuFile(path: string): string | undefined {
  const [, release = "", pocket, file = ""] = /^\/ubuntu\/dists\/([a-z]+)(-[a-z]+)?\/(.+)$/.exec(path) ?? [];
  if (RELEASES.includes(release)) {
    if (pocket !== undefined && !/^-(?:updates|backports|security)$/.test(pocket)) return undefined;
    const suite = release + (pocket ?? "");
    if (file === "InRelease")
      return `Origin: Ubuntu\nLabel: Ubuntu\nSuite: ${suite}\nVersion: 24.04\nCodename: ${release}\nArchitectures: amd64\nComponents: ${COMPONENTS.join(" ")}\n`;
    const [, component = ""] = /^([a-z]+)\/binary-amd64\/Packages$/.exec(file) ?? [];
    if (!COMPONENTS.includes(component)) return undefined;
    return pocket === undefined ? index(component) : "";
  }
  const [, name] = /^\/ubuntu\/(pool\/.+\.deb)$/.exec(path) ?? [];
  const found = PACKAGES.find((one) => one.file === name);
  return found && (found.programs ?? []).map((line) => `${line}\n`).join("");
}

function index(component: string): string {
  return PACKAGES.filter((one) => one.component === component)
    .map((one) => {
      const depends = one.depends.length === 0 ? "" : `Depends: ${one.depends.join(", ")}\n`;
      return `Package: ${one.name}\nVersion: ${one.version}\nInstalled-Size: ${one.installed}\nArchitecture: ${one.arch}\n${one.multi ? "Multi-Arch: same\n" : ""}${depends}Filename: ${one.file}\nSize: ${one.size}\nDescription: ${SUMMARIES.get(one.name) ?? one.name}\n`;
    })
    .join("\n");
}
