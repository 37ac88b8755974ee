import { SECOND, type Bytes } from "../../../sim/kernel/index.ts";
import { attempt, basename, Errno, open, type OpenFile, type Stat } from "../../../sim/host/index.ts";
import type { Sftp } from "../sftp/client.ts";
import { isDirectory, type Attributes } from "../sftp/packet.ts";
import { append, remotePath, ScpFatal, wordsOf, type Copying } from "./copying.ts";

/** A file or directory of this machine goes to the other one (scp.c source_sftp). `many`: the target is to be a directory. */
export async function upload(it: Copying, sftp: Sftp, source: string, to: string, many: boolean): Promise<boolean> {
  const { files } = it.process.host;
  const stat = attempt(() => files.stat(it.here(source), it.process));
  if (stat instanceof Errno) throw new ScpFatal(`stat local "${source}": ${stat.message}`);
  const target = remotePath(to);
  let into = await sftp.isDirectory(target);
  if (many && !into) {
    await sftp.mkdir(target, { mode: stat.mode | 0o700 }).catch((error: unknown) => {
      throw new ScpFatal(`remote mkdir "${target}": ${wordsOf(error)}`);
    });
    into = true;
  }
  const path = into ? append(target, basename(source)) : target;
  if (stat.type === "dir" && it.recursive) {
    const real = await sftp.realpath(path).catch(wordsOnly);
    if (real === undefined) await it.wrong(`upload "${path}": path canonicalization failed`);
    else if (await uploadDirectory(it, sftp, source, real)) return true;
    return it.wrong(`failed to upload directory ${source} to ${to}`);
  }
  if (await uploadFile(it, sftp, source, path)) return true;
  return it.wrong(`failed to upload file ${source} to ${to}`);
}

/** As sftp-client.c sftp_upload, but what is there already is cut off first. */
async function uploadFile(it: Copying, sftp: Sftp, source: string, path: string): Promise<boolean> {
  const { process } = it;
  const from = it.here(source);
  const stat = attempt(() => process.host.files.stat(from, process));
  if (stat instanceof Errno) return it.wrong(`open local "${source}": ${stat.message}`);
  if (stat.type !== "file") return it.wrong(`local "${source}" is not a regular file`);
  const file = attempt(() => open(process.host, from, { read: true }, process));
  if (file instanceof Errno) return it.wrong(`open local "${source}": ${file.message}`);
  const data = await readAll(it, file);
  const attributes = attributesFor(it, stat, 0o777);
  let handle: Bytes;
  try {
    handle = await sftp.openToWrite(path, attributes);
  } catch (error) {
    return it.wrong(`dest open "${path}": ${wordsOf(error)}`);
  }
  const progress = await it.progress(source, data.length);
  let well = true;
  try {
    await sftp.write(handle, data, async (bytes) => progress?.add(bytes));
    await progress?.end();
  } catch (error) {
    const words = wordsOf(error);
    await progress?.end();
    well = await it.wrong(`write remote "${path}": ${words}`);
  }
  if (it.preserve) await sftp.setOpen(handle, attributes).catch(tell(it, "remote fsetstat"));
  await sftp.closeFile(handle);
  return well;
}

async function readAll({ process }: Copying, file: OpenFile): Promise<Bytes> {
  file.retain();
  const pieces: Bytes[] = [];
  for (;;) {
    const piece = await file.read(process, 1_048_576);
    if (piece === "") break;
    pieces.push(piece);
  }
  file.drop();
  return pieces.join("");
}

async function uploadDirectory(it: Copying, sftp: Sftp, source: string, path: string): Promise<boolean> {
  const { process } = it;
  const { files } = process.host;
  const here = it.here(source);
  const attributes = attributesFor(it, files.stat(here, process), 0o1777);
  // It can be written to while its files are copied.
  await sftp.mkdir(path, { ...attributes, mode: attributes.mode! | 0o300 }).catch(wordsOnly);
  const there = await sftp.stat(path);
  if (there === undefined) return false;
  if (!isDirectory(there)) return it.wrong(`"${path}" exists but is not a directory`);
  const names = attempt(() => files.list(here, process));
  if (names instanceof Errno) return it.wrong(`local opendir "${source}": ${names.message}`);
  let well = true;
  for (const name of names) {
    const [from, to] = [append(source, name), append(path, name)];
    const stat = files.lstat(it.here(from), process);
    if (stat.type === "dir") well = (await uploadDirectory(it, sftp, from, to)) && well;
    else if (stat.type !== "file" && stat.type !== "link") await it.wrong(`${name}: not a regular file`);
    else if (!(await uploadFile(it, sftp, from, to))) well = await it.wrong(`upload "${from}" to "${to}" failed`);
  }
  await sftp.set(path, attributes).catch(tell(it, "remote setstat"));
  return well;
}

function attributesFor({ preserve }: Copying, { mode, mtime }: Stat, bits: number): Attributes {
  return { mode: mode & bits, ...(preserve ? { mtime: Math.floor(mtime / SECOND) } : {}) };
}

function wordsOnly(error: unknown): undefined {
  wordsOf(error);
}

/** Says what the server did not do; the copy goes on. */
function tell(it: Copying, what: string) {
  return async (error: unknown): Promise<void> => {
    await it.wrong(`${what}: ${wordsOf(error)}`);
  };
}
