import type { Verbose } from "./verbose.ts";
import type { CurlVersion } from "./version.ts";

/** A transfer that failed: curl's exit code, and what follows `curl: (CODE) `. */
export class CurlFailure extends Error {
  readonly code: number;
  /** A line that stands ahead. */
  readonly before: string = "";

  constructor(code: number, words: string = WORDS[code] ?? "Unknown error") {
    super(words);
    this.code = code;
  }

  /** Tells what is seen behind the connection's end. */
  async closed(_verbose: Verbose, _version: CurlVersion): Promise<void> {}
}

/** curl_easy_strerror, for failures without words of their own. */
const WORDS: Readonly<Record<number, string>> = {
  3: "URL using bad/illegal format or missing URL",
  18: "Transferred a partial file",
  23: "Failure writing output to destination",
  26: "Failed to open/read local data from file/application",
  47: "Number of redirects hit maximum amount",
  52: "Empty reply from server",
  55: "Failed sending data to the peer",
  56: "Failure when receiving data from the peer",
  63: "Maximum file size exceeded",
};
