import { attempt, Errno, type Host } from "../../sim/host/index.ts";
import { dependencyNames, fieldsOf } from "../dpkg/database.ts";
import { compareVersions } from "../dpkg/version.ts";

/** A package in a version that the lists under /var/lib/apt/lists tell of. */
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
  readonly summary: string;
  /** All fields, as in the list. */
  readonly text: string;
  readonly source: Source;
  /** `main`; empty in a flat repository. */
  readonly component: string;
  readonly release: Release;
}

/** What a repository says of itself. */
export interface Release {
  readonly label: string;
  readonly suite: string;
  readonly version: string;
}

export interface Source {
  readonly uri: string;
  /** `noble`, or a folder with a slash at its end: a flat repository, without components. */
  readonly suite: string;
  readonly components: readonly string[];
}

export const LISTS = "/var/lib/apt/lists";

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

export function isFlat({ suite }: Source): boolean {
  return suite.endsWith("/");
}

/** Where a source's release file lies: `http://deb.debian.org/debian/dists/bookworm`; a flat one's own folder. */
export function folderOf(source: Source): string {
  if (!isFlat(source)) return `${source.uri}/dists/${source.suite}`;
  return `${source.uri}/${source.suite}`.replace(/[./]*\/+$/, "");
}

/** The indexes of a source: their addresses, and how apt calls them (`noble/main amd64 Packages`, `Packages`). */
export function indexesOf(source: Source): { url: string; words: string; component: string }[] {
  if (isFlat(source)) return [{ url: `${folderOf(source)}/Packages`, words: " Packages", component: "" }];
  return source.components.map((component) => ({
    url: `${folderOf(source)}/${component}/binary-amd64/Packages`,
    words: `${source.suite}/${component} amd64 Packages`,
    component,
  }));
}

/** `deb.debian.org_debian_dists_bookworm_InRelease` */
export function listName(url: string): string {
  return url.replace(/^[a-z]+:\/\//, "").replaceAll("/", "_");
}

/** All that the lists of the sources have, the newest version of each first. */
export function readLists(host: Host): ReadonlyMap<string, readonly Available[]> {
  const found = new Map<string, Available[]>();
  for (const source of readSources(host)) {
    const head = fieldsOf(host.readText(`${LISTS}/${listName(`${folderOf(source)}/InRelease`)}`) ?? "");
    const release = {
      label: head.get("Label") ?? "",
      suite: head.get("Suite") ?? "",
      version: head.get("Version") ?? "",
    };
    for (const { url, component } of indexesOf(source))
      for (const text of (host.readText(`${LISTS}/${listName(url)}`) ?? "").split("\n\n")) {
        const one = available(text, source, component, release);
        if (one) found.set(one.name, [...(found.get(one.name) ?? []), one]);
      }
  }
  for (const versions of found.values()) versions.sort((a, b) => compareVersions(b.version, a.version));
  return found;
}

function available(text: string, source: Source, component: string, release: Release): Available | undefined {
  const fields = fieldsOf(text);
  const name = fields.get("Package");
  if (name === undefined) return undefined;
  return {
    name,
    version: fields.get("Version") ?? "",
    arch: fields.get("Architecture") ?? "all",
    multi: fields.get("Multi-Arch") === "same",
    size: Number(fields.get("Size") ?? 0),
    installed: Number(fields.get("Installed-Size") ?? 0),
    file: fields.get("Filename") ?? "",
    depends: dependencyNames(fields.get("Depends")),
    recommends: dependencyNames(fields.get("Recommends")),
    summary: (fields.get("Description") ?? "").split("\n")[0]!,
    text: text.trim(),
    source,
    component,
    release,
  };
}

/** `http://archive.ubuntu.com/ubuntu noble/main amd64 Packages`, `https://pkgs.k8s.io/core:/stable:/v1.33/deb  Packages` */
export function indexWords({ source, component }: Available): string {
  return `${source.uri} ${isFlat(source) ? " Packages" : `${source.suite}/${component} amd64 Packages`}`;
}

/** Where a version is from, as simulations and choices tell: `Ubuntu:24.04/noble`, `isv:…:v1.33:pkgs.k8s.io`. */
export function releaseWords({ release, source }: Available): string {
  if (release.suite === "" && release.version === "")
    return `${release.label}:${/^[a-z]+:\/\/([^/]+)/.exec(source.uri)?.[1] ?? "localhost"}`;
  return `${release.label}:${[release.version, release.suite].filter((word) => word !== "").join("/")}`;
}
