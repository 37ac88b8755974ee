import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { LabVersion, ProofRecord, VersionFiles, LabName } from "../sessions/protocol/index.ts";
import { labHash } from "./lab-hash.ts";
import { writeWhole } from "./lab-folder.ts";

type Files = Readonly<Record<string, string>>;

const MOST_VERSIONS = 50;
const MOST_PROOFS = 2000;

const Version = LabVersion.extend(VersionFiles.shape);

/**
 * What the server keeps about labs, as files in the data folder: a version is a folder of files and is read as one, nobody
 * searches in it, and somebody who lost the page can still copy it out with an editor. The database stays what learners
 * need. `versions/<topic>/<id>/<number>.json` and `proofs/<hash>.json`.
 */
export class Kept {
  readonly #folder: string;
  #proofs: Promise<Map<string, ProofRecord>> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The newest first. */
  async versions(name: string): Promise<LabVersion[]> {
    const all = await this.#versions(name);
    return all.map(({ number, at, by, hash }) => ({ number, at, by, hash }));
  }

  async version(name: string, number: number): Promise<Files | undefined> {
    return (await this.#versions(name)).find((each) => each.number === number)?.files;
  }

  /** Keeps what was saved, unless it is what was kept last. */
  async keep(name: string, files: Files, by: string, at: number): Promise<void> {
    const all = await this.#versions(name);
    const hash = labHash(files);
    if (all[0]?.hash === hash) return;
    const number = (all[0]?.number ?? 0) + 1;
    await writeWhole(this.#path(name, number), JSON.stringify({ number, at, by, hash, files }));
    for (const old of all.slice(MOST_VERSIONS - 1)) await rm(this.#path(name, old.number), { force: true });
  }

  async proofs(): Promise<ReadonlyMap<string, ProofRecord>> {
    return (this.#proofs ??= this.#readProofs());
  }

  async keepProof(record: ProofRecord): Promise<void> {
    (await (this.#proofs ??= this.#readProofs())).set(record.hash, record);
    await writeWhole(join(this.#folder, "proofs", `${record.hash}.json`), JSON.stringify(record));
  }

  async #readProofs(): Promise<Map<string, ProofRecord>> {
    const records = await readAll(join(this.#folder, "proofs"), ProofRecord);
    records.sort((a, b) => b.at - a.at);
    for (const { hash } of records.splice(MOST_PROOFS))
      await rm(join(this.#folder, "proofs", `${hash}.json`), { force: true });
    return new Map(records.reverse().map((record) => [record.hash, record]));
  }

  async #versions(name: string): Promise<(typeof Version)["_output"][]> {
    const found = await readAll(join(this.#folder, "versions", LabName.parse(name)), Version);
    return found.sort((a, b) => b.number - a.number);
  }

  #path(name: string, number: number): string {
    return join(this.#folder, "versions", LabName.parse(name), `${number}.json`);
  }
}

/** What the files of a folder hold. One that cannot be read is not there for us. */
async function readAll<T>(folder: string, schema: { safeParse(value: unknown): { data?: T } }): Promise<T[]> {
  const names = await readdir(folder).catch(() => []);
  const read = names
    .filter((name) => name.endsWith(".json"))
    .map(async (name) => {
      try {
        return schema.safeParse(JSON.parse(await readFile(join(folder, name), "utf8"))).data;
      } catch {
        return undefined;
      }
    });
  return (await Promise.all(read)).filter((value) => value !== undefined);
}
