import { SECOND, type Bytes } from "../../../sim/kernel/index.ts";
import { attempt, basename, Errno, open } from "../../../sim/host/index.ts";
import type { Sftp } from "../sftp/client.ts";
import { remoteGlob } from "../sftp/glob.ts";
import { isDirectory, isLink, isRegular, type Attributes } from "../sftp/packet.ts";
import { append, remotePath, wordsOf, type Copying } from "./copying.ts";

/** What a pattern on the other machine stands for comes here (scp.c sink_sftp). */
export async function download(it: Copying, sftp: Sftp, from: string, to: string): Promise<boolean> {
  const { process } = it;
  const { files } = process.host;
  const found = await remoteGlob(sftp, remotePath(from));
  if (found.length === 0) return it.wrong(`${from}: No such file or directory`);
  const target = attempt(() => files.stat(it.here(to), process));
  let into = !(target instanceof Errno) && target.type === "dir";
  if (found.length > 1 && !into) {
    if (!(target instanceof Errno))
      return it.wrong(`Multiple files match pattern, but destination "${to}" is not a directory`);
    const made = attempt(() => files.mkdir(it.here(to), {}, process));
    if (made instanceof Errno) return it.wrong(`local mkdir "${to}": ${made.message}`);
    into = true;
  }
  let well = true;
  for (const path of found) {
    const here = into ? append(to, basename(path)) : to;
    if (path.endsWith("/") && it.recursive) {
      const real = await sftp.realpath(path);
      well = (await downloadDirectory(it, sftp, real, here, undefined)) && well;
    } else well = (await downloadFile(it, sftp, path, here, undefined)) && well;
  }
  return well;
}

async function downloadFile(
  it: Copying,
  sftp: Sftp,
  path: string,
  to: string,
  known: Attributes | undefined,
): Promise<boolean> {
  const { process } = it;
  const attributes = known ?? (await sftp.stat(path));
  if (attributes === undefined) return it.wrong(`stat remote "${path}": No such file or directory`);
  if (!isRegular(attributes)) return it.wrong(`download ${path}: not a regular file`);
  const mode = attributes.mode! & 0o777;
  let handle: Bytes;
  try {
    handle = await sftp.openToRead(path);
  } catch (error) {
    return it.wrong(`remote open "${path}": ${wordsOf(error)}`);
  }
  const flags = { write: true, truncate: true, mode: mode | 0o200 };
  const file = attempt(() => open(process.host, it.here(to), flags, process));
  if (file instanceof Errno) {
    await sftp.closeFile(handle);
    return it.wrong(`open local "${to}": ${file.message}`);
  }
  file.retain();
  const size = attributes.size ?? 0;
  const progress = size > 0 ? await it.progress(path, size) : undefined;
  let wrong: string | undefined;
  try {
    for await (const bytes of sftp.read(handle, size)) {
      // Whatever was asked for comes all the same.
      if (wrong !== undefined) continue;
      try {
        await file.write(process, bytes);
      } catch (error) {
        wrong = `write local "${to}": ${wordsOf(error)}`;
      }
      await progress?.add(bytes.length);
    }
  } catch (error) {
    wrong = `read remote "${path}" : ${wordsOf(error)}`;
  }
  file.drop();
  await progress?.end();
  await sftp.closeFile(handle);
  if (wrong !== undefined) return it.wrong(wrong);
  if (it.preserve) preserve(it, to, mode, attributes);
  return true;
}

async function downloadDirectory(
  it: Copying,
  sftp: Sftp,
  path: string,
  to: string,
  known: Attributes | undefined,
): Promise<boolean> {
  const { process } = it;
  const { files } = process.host;
  const attributes = known ?? (await sftp.stat(path));
  if (attributes === undefined) return it.wrong(`stat remote "${path}" directory failed`);
  if (!isDirectory(attributes)) return it.wrong(`"${path}" is not a directory`);
  const mode = attributes.mode! & 0o1777;
  const here = it.here(to);
  const made = attempt(() => files.mkdir(here, { mode: mode | 0o300 }, process));
  if (made instanceof Errno && made.code !== "EEXIST") return it.wrong(`mkdir ${to}: ${made.message}`);
  const names = await sftp.list(path).catch((error: unknown) => void wordsOf(error));
  if (names === undefined) return it.wrong(`remote readdir "${path}" failed`);
  let well = true;
  for (const each of names) {
    const [from, into] = [append(path, each.name), append(to, each.name)];
    if (isDirectory(each.attributes)) well = (await downloadDirectory(it, sftp, from, into, each.attributes)) && well;
    else if (!isRegular(each.attributes) && !isLink(each.attributes))
      await it.wrong(`download "${from}": not a regular file`);
    else if (!(await downloadFile(it, sftp, from, into, isLink(each.attributes) ? undefined : each.attributes)))
      well = await it.wrong(`Download of file ${from} to ${into} failed`);
  }
  if (it.preserve) preserve(it, to, mode, attributes);
  else if (mode !== (mode | 0o300)) files.chmod(here, mode, process);
  return well;
}

function preserve(it: Copying, to: string, mode: number, { mtime }: Attributes): void {
  const { files } = it.process.host;
  files.chmod(it.here(to), mode, it.process);
  if (mtime !== undefined) files.utimes(it.here(to), mtime * SECOND, it.process);
}
