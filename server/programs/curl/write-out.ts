import { encode, SECOND, type Bytes } from "../../sim/kernel/index.ts";
import type { ResponseHead } from "../http/response-stream.ts";
import { field } from "../http/response-stream.ts";

/** What `-w` can tell of a transfer. Times are microseconds since its start. */
export interface TransferFacts {
  head: ResponseHead | undefined;
  exitCode: number;
  errorMessage: string;
  method: string;
  scheme: string;
  url: string;
  effectiveUrl: string;
  referer: string;
  httpVersion: string;
  redirects: number;
  redirectUrl: string;
  connects: number;
  remote: { address: string; port: number } | undefined;
  local: { address: string; port: number } | undefined;
  headerSize: number;
  requestSize: number;
  downloaded: number;
  uploaded: number;
  verifyResult: number;
  outputName: string;
  urlNumber: number;
  /** Its host's name has an address. */
  resolved?: boolean;
  /** Of the server's certificates, each with its texts (`%{certs}`). */
  chain: readonly string[];
  times: {
    namelookup: number;
    connect: number;
    appconnect: number;
    pretransfer: number;
    starttransfer: number;
    redirect: number;
    total: number;
  };
}

const seconds = (span: number): string => (span / SECOND).toFixed(6);
const speed = (bytes: number, span: number): string => String(span > 0 ? Math.floor((bytes * SECOND) / span) : 0);

type Variable = (facts: TransferFacts) => string | number | null;

/** src/tool_writeout.c */
const VARIABLES: Readonly<Record<string, Variable>> = {
  certs: () => "",
  content_type: ({ head }) => (head ? (field(head, "content-type") ?? null) : null),
  errormsg: ({ errorMessage }) => errorMessage || null,
  exitcode: ({ exitCode }) => exitCode,
  filename_effective: ({ outputName }) => outputName || null,
  ftp_entry_path: () => null,
  http_code: ({ head }) => String(head?.status ?? 0).padStart(3, "0"),
  http_connect: () => "000",
  http_version: ({ head, httpVersion }) => (head ? httpVersion : "0"),
  local_ip: ({ local }) => local?.address ?? "",
  local_port: ({ local }) => local?.port ?? 0,
  method: ({ method }) => method,
  num_certs: ({ chain }) => chain.length,
  num_connects: ({ connects }) => connects,
  num_headers: ({ head }) => head?.fields.length ?? 0,
  num_redirects: ({ redirects }) => redirects,
  num_retries: () => 0,
  onerror: () => "",
  proxy_ssl_verify_result: () => 0,
  redirect_url: ({ redirectUrl }) => redirectUrl || null,
  referer: ({ referer }) => referer || null,
  remote_ip: ({ remote }) => remote?.address ?? "",
  remote_port: ({ remote }) => remote?.port ?? 0,
  response_code: ({ head }) => String(head?.status ?? 0).padStart(3, "0"),
  scheme: ({ scheme }) => scheme,
  size_download: ({ downloaded }) => downloaded,
  size_header: ({ headerSize }) => headerSize,
  size_request: ({ requestSize }) => requestSize,
  size_upload: ({ uploaded }) => uploaded,
  speed_download: ({ downloaded, times }) => speed(downloaded, times.total),
  speed_upload: ({ uploaded, times }) => speed(uploaded, times.total),
  ssl_verify_result: ({ verifyResult }) => verifyResult,
  time_appconnect: ({ times }) => seconds(times.appconnect),
  time_connect: ({ times }) => seconds(times.connect),
  time_namelookup: ({ times }) => seconds(times.namelookup),
  time_pretransfer: ({ times }) => seconds(times.pretransfer),
  time_redirect: ({ times }) => seconds(times.redirect),
  time_starttransfer: ({ times }) => seconds(times.starttransfer),
  time_total: ({ times }) => seconds(times.total),
  url: ({ url }) => url,
  url_effective: ({ effectiveUrl }) => effectiveUrl,
  urlnum: ({ urlNumber }) => urlNumber,
};

const NUMERIC = new Set(["http_code", "response_code", "http_connect", "speed_download", "speed_upload"]);

/** What `-w` writes, to which descriptor: `%{stderr}` changes over. */
export function writeOut(
  format: string,
  facts: TransferFacts,
  curl: string,
): { readonly fd: 1 | 2; readonly bytes: Bytes }[] {
  const out: { fd: 1 | 2; bytes: Bytes }[] = [];
  let fd: 1 | 2 = 1;
  const put = (text: string): void => void out.push({ fd, bytes: encode(text) });
  const pattern = /%%|%\{([^}]*)\}|%header\{([^}]*)\}|\\(.)|[^%\\]+|[%\\]/gs;
  for (const [text, name, headerName, escaped] of format.matchAll(pattern)) {
    if (text === "%%") put("%");
    else if (escaped !== undefined) put({ n: "\n", r: "\r", t: "\t" }[escaped] ?? text);
    else if (headerName !== undefined) put(facts.head ? (field(facts.head, headerName.toLowerCase()) ?? "") : "");
    else if (name === undefined) put(text);
    else if (name === "stdout") fd = 1;
    else if (name === "stderr") fd = 2;
    else if (name === "onerror") {
      if (facts.exitCode === 0) break;
    } else if (name === "json") put(jsonOf(facts, curl));
    else if (name === "header_json") put(headerJson(facts));
    else if (VARIABLES[name]) put(String(VARIABLES[name](facts) ?? ""));
    else out.push({ fd: 2, bytes: encode(`curl: unknown --write-out variable: '${name}'\n`) });
  }
  return out;
}

function jsonOf(facts: TransferFacts, curl: string): string {
  const fields = Object.entries(VARIABLES)
    .filter(([name]) => name !== "onerror" && name !== "num_retries")
    .map(([name, value]) => {
      const text = value(facts);
      const plain = name.startsWith("time_") || NUMERIC.has(name);
      return `${JSON.stringify(name)}:${plain ? String(text).replace(/^0+(?=\d+$)/, "") : JSON.stringify(text)}`;
    });
  return `{${fields.join(",")},"curl_version":${JSON.stringify(curl)}}`;
}

function headerJson({ head }: TransferFacts): string {
  const fields = new Map<string, string[]>();
  for (const [name, value] of head?.fields ?? [])
    fields.set(name.toLowerCase(), [...(fields.get(name.toLowerCase()) ?? []), value]);
  const lines = [...fields].map(([name, values]) => `${JSON.stringify(name)}:${JSON.stringify(values)}`);
  return `{${lines.join(",\n")}\n}`;
}
