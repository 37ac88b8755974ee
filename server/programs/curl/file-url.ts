import { httpDate } from "../../sim/images/index.ts";
import type { Process } from "../../sim/host/index.ts";
import { CurlFailure } from "./failure.ts";
import type { Destination } from "./output.ts";

/** A `file://` URL: its file, or with `-I` what is known of it. How many bytes it has. */
export async function copyFile(
  process: Process,
  path: string,
  destination: Destination,
  headOnly: boolean,
): Promise<number> {
  const { files } = process.host;
  if (!files.exists(path, process)) throw new CurlFailure(37, `Couldn't open file ${path}`);
  const bytes = files.read(path, process);
  if (headOnly) {
    const date = httpDate(files.stat(path, process).mtime);
    await destination.put(`Content-Length: ${bytes.length}\r\nAccept-ranges: bytes\r\nLast-Modified: ${date}\r\n`);
  } else if (!(await destination.put(bytes))) throw new CurlFailure(23);
  return bytes.length;
}
