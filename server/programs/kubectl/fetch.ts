import type { Process } from "../../sim/host/index.ts";
import { decode, type Bytes } from "../../sim/kernel/index.ts";
import { goRequest } from "../http/go-client.ts";
import { parseWebUrl, resolveLocation, type WebUrl } from "../http/go-url.ts";
import { field } from "../http/response-stream.ts";
import type { Fetched } from "./ports.ts";

const MOST_REDIRECTS = 10;
/** What Go's crypto/x509 reads on Debian and Alpine, and whatever SSL_CERT_FILE names. */
const ROOTS = "/etc/ssl/certs/ca-certificates.crt";
const HEADERS = [["User-Agent", "Go-http-client/1.1"], ["Accept-Encoding", "gzip"]] as const; // prettier-ignore
const MOVED = new Set([301, 302, 303, 307, 308]);

/** Gets an URL as Go's default HTTP client does, through the network of the process; errors in Go's words. */
export async function fetchUrl(process: Process, start: string): Promise<Fetched> {
  let next = start;
  let last: WebUrl | undefined;
  for (let followed = 0; followed < MOST_REDIRECTS; followed++) {
    const url = parseWebUrl(next);
    if (!("target" in url)) {
      const why =
        "error" in url ? url.error : `failed to parse Location header ${JSON.stringify(next)}: ${url.malformed}`;
      return { error: why, url: "error" in url ? next : (last?.text ?? start) };
    }
    last = url;
    const answer = await fetchOnce(process, url);
    if ("error" in answer || answer.location === undefined) return answer;
    const location = resolveLocation(url, answer.location);
    if (location === undefined)
      return { error: `failed to parse Location header ${JSON.stringify(answer.location)}`, url: url.text };
    next = location;
  }
  return { error: `stopped after ${MOST_REDIRECTS} redirects`, url: next };
}

async function fetchOnce(process: Process, url: WebUrl): Promise<Fetched & { readonly location?: string | undefined }> {
  const roots = process.host.readText(process.env["SSL_CERT_FILE"] ?? ROOTS) ?? "";
  const response = await goRequest(process, { method: "GET", url, headers: HEADERS, roots });
  if ("error" in response) return { error: response.error, url: url.text };
  const { head, body } = response;
  try {
    const { status, reason } = head;
    let bytes: Bytes = "";
    let piece = await body.next();
    for (; !piece.done; piece = await body.next()) bytes += piece.value;
    const { missing, malformed } = piece.value;
    return {
      status,
      reason,
      text: decode(bytes),
      ...(missing === undefined && !malformed ? {} : { cut: true as const }),
      location: MOVED.has(status) ? field(head, "location") : undefined,
    };
  } finally {
    response.close();
  }
}
