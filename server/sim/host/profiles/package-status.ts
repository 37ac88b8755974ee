import type { FileSpec } from "./file-spec.ts";

/** A package as dpkg's database knows it. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly arch: "amd64" | "all";
  /** Its name is shown with its architecture (`libc6:amd64`). */
  readonly multi?: true;
  readonly summary: string;
  readonly maintainer?: string;
  readonly depends?: string;
  /** KiB that it takes. */
  readonly size?: number;
  /** An administrator has said `apt-mark hold`. */
  readonly held?: true;
  /** Absolute paths of what it has put where; unknown for most of the base system. */
  readonly files?: readonly string[];
}

export const DPKG_STATUS = "/var/lib/dpkg/status";
const INFO = "/var/lib/dpkg/info";

/** Stanzas of /var/lib/dpkg/status. */
export function packageStatus(packages: readonly InstalledPackage[]): string {
  return packages
    .map(({ name, version, arch, multi, summary, maintainer, depends, size, held }) => {
      const lines = [
        `Package: ${name}`,
        `Status: ${held ? "hold" : "install"} ok installed`,
        ...(size === undefined ? [] : [`Installed-Size: ${size}`]),
        ...(maintainer === undefined ? [] : [`Maintainer: ${maintainer}`]),
        `Architecture: ${arch}`,
        ...(multi ? ["Multi-Arch: same"] : []),
        `Version: ${version}`,
        ...(depends === undefined ? [] : [`Depends: ${depends}`]),
        ...(summary === "" ? [] : [`Description: ${summary}`]),
      ];
      return `${lines.join("\n")}\n\n`;
    })
    .join("");
}

/** /var/lib/dpkg/info/NAME.list of those whose files are known: every folder above them, and them. */
export function packageLists(packages: readonly InstalledPackage[]): FileSpec[] {
  return packages.flatMap(({ name, multi, files }) =>
    files === undefined ? [] : [{ path: `${INFO}/${name}${multi ? ":amd64" : ""}.list`, text: listText(files) }],
  );
}

/** What a package's list says, with the folders. */
export function listText(files: readonly string[]): string {
  const seen = new Set<string>(["/."]);
  for (const file of files) {
    for (let at = file.indexOf("/", 1); at > 0; at = file.indexOf("/", at + 1)) seen.add(file.slice(0, at));
    seen.add(file);
  }
  return [...seen].map((path) => `${path}\n`).join("");
}
