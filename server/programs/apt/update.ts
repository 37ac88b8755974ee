import { decode, encode, SECOND } from "../../sim/kernel/index.ts";
import { attempt, Errno, type Process } from "../../sim/host/index.ts";
import { Fetcher, RETRIES, sizeText } from "./fetch.ts";
import { folderOf, indexesOf, isFlat, LISTS, listName, readSources, type Source } from "./package-list.ts";
import { upgradable } from "./upgradable.ts";

interface Item {
  readonly number: number;
  readonly url: string;
  /** `http://deb.debian.org/debian bookworm InRelease` */
  readonly words: string;
}

/** `apt-get update`: fetches the lists of all sources; what cannot be had is told of, and is no error. */
export async function update(process: Process, name: "apt" | "apt-get", quiet: number): Promise<number> {
  const { host } = process;
  const say = async (text: string): Promise<void> => (quiet < 2 ? process.print(text) : undefined);
  const lock = attempt(() => host.files.write(`${LISTS}/lock`, "", { mode: 0o640 }, process));
  if (lock instanceof Errno && lock.code !== "ENOENT") {
    await process.error(
      `E: Could not open lock file ${LISTS}/lock - open (13: Permission denied)\nE: Unable to lock directory ${LISTS}/\n`,
    );
    return 100;
  }
  host.files.mkdir(LISTS, { parents: true });
  const fetcher = new Fetcher(process);
  const started = process.kernel.now;
  let [bytes, number] = [0, 0];
  const sources = readSources(host).map((source) => {
    number++;
    const url = `${folderOf(source)}/InRelease`;
    return { source, item: { number, url, words: `${source.uri} ${suiteWords(source)} InRelease` } };
  });
  const failures = new Map<Item, string>();
  const fresh: typeof sources = [];
  const without: { source: Source; item: Item; error: string }[] = [];
  let waiting = sources;
  for (let round = 0; waiting.length > 0; round++) {
    const again: typeof sources = [];
    for (const entry of waiting) {
      const got = await fetcher.get(entry.item.url);
      const words = entry.item.words.replace(entry.source.uri, moved(entry.source, entry.item.url, got.url));
      if ("error" in got) {
        if (got.transient && round < RETRIES) {
          await say(`Ign:${entry.item.number} ${entry.item.words}\n`);
          again.push(entry);
        } else if (!got.transient) {
          await say(`Ign:${entry.item.number} ${entry.item.words}\n`);
          without.push({ ...entry, error: got.error });
        } else {
          await say(`Err:${entry.item.number} ${entry.item.words}\n  ${got.error}\n`);
          failures.set(entry.item, got.error);
        }
        continue;
      }
      const path = `${LISTS}/${listName(entry.item.url)}`;
      const text = decode(got.body);
      if (host.readText(path) === text) await say(`Hit:${entry.item.number} ${words}\n`);
      else {
        await say(`Get:${entry.item.number} ${words} [${sizeText(got.body.length)}]\n`);
        bytes += got.body.length;
        host.files.write(path, encode(text), { mode: 0o644 });
        fresh.push(entry);
      }
    }
    waiting = again;
    if (again.length > 0) await process.sleep(2 ** round * SECOND);
  }
  for (const { item, error } of without)
    await say(`Err:${++number} ${item.words.replace(/InRelease$/, "Release")}\n  ${error}\n`);
  for (const { source } of fresh)
    for (const index of indexesOf(source)) {
      const { url } = index;
      const got = await fetcher.get(url);
      const words = `${moved(source, url, got.url)} ${index.words}`;
      number++;
      if ("error" in got) {
        await say(`Err:${number} ${words}\n  ${got.error}\n`);
        failures.set({ number, url, words }, got.error);
        continue;
      }
      // An empty index is known from the release file, and is not fetched.
      if (got.body.length > 0) await say(`Get:${number} ${words} [${sizeText(got.body.length)}]\n`);
      else number--;
      bytes += got.body.length;
      host.files.write(`${LISTS}/${listName(url)}`, got.body, { mode: 0o644 });
    }
  fetcher.close();
  if (bytes > 0) await say(fetchedLine(bytes, process.kernel.now - started));
  await say(quiet === 0 ? "Reading package lists... Done\n" : "Reading package lists...\n");
  if (name === "apt") await say(upgradable(process, quiet));
  for (const [item, error] of failures) await process.error(`W: Failed to fetch ${item.url}  ${error}\n`);
  for (const { item } of without) await process.error(noRelease(item.words.replace(/InRelease$/, "Release")));
  if (without.length > 0) return 100;
  if (failures.size > 0)
    await process.error("W: Some index files failed to download. They have been ignored, or old ones used instead.\n");
  return 0;
}

/** Nothing signed is there (apt-pkg/acquire-item.cc). */
function noRelease(words: string): string {
  return `E: The repository '${words}' does not have a Release file.\nN: Updating from such a repository can't be done securely, and is therefore disabled by default.\nN: See apt-secure(8) manpage for repository creation and user configuration details.\n`;
}

/** A flat repository has no suite to tell. */
function suiteWords(source: Source): string {
  return isFlat(source) ? source.suite.replace(/[./]*\/$/, "") : source.suite;
}

/** Where a source's files are in the end, if its server sends clients on to another. */
function moved({ uri }: Source, asked: string, got: string): string {
  const rest = asked.slice(uri.length);
  return got.endsWith(rest) ? got.slice(0, -rest.length) : uri;
}

/** `Fetched 18.4 MB in 1s (33.8 MB/s)` */
export function fetchedLine(bytes: number, span: number): string {
  const seconds = span / SECOND;
  return `Fetched ${sizeText(bytes)} in ${Math.round(seconds)}s (${sizeText(bytes / Math.max(seconds, 0.001))}/s)\n`;
}
