import { Errno, isAbsolute, join, type Process } from "../../../../sim/host/index.ts";
import { GoError } from "../../errors/go-error.ts";

/** A path that means the same from everywhere. */
export function absolute(process: Process, path: string): string {
  return path === "" || isAbsolute(path) ? path : join(process.cwd, path);
}

/** A file in base64, to be embedded. */
export function embedded(process: Process, path: string, flag?: string): string {
  try {
    return Buffer.from(process.host.files.read(path, process), "latin1").toString("base64");
  } catch (error) {
    if (error instanceof Errno)
      throw new GoError(
        flag === undefined || error.code !== "ENOENT"
          ? `could not read ${path}: open ${path}: ${error.message.toLowerCase()}`
          : `could not stat ${flag} file ${path}: stat ${path}: ${error.message.toLowerCase()}`,
      );
    throw error;
  }
}
