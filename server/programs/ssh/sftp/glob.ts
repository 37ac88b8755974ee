import { join } from "../../../sim/host/index.ts";
import { matchesGlob } from "../../gnu/glob.ts";
import type { Sftp } from "./client.ts";
import { isDirectory } from "./packet.ts";

const MAGIC = /[*?[\\]/;

/**
 * The files that a pattern on the other side stands for, directories with a slash behind them; the pattern itself if it
 * has no magic and there is such a file. None: there is nothing (sftp-glob.c, with GLOB_MARK).
 */
export async function remoteGlob(sftp: Sftp, pattern: string): Promise<string[]> {
  if (!MAGIC.test(pattern)) {
    const found = await sftp.stat(pattern);
    return found === undefined ? [] : [isDirectory(found) && !pattern.endsWith("/") ? `${pattern}/` : pattern];
  }
  const parts = pattern.split("/").filter((part) => part !== "");
  let places = [pattern.startsWith("/") ? "/" : ""];
  for (const part of parts) {
    const next: string[] = [];
    for (const place of places) next.push(...(await step(sftp, place, part)));
    places = next;
  }
  const marked: string[] = [];
  for (const place of places) marked.push((await sftp.isDirectory(place)) ? `${place}/` : place);
  return marked;
}

/** One part of the pattern further. */
async function step(sftp: Sftp, place: string, part: string): Promise<string[]> {
  const within = (name: string): string => (place === "" ? name : join(place, name));
  if (!MAGIC.test(part)) return (await sftp.stat(within(part))) === undefined ? [] : [within(part)];
  if (!(await sftp.isDirectory(place === "" ? "." : place))) return [];
  const names = await sftp.list(place === "" ? "." : place);
  return names
    .filter(({ name }) => matchesGlob(part, name, { period: true }))
    .map(({ name }) => within(name))
    .sort();
}
