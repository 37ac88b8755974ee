import { attempt, DPKG_STATUS, Errno, packageStatus, type Host } from "../../sim/host/index.ts";
import { BASE_PACKAGES, NOBLE_BASE } from "../../sim/world/index.ts";

/** One stanza of dpkg's status. */
export interface Installed {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
  /** As it is shown: `bash`, `libc6:amd64`. */
  readonly shown: string;
  readonly want: "install" | "hold" | "deinstall" | "purge";
  readonly summary: string;
  readonly depends: readonly string[];
  /** All fields, as in the file. */
  readonly text: string;
}

const INFO = "/var/lib/dpkg/info";
const EXTENDED = "/var/lib/apt/extended_states";

/** Fields of a stanza; continued lines keep their space. */
export function fieldsOf(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/^([A-Za-z0-9-]+): *(.*(?:\n[ \t].*)*)$/gm)].map(([, name, value]) => [name!, value!]),
  );
}

/** Names in a field of dependencies, without their versions; of alternatives the first. */
export function dependencyNames(field: string | undefined): string[] {
  return (field ?? "")
    .split(",")
    .map((one) => one.trim().replace(/[\s(|:].*$/s, ""))
    .filter((name) => name !== "");
}

/** What is installed, by name, in the order of names. */
export function readInstalled(host: Host): ReadonlyMap<string, Installed> {
  const found = new Map<string, Installed>();
  for (const text of stanzas(host)) {
    const fields = fieldsOf(text);
    const name = fields.get("Package");
    const [want = "", , state] = (fields.get("Status") ?? "").split(" ");
    if (name === undefined || state !== "installed") continue;
    const arch = fields.get("Architecture") ?? "all";
    found.set(name, {
      name,
      version: fields.get("Version") ?? "",
      arch,
      shown: fields.get("Multi-Arch") === "same" ? `${name}:${arch}` : name,
      want: want as Installed["want"],
      summary: (fields.get("Description") ?? "").split("\n")[0]!,
      depends: dependencyNames((fields.get("Depends") ?? "").replaceAll(/^\s+/gm, "")),
      text,
    });
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The file's stanzas; an image that has no such file has its distribution's base system. */
function stanzas(host: Host): string[] {
  const text = host.readText(DPKG_STATUS) ?? "";
  const own = text.split(/\n\n+/).filter((one) => one.trim() !== "");
  return /^Package: dpkg$/m.test(text) ? own : [...baseStanzas(host), ...own];
}

function baseStanzas(host: Host): string[] {
  const ubuntu = /^ID=ubuntu$/m.test(host.readText("/etc/os-release") ?? "");
  const packages = ubuntu
    ? NOBLE_BASE.filter(({ name }) => IN_IMAGES.has(name))
    : Object.entries(BASE_PACKAGES).map(([name, version]) => ({ name, version, arch: "amd64" as const, summary: "" }));
  return packageStatus(packages)
    .split("\n\n")
    .filter((one) => one !== "");
}

/** Ubuntu's image has of a server's packages these. */
const IN_IMAGES = new Set(
  "apt base-files base-passwd bash bsdutils coreutils dash debconf debianutils diffutils dpkg e2fsprogs findutils gpgv grep gzip hostname init-system-helpers libc-bin libc6 libssl3t64 libsystemd0 login mawk mount ncurses-base ncurses-bin passwd perl-base procps sed sysvinit-utils tar ubuntu-keyring util-linux zlib1g".split(
    " ",
  ),
);

function write(host: Host, all: readonly string[]): void {
  host.files.mkdir("/var/lib/dpkg", { parents: true });
  host.files.write(DPKG_STATUS, all.map((text) => `${text}\n\n`).join(""), { mode: 0o644 });
}

function nameIn(text: string): string | undefined {
  return /^Package: (.*)$/m.exec(text)?.[1];
}

/** `apt-mark hold`: what an administrator wants of a package. */
export function setWant(host: Host, name: string, want: "install" | "hold"): void {
  write(
    host,
    stanzas(host).map((text) => (nameIn(text) === name ? text.replace(/^Status: \S+/m, `Status: ${want}`) : text)),
  );
}

/** dpkg's note of a package that it has configured, with where its files are. */
export function noteInstalled(host: Host, stanza: string, shown: string, name: string, list: string): void {
  write(host, [...stanzas(host).filter((text) => nameIn(text) !== name), stanza.trimEnd()]);
  host.files.mkdir(INFO, { parents: true });
  host.files.write(`${INFO}/${shown}.list`, list, { mode: 0o644 });
}

/** It is gone, with its list of files. */
export function noteRemoved(host: Host, { name, shown }: Installed): void {
  write(
    host,
    stanzas(host).filter((text) => nameIn(text) !== name),
  );
  attempt(() => host.files.unlink(`${INFO}/${shown}.list`));
}

/** Paths of a package's files and folders; undefined if nobody noted them. */
export function filesOf(host: Host, { shown }: Installed): readonly string[] | undefined {
  return host
    .readText(`${INFO}/${shown}.list`)
    ?.split("\n")
    .filter((path) => path !== "");
}

/** Names of packages that came only because others need them (apt's extended_states). */
export function automatic(host: Host): ReadonlySet<string> {
  return new Set(
    (host.readText(EXTENDED) ?? "")
      .split("\n\n")
      .filter((text) => /^Auto-Installed: 1$/m.test(text))
      .flatMap((text) => nameIn(text) ?? []),
  );
}

export function setAutomatic(host: Host, names: ReadonlySet<string>): void {
  const text = [...names].map((name) => `Package: ${name}\nArchitecture: amd64\nAuto-Installed: 1\n\n`).join("");
  const made = attempt(() => host.files.mkdir("/var/lib/apt", { parents: true }));
  if (!(made instanceof Errno) || made.code === "EEXIST") host.files.write(EXTENDED, text, { mode: 0o644 });
}
