import { decode, SECOND } from "../../sim/kernel/index.ts";
import type { Process } from "../../sim/host/index.ts";
import { Fetcher, RETRIES, sizeText } from "./fetch.ts";
import { folderOf, isFlat, type Available } from "./package-list.ts";
import { fetchedLine } from "./update.ts";

/** Archives of packages by their names; undefined if one cannot be had, which is told. */
export async function fetchAll(
  process: Process,
  packages: readonly Available[],
  say: (text: string) => Promise<void>,
): Promise<ReadonlyMap<string, string> | undefined> {
  const fetcher = new Fetcher(process);
  const started = process.kernel.now;
  const found = new Map<string, string>();
  const failures: string[] = [];
  let bytes = 0;
  for (const [at, one] of packages.entries()) {
    const base = isFlat(one.source) ? folderOf(one.source) : one.source.uri;
    const url = `${base}/${one.file}`;
    let words = archiveWords(one, base);
    for (let round = 0; ; round++) {
      const got = await fetcher.get(url, one.size);
      if (got.url.endsWith(one.file)) words = archiveWords(one, got.url.slice(0, -one.file.length - 1));
      if ("body" in got) {
        await say(`Get:${at + 1} ${words} [${sizeText(one.size)}]\n`);
        found.set(one.name, decode(got.body));
        bytes += one.size;
        break;
      }
      if (got.transient && round < RETRIES) {
        await say(`Ign:${at + 1} ${words}\n`);
        await process.sleep(2 ** round * SECOND);
        continue;
      }
      await say(`Err:${at + 1} ${words}\n  ${got.error}\n`);
      failures.push(`E: Failed to fetch ${url}  ${got.error}\n`);
      break;
    }
  }
  fetcher.close();
  if (bytes > 0) await say(fetchedLine(bytes, process.kernel.now - started));
  if (failures.length === 0) return found;
  for (const line of failures) await process.error(line);
  await process.error("E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?\n");
  return undefined;
}

/** `http://archive.ubuntu.com/ubuntu noble/main amd64 jq amd64 1.7.1-3build1`; of a flat repository less is told. */
function archiveWords({ source, component, name, arch, version }: Available, base: string): string {
  if (isFlat(source)) return `${base}  ${name} ${version}`;
  return `${base} ${source.suite}/${component} amd64 ${name} ${arch} ${version}`;
}
