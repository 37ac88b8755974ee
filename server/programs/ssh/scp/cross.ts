import { basename } from "../../../sim/host/index.ts";
import type { Bytes } from "../../../sim/kernel/index.ts";
import type { Sftp } from "../sftp/client.ts";
import { remoteGlob } from "../sftp/glob.ts";
import { isDirectory, isLink, isRegular, type Attributes } from "../sftp/packet.ts";
import { append, remotePath, wordsOf, type Copying } from "./copying.ts";

/** The two other machines between which files go. */
export interface Across {
  readonly from: Sftp;
  readonly to: Sftp;
}

/** From one other machine to another one, through this one (scp.c throughlocal_sftp). */
export async function copyAcross(
  it: Copying,
  across: Across,
  source: string,
  target: string,
  many: boolean,
): Promise<boolean> {
  const path = remotePath(target);
  const into = await across.to.isDirectory(path);
  if (many && !into) return it.wrong(`${target}: destination is not a directory`);
  const found = await remoteGlob(across.from, remotePath(source));
  if (found.length === 0) return it.wrong(`${source}: No such file or directory`);
  let well = true;
  for (const each of found) {
    const to = into ? append(path, basename(each)) : path;
    const copy = each.endsWith("/") && it.recursive ? acrossDirectory : acrossFile;
    well = (await copy(it, across, each.replace(/(.)\/$/, copy === acrossDirectory ? "$1" : "$1/"), to)) && well;
  }
  return well;
}

async function acrossFile(
  it: Copying,
  { from, to }: Across,
  path: string,
  target: string,
  known?: Attributes,
): Promise<boolean> {
  const attributes = known ?? (await from.stat(path));
  if (attributes === undefined) return it.wrong(`stat remote "${path}": No such file or directory`);
  if (!isRegular(attributes)) return it.wrong(`download "${path}": not a regular file`);
  let origin: Bytes;
  try {
    origin = await from.openToRead(path);
  } catch (error) {
    return it.wrong(`origin open "${path}": ${wordsOf(error)}`);
  }
  const kept = keptOf(it, attributes, 0o777);
  let dest: Bytes;
  try {
    dest = await to.openToWrite(target, kept);
  } catch (error) {
    await from.closeFile(origin);
    return it.wrong(`dest open "${target}": ${wordsOf(error)}`);
  }
  const wrong = await pass(it, { from, to }, { origin, dest, path, target, size: attributes.size ?? 0 });
  if (wrong === undefined && it.preserve) await to.setOpen(dest, kept);
  await from.closeFile(origin);
  await to.closeFile(dest);
  return wrong === undefined || it.wrong(wrong);
}

interface Passing {
  readonly origin: Bytes;
  readonly dest: Bytes;
  readonly path: string;
  readonly target: string;
  readonly size: number;
}

/** The bytes themselves; returns what went wrong. */
async function pass(
  it: Copying,
  { from, to }: Across,
  { origin, dest, path, target, size }: Passing,
): Promise<string | undefined> {
  const progress = size > 0 ? await it.progress(path, size) : undefined;
  let data: Bytes = "";
  try {
    for await (const bytes of from.read(origin, size)) {
      data += bytes;
      await progress?.add(bytes.length);
    }
  } catch (error) {
    await progress?.end();
    return `read origin "${path}": ${wordsOf(error)}`;
  }
  await progress?.end();
  try {
    await to.write(dest, data, async () => {});
  } catch (error) {
    return `write dest "${target}": ${wordsOf(error)}`;
  }
  return undefined;
}

async function acrossDirectory(
  it: Copying,
  across: Across,
  path: string,
  target: string,
  known?: Attributes,
): Promise<boolean> {
  const { from, to } = across;
  const attributes = known ?? (await from.stat(path));
  if (attributes === undefined) return it.wrong(`stat remote "${path}" failed`);
  const kept = keptOf(it, attributes, 0o1777);
  await to.mkdir(target, { ...kept, mode: kept.mode! | 0o300 }).catch((error: unknown) => void wordsOf(error));
  const there = await to.stat(target);
  if (there === undefined) return false;
  if (!isDirectory(there)) return it.wrong(`"${target}" exists but is not a directory`);
  const names = await from.list(path).catch((error: unknown) => void wordsOf(error));
  if (names === undefined) return it.wrong(`origin readdir "${path}" failed`);
  let well = true;
  for (const each of names) {
    const [source, dest] = [append(path, each.name), append(target, each.name)];
    if (isDirectory(each.attributes)) well = (await acrossDirectory(it, across, source, dest, each.attributes)) && well;
    else if (!isRegular(each.attributes) && !isLink(each.attributes))
      await it.wrong(`origin "${source}": not a regular file`);
    else if (!(await acrossFile(it, across, source, dest, isLink(each.attributes) ? undefined : each.attributes)))
      well = await it.wrong(`crossload "${source}" to "${dest}" failed`);
  }
  await to.set(target, kept);
  return well;
}

function keptOf({ preserve }: Copying, { mode = 0, mtime }: Attributes, bits: number): Attributes {
  return { mode: mode & bits, ...(preserve && mtime !== undefined ? { mtime } : {}) };
}
