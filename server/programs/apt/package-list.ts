import { attempt, Errno, type Host } from "../../sim/host/index.ts";
import { BASE_PACKAGES } from "../../sim/world/index.ts";

/** A package that the lists under /var/lib/apt/lists tell of. */
export interface Available {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
  readonly multi: boolean;
  readonly size: number;
  /** KiB */
  readonly installed: number;
  readonly file: string;
  readonly depends: readonly string[];
  readonly recommends: readonly string[];
  /** `http://deb.debian.org/debian` and `bookworm/main`. */
  readonly archive: string;
  readonly section: string;
}

export interface Source {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
}

export const LISTS = "/var/lib/apt/lists";
const STATUS = "/var/lib/dpkg/status";

/** Lines and stanzas of /etc/apt/sources.list and sources.list.d (sources.list(5)). */
export function readSources(host: Host): readonly Source[] {
  const folder = "/etc/apt/sources.list.d";
  const names = attempt(() => host.files.list(folder));
  const files = [
    "/etc/apt/sources.list",
    ...(names instanceof Errno ? [] : names.sort().map((name) => `${folder}/${name}`)),
  ];
  return files.flatMap((path) => {
    const text = host.readText(path) ?? "";
    if (path.endsWith(".sources")) return text.split(/\n\s*\n/).flatMap(stanza);
    return path.endsWith(".list") ? text.split("\n").flatMap(line) : [];
  });
}

function line(text: string): Source[] {
  const [kind, ...words] = text
    .replace(/#.*/, "")
    .replace(/\[[^\]]*\]/, "")
    .trim()
    .split(/\s+/);
  const [uri = "", suite = "", ...components] = words;
  return kind === "deb" && suite !== "" ? [{ uri: uri.replace(/\/$/, ""), suite, components }] : [];
}

function stanza(text: string): Source[] {
  const fields = fieldsOf(text.replaceAll(/^#.*\n?/gm, ""));
  const words = (name: string): string[] => (fields.get(name) ?? "").split(/\s+/).filter((word) => word !== "");
  if (!words("Types").includes("deb") || fields.get("Enabled") === "no") return [];
  return words("URIs").flatMap((uri) =>
    words("Suites").map((suite) => ({ uri: uri.replace(/\/$/, ""), suite, components: words("Components") })),
  );
}

function fieldsOf(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^([A-Za-z0-9-]+): *(.*)$/gm)].map(([, name, value]) => [name!, value!]));
}

/** `deb.debian.org_debian_dists_bookworm_InRelease` */
export function listName(url: string): string {
  return url.replace(/^[a-z]+:\/\//, "").replaceAll("/", "_");
}

/** All that the lists of the sources have, of several versions the last. */
export function readLists(host: Host): ReadonlyMap<string, Available> {
  const found = new Map<string, Available>();
  for (const { uri, suite, components } of readSources(host))
    for (const component of components) {
      const path = `${LISTS}/${listName(`${uri}/dists/${suite}/${component}/binary-amd64/Packages`)}`;
      for (const text of (host.readText(path) ?? "").split("\n\n")) {
        const fields = fieldsOf(text);
        const name = fields.get("Package");
        if (name === undefined) continue;
        const list = (field: string): string[] => (fields.get(field) ?? "").split(", ").filter((one) => one !== "");
        found.set(name, {
          name,
          version: fields.get("Version") ?? "",
          arch: fields.get("Architecture") ?? "all",
          multi: fields.get("Multi-Arch") === "same",
          size: Number(fields.get("Size")),
          installed: Number(fields.get("Installed-Size")),
          file: fields.get("Filename") ?? "",
          depends: list("Depends"),
          recommends: list("Recommends"),
          archive: uri,
          section: `${suite}/${component}`,
        });
      }
    }
  return found;
}

/** Versions of what is installed: the base system, and what dpkg's status tells. */
export function installedVersions(host: Host): ReadonlyMap<string, string> {
  const found = new Map(Object.entries(BASE_PACKAGES));
  for (const text of (host.readText(STATUS) ?? "").split("\n\n")) {
    const fields = fieldsOf(text);
    const name = fields.get("Package");
    if (name !== undefined && fields.get("Status") === "install ok installed") found.set(name, fields.get("Version")!);
  }
  return found;
}

/** dpkg's note of a package that it has configured. */
export function noteInstalled(host: Host, { name, version, arch }: Available): void {
  const before = host.readText(STATUS) ?? "";
  const text = `Package: ${name}\nStatus: install ok installed\nArchitecture: ${arch}\nVersion: ${version}\n\n`;
  host.files.mkdir("/var/lib/dpkg", { parents: true });
  host.files.write(STATUS, before + text, { mode: 0o644 });
}
