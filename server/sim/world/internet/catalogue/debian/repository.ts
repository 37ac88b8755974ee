import { BOOKWORM } from "./bookworm.ts";
import type { DebianPackage } from "./package.ts";

/** `dists/bookworm-security/main/binary-amd64/Packages` and the suites' release files, as in Debian's archive. */
const SUITES: Readonly<Record<string, { readonly archive: string; readonly of?: DebianPackage["suite"] }>> = {
  bookworm: { archive: "debian", of: "main" },
  "bookworm-updates": { archive: "debian" },
  "bookworm-security": { archive: "debian-security", of: "security" },
};

const texts = new Map<string, string>();

/** What lies under a path of deb.debian.org; undefined: nothing. An archive's file lists what it puts where. */
export function debianFile(path: string): string | undefined {
  let text = texts.get(path);
  if (text !== undefined) return text;
  text = made(path);
  if (text !== undefined) texts.set(path, text);
  return text;
}

function made(path: string): string | undefined {
  const [, archive, suite, file] = /^\/(debian|debian-security)\/dists\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (suite !== undefined) {
    if (SUITES[suite]?.archive !== archive) return undefined;
    if (file === "InRelease") return release(suite);
    return file === "main/binary-amd64/Packages" ? index(suite) : undefined;
  }
  const [, from, name] = /^\/(debian|debian-security)\/(pool\/.+\.deb)$/.exec(path) ?? [];
  const found = BOOKWORM.find((one) => one.file === name && SUITES[suiteOf(one)]!.archive === from);
  return found && (found.programs ?? []).map((line) => `${line}\n`).join("");
}

function suiteOf({ suite }: DebianPackage): string {
  return suite === "security" ? "bookworm-security" : "bookworm";
}

function release(suite: string): string {
  const text = index(suite);
  const label = suite === "bookworm-security" ? "Debian-Security" : "Debian";
  return `Origin: Debian\nLabel: ${label}\nSuite: ${suite}\nCodename: ${suite}\nArchitectures: amd64\nComponents: main\nSHA256:\n ${text.length} main/binary-amd64/Packages\n`;
}

function index(suite: string): string {
  const wanted = SUITES[suite]!.of;
  return BOOKWORM.filter((one) => one.suite === wanted)
    .map((one) => {
      const list = (name: string, names: readonly string[]): string =>
        names.length === 0 ? "" : `${name}: ${names.join(", ")}\n`;
      return `Package: ${one.name}\nVersion: ${one.version}\nInstalled-Size: ${one.installed}\nArchitecture: ${one.arch}\n${list("Depends", one.depends)}${list("Recommends", one.recommends)}${one.multi ? "Multi-Arch: same\n" : ""}Filename: ${one.file}\nSize: ${one.size}\n`;
    })
    .join("\n");
}
