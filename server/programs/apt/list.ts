import type { Process } from "../../sim/host/index.ts";
import { automatic, readInstalled, type Installed } from "../dpkg/database.ts";
import { compareVersions } from "../dpkg/version.ts";
import { readLists, type Available } from "./package-list.ts";

export interface ListOptions {
  readonly installed: boolean;
  readonly upgradable: boolean;
  readonly all: boolean;
}

/** `apt list`: a line for each package, or for each of its versions. */
export async function list(process: Process, patterns: readonly string[], options: ListOptions): Promise<number> {
  const { host } = process;
  const [lists, installed, auto] = [readLists(host), readInstalled(host), automatic(host)];
  const tests = patterns.map((pattern) => new RegExp(`^${pattern.replaceAll(/[.+^${}()|\\[\]]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".")}$`)); // prettier-ignore
  const names = [...new Set([...lists.keys(), ...installed.keys()])].sort();
  await process.print(process.isTty(1) ? "Listing... Done\n" : "Listing...\n");
  for (const name of names) {
    if (tests.length > 0 && !tests.some((test) => test.test(name))) continue;
    const [versions, has] = [lists.get(name) ?? [], installed.get(name)];
    const newer =
      has !== undefined && versions[0] !== undefined && compareVersions(versions[0].version, has.version) > 0;
    if ((options.installed && !has) || (options.upgradable && !newer)) continue;
    const known = versions.find(({ version }) => version === has?.version);
    const own = has && (known ?? has);
    const shown = options.all
      ? [...(has && !known ? [has] : []), ...versions].sort((a, b) => compareVersions(b.version, a.version))
      : [(options.installed ? own : undefined) ?? versions[0] ?? has!];
    for (const one of shown) await process.print(`${listLine(one, versions, has, auto.has(name))}\n`);
    if (options.all) await process.print("\n");
  }
  return 0;
}

/** `kubeadm/unknown,now 1.33.1-1.1 amd64 [installed,upgradable to: 1.33.8-1.1]` (apt-private/private-output.cc ListSingleVersion). */
export function listLine(
  one: Available | Installed,
  versions: readonly Available[],
  has: Installed | undefined,
  auto: boolean,
): string {
  const suites = "release" in one ? [one.release.suite || "unknown"] : [];
  const here = one.version === has?.version;
  const candidate = versions[0]?.version;
  const newer = has !== undefined && candidate !== undefined && compareVersions(candidate, has.version) > 0;
  const state = !has
    ? ""
    : here
      ? newer
        ? ` [installed,upgradable to: ${candidate}]`
        : suites.length === 0
          ? " [installed,local]"
          : auto
            ? " [installed,automatic]"
            : " [installed]"
      : newer && one.version === candidate
        ? ` [upgradable from: ${has.version}]`
        : "";
  return `${one.name}/${[...suites, ...(here ? ["now"] : [])].join(",")} ${one.version} ${one.arch}${state}`;
}
