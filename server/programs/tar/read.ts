import type { Bytes } from "../../sim/kernel/index.ts";
import { BLOCK, readHeader, readPax, type Member } from "./header.ts";

/** Where an archive comes from: at most so many bytes, none at its end. */
export type Source = (max: number) => Promise<Bytes>;

/** An archive that ends too early, in GNU tar's words. */
export class BadArchive extends Error {}

/** Reads an archive member by member. */
export class ArchiveReader {
  readonly #source: Source;
  readonly #complain: (words: string) => Promise<void>;
  #held: Bytes = "";
  #left = 0;
  #first = true;
  readonly #drains: boolean;

  /**
   * `complain` hears of what is no archive; reading goes on at the next header (GNU tar list.c read_and).
   * With `drains`, all behind the archive's end is read, too.
   */
  constructor(source: Source, complain: (words: string) => Promise<void>, drains = true) {
    this.#source = source;
    this.#drains = drains;
    this.#complain = complain;
  }

  /** The next member; undefined at the end. What of the one before was not read is skipped. */
  async next(): Promise<Member | undefined> {
    await this.#skip();
    let long: Partial<Member> = {};
    let skipping = false;
    for (;;) {
      const bytes = await this.#take(BLOCK);
      if (bytes.length < BLOCK && this.#first && !skipping) {
        await this.#complain("This does not look like a tar archive");
        return undefined;
      }
      if (bytes.length === 0 || (skipping && bytes.length < BLOCK)) return undefined;
      if (bytes.length < BLOCK) throw new BadArchive("Unexpected EOF in archive");
      if (/^\0*$/.test(bytes)) {
        // Whoever writes into a pipe wants all of it taken.
        while (this.#drains && (await this.#take(65_536)) !== "");
        return undefined;
      }
      const read = readHeader(bytes);
      if (!read) {
        if (this.#first && !skipping) await this.#complain("This does not look like a tar archive");
        if (!skipping) await this.#complain("Skipping to next header");
        skipping = true;
        continue;
      }
      skipping = false;
      this.#first = false;
      const { member, flag } = read;
      if (flag === "L" || flag === "K" || flag === "x" || flag === "g") {
        const content = await this.#whole(member.size);
        if (flag === "L") long = { ...long, name: Buffer.from(cut(content), "latin1").toString() };
        else if (flag === "K") long = { ...long, target: Buffer.from(cut(content), "latin1").toString() };
        else if (flag === "x") long = { ...long, ...readPax(content) };
        continue;
      }
      const whole = { ...member, ...long };
      this.#left = whole.type === "file" ? Math.ceil(whole.size / BLOCK) * BLOCK : 0;
      return whole;
    }
  }

  /** The content of the present member. */
  async content({ size }: Member): Promise<Bytes> {
    const content = await this.#exactly(size);
    this.#left -= size;
    return content;
  }

  async #whole(size: number): Promise<Bytes> {
    return (await this.#exactly(Math.ceil(size / BLOCK) * BLOCK)).slice(0, size);
  }

  async #exactly(size: number): Promise<Bytes> {
    const bytes = await this.#take(size);
    if (bytes.length < size) throw new BadArchive("Unexpected EOF in archive");
    return bytes;
  }

  async #skip(): Promise<void> {
    while (this.#left > 0) {
      const piece = await this.#take(Math.min(this.#left, 65_536));
      if (piece === "") throw new BadArchive("Unexpected EOF in archive");
      this.#left -= piece.length;
    }
  }

  async #take(size: number): Promise<Bytes> {
    const pieces = [this.#held];
    let have = this.#held.length;
    while (have < size) {
      const piece = await this.#source(Math.max(65_536, size - have));
      if (piece === "") break;
      pieces.push(piece);
      have += piece.length;
    }
    const all = pieces.length > 1 ? pieces.join("") : pieces[0]!;
    this.#held = all.slice(size);
    return all.slice(0, size);
  }
}

function cut(content: Bytes): Bytes {
  return content.split("\0")[0]!;
}
