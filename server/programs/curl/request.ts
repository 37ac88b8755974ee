import { encode, type Bytes } from "../../sim/kernel/index.ts";
import { Errno, open, readAll, type OpenFile, type Process } from "../../sim/host/index.ts";
import { CurlFailure } from "./failure.ts";
import type { CurlArguments } from "./options.ts";
import { escapeUrl, hostField, targetOf, urlText, type CurlUrl } from "./url.ts";
import type { CurlVersion } from "./version.ts";

/** The body of a request with its type, from -d, -F, -T and their like. */
export interface RequestBody {
  readonly bytes: Bytes;
  readonly contentType: string | undefined;
  /** The method that it implies. */
  readonly method: "POST" | "PUT";
  /** Its size is not known beforehand. */
  readonly chunked?: boolean;
  /** It is sent apart from the head: uploads and forms. */
  readonly apart?: boolean;
}

/** A file of the command line cannot be read; `-d @FILE` of older versions only warns. */
export class UnreadableFile extends Error {
  readonly file: string;

  constructor(file: string) {
    super(file);
    this.file = file;
  }
}

/** Everything in a file; `-` is standard input. Undefined if it cannot be read. */
export async function readFileOrInput(process: Process, name: string): Promise<Bytes | undefined> {
  let file: OpenFile;
  try {
    file = name === "-" ? process.fds.get(0) : open(process.host, name, { read: true }, process);
  } catch (error) {
    if (error instanceof Errno) return undefined;
    throw error;
  }
  file.retain();
  try {
    return (await readAll(process, file, process.kernel.limits.memory)) ?? "";
  } catch (error) {
    if (error instanceof Errno && error.code === "EISDIR") return undefined;
    throw error;
  } finally {
    file.drop();
  }
}

/** Puts the body together; undefined if the request has none. `warn` tells of files that cannot be read. */
export async function readBody(
  process: Process,
  args: CurlArguments,
  version: CurlVersion,
  warn: (text: string) => Promise<void>,
): Promise<RequestBody | undefined> {
  // prettier-ignore
  const forms = args.given.filter(({ name }) => name === "form" || name === "form-string");
  if (forms.length > 0) return multipart(process, forms, version);
  const data = args.given.filter(({ name }) => /^(?:data|json)/.test(name));
  if (data.length === 0) return undefined;
  let bytes: Bytes | undefined;
  for (const { name, value } of data) {
    const piece = await dataPiece(process, name, value, version, warn);
    bytes = bytes === undefined ? piece : name === "json" ? bytes + piece : `${bytes}&${piece}`;
  }
  return { bytes: bytes!, contentType: "application/x-www-form-urlencoded", method: "POST" };
}

/** `-T`: a file, or standard input, whose size nobody knows beforehand. */
export async function readUpload(process: Process, file: string): Promise<RequestBody> {
  const isInput = file === "-" || file === ".";
  const bytes = await readFileOrInput(process, isInput ? "-" : file);
  if (bytes === undefined) throw new UnreadableFile(file);
  return { bytes, contentType: undefined, method: "PUT", chunked: isInput };
}

/** Texts of `-H`; `@FILE` has one a line. `--json` adds two behind them, unless they are given (src/tool_getparam.c). */
export async function readHeaders(process: Process, args: CurlArguments): Promise<string[]> {
  const texts: string[] = [];
  for (const value of args.values("header")) {
    if (!value.startsWith("@")) texts.push(value);
    else
      texts.push(
        ...((await readFileOrInput(process, value.slice(1))) ?? "").split(/\r?\n/).filter((line) => line !== ""),
      );
  }
  const { length } = texts;
  for (const name of args.value("json") === undefined ? [] : ["Content-Type", "Accept"])
    if (!texts.slice(0, length).some((text) => text.toLowerCase().startsWith(name.toLowerCase())))
      texts.push(`${name}: application/json`);
  return texts;
}

async function dataPiece(
  process: Process,
  name: string,
  value: string,
  version: CurlVersion,
  warn: (text: string) => Promise<void>,
): Promise<Bytes> {
  // prettier-ignore
  if (name === "data-raw") return encode(value);
  if (name === "data-urlencode") return urlencoded(process, value, version, warn);
  if (!value.startsWith("@")) return encode(value);
  const bytes = await dataFile(process, value.slice(1), version, warn);
  return name === "data-binary" || name === "json" ? bytes : bytes.replaceAll(/[\r\n\0]/g, "");
}

async function dataFile(
  process: Process,
  file: string,
  version: CurlVersion,
  warn: (text: string) => Promise<void>,
): Promise<Bytes> {
  // prettier-ignore
  const bytes = await readFileOrInput(process, file);
  if (bytes !== undefined) return bytes;
  if (version.isAtLeast("8.1")) throw new UnreadableFile(file);
  await warn(`Couldn't read data from file "${file}", this makes an empty POST.`);
  return "";
}

/** `content`, `=content`, `name=content`, `@file`, `name@file`. */
async function urlencoded(
  process: Process,
  value: string,
  version: CurlVersion,
  warn: (text: string) => Promise<void>,
): Promise<Bytes> {
  // prettier-ignore
  const [, name, sign, content] = /^([^=@]*)([=@])?(.*)$/s.exec(value)!;
  const escaped = (text: Bytes): Bytes => escapeUrl(text).replaceAll("%20", "+");
  if (sign === undefined) return escaped(encode(value));
  const bytes = sign === "@" ? await dataFile(process, content!, version, warn) : encode(content!);
  return `${name === "" ? "" : `${encode(name!)}=`}${escaped(bytes)}`;
}

async function multipart(
  process: Process,
  forms: readonly { name: string; value: string }[],
  version: CurlVersion,
): Promise<RequestBody> {
  // prettier-ignore
  const { random } = process.kernel;
  const tail = version.isAtLeast("8.2")
    ? random.text("curl/boundary", 22, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    : random.hex("curl/boundary", 16);
  const boundary = `------------------------${tail}`;
  let bytes: Bytes = "";
  for (const { name: option, value } of forms) {
    const equals = value.indexOf("=");
    if (equals < 0) throw new CurlFailure(2, "Illegally formatted input field");
    const name = encode(value.slice(0, equals));
    const text = value.slice(equals + 1);
    const [content, ...settings] = option === "form-string" ? [text] : text.split(";");
    let head = `Content-Disposition: form-data; name="${name}"`;
    let body = encode(content!);
    const files = option === "form" && content!.startsWith("@") ? content!.slice(1).split(",") : [];
    if (files.length > 1) {
      const inner = `------------------------${random.hex("curl/boundary", 16)}`;
      head += `\r\nContent-Type: multipart/mixed; boundary=${inner}`;
      body = "";
      for (const file of files) {
        const read = await readFileOrInput(process, file);
        if (read === undefined) throw new CurlFailure(26);
        body += `--${inner}\r\nContent-Disposition: attachment; filename="${encode(file.replace(/.*\//, ""))}"\r\nContent-Type: ${typeOf(file)}\r\n\r\n${read}\r\n`;
      }
      body += `--${inner}--\r\n`;
    } else if (option === "form" && /^[@<]/.test(content!)) {
      const file = content!.slice(1);
      const read = await readFileOrInput(process, file);
      if (read === undefined) throw new CurlFailure(26);
      body = read;
      if (content!.startsWith("@")) {
        const given = settings.find((setting) => setting.startsWith("filename="))?.slice(9);
        head += `; filename="${encode(given ?? file.replace(/.*\//, ""))}"`;
        const type = settings.find((setting) => setting.startsWith("type="))?.slice(5) ?? (file === "-" ? "" : typeOf(file)); // prettier-ignore
        if (type !== "") head += `\r\nContent-Type: ${type}`;
      }
    } else {
      const type = settings.find((setting) => setting.startsWith("type="))?.slice(5);
      if (type !== undefined) head += `\r\nContent-Type: ${type}`;
    }
    bytes += `--${boundary}\r\n${head}\r\n\r\n${body}\r\n`;
  }
  return {
    bytes: `${bytes}--${boundary}--\r\n`,
    contentType: `multipart/form-data; boundary=${boundary}`,
    method: "POST",
    apart: true,
  };
}

/** lib/mime.c Curl_mime_contenttype */
function typeOf(file: string): string {
  const types: Readonly<Record<string, string>> = { gif: "image/gif", jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png", svg: "image/svg+xml", txt: "text/plain", htm: "text/html", html: "text/html", pdf: "application/pdf", xml: "application/xml" }; // prettier-ignore
  return types[/\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? ""] ?? "application/octet-stream";
}

/** From this size on curl asks first whether it may send the body (EXPECT_100_THRESHOLD). */
const ASKS_FROM = 1024 * 1024;

export interface BuiltRequest {
  readonly method: string;
  readonly target: string;
  readonly version: "HTTP/1.0" | "HTTP/1.1";
  readonly fields: readonly (readonly [name: string, value: Bytes])[];
  readonly body: Bytes;
  /** The body waits for `100 Continue`. */
  readonly asks: boolean;
  /** The body follows behind the head, not with it. */
  readonly apart: boolean;
}

/** Composes a request as Curl_http does: its own fields, those of `-H` behind or in place of them, the body's. */
export function buildRequest(
  args: CurlArguments,
  version: CurlVersion,
  url: CurlUrl,
  method: string,
  body: RequestBody | undefined,
  sameHost: boolean,
  more: {
    readonly custom: readonly string[];
    readonly resumeFrom: number;
    readonly proxied: boolean;
    readonly cookies?: string | undefined;
  },
): BuiltRequest {
  // prettier-ignore
  const custom = more.custom.flatMap((text): [string, string | undefined][] => {
    const [, name, sign, value] = /^([^:;]+)([:;])\s*(.*)$/s.exec(text) ?? [];
    if (name === undefined) return [];
    if (sign === ";") return value === "" ? [[name, ""]] : [];
    return [[name, value === "" ? undefined : value!.trimEnd()]];
  });
  const overridden = (name: string): boolean => custom.some(([other]) => other.toLowerCase() === name.toLowerCase());
  const fields: [string, Bytes][] = [];
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && !overridden(name)) fields.push([name, encode(value)]);
  };
  const ownHost = custom.find(([name]) => name.toLowerCase() === "host");
  if (!ownHost || !sameHost) fields.push(["Host", encode(hostField(url))]);
  else if (ownHost[1] !== undefined) fields.push(["Host", encode(ownHost[1])]);
  const user = args.value("user");
  const credentials = sameHost || args.has("location-trusted") ? user : undefined;
  const bearer = args.value("oauth2-bearer");
  if (bearer !== undefined) add("Authorization", `Bearer ${bearer}`);
  else if (credentials !== undefined || url.user !== undefined) {
    const text = credentials ?? `${url.user!}:${url.password ?? ""}`;
    add(
      "Authorization",
      `Basic ${Buffer.from(encode(text.includes(":") ? text : `${text}:`), "latin1").toString("base64")}`,
    );
  }
  const range = more.resumeFrom > 0 && method === "GET" ? `${more.resumeFrom}-` : args.value("range");
  add("Range", range === undefined ? undefined : `bytes=${range}`);
  const agent = args.value("user-agent") ?? `curl/${version.text}`;
  add("User-Agent", agent === "" ? undefined : agent);
  add("Accept", "*/*");
  if (args.has("tr-encoding")) {
    add("Connection", "TE");
    add("TE", "gzip");
  }
  if (args.has("compressed")) add("Accept-Encoding", version.encodings);
  add("Referer", args.value("referer")?.replace(/;auto$/, "") || undefined);
  add("Cookie", more.cookies);
  if (more.proxied) add("Proxy-Connection", "Keep-Alive");
  const upgrades = args.has("http2") && url.scheme === "http";
  if (upgrades) {
    add("Connection", "Upgrade, HTTP2-Settings");
    add("Upgrade", "h2c");
    add("HTTP2-Settings", "AAMAAABkAAQCAAAAAAIAAAAA");
  }
  for (const [name, value] of custom) {
    if (value === undefined || name.toLowerCase() === "host") continue;
    if (!sameHost && !args.has("location-trusted") && /^(?:authorization|cookie)$/i.test(name)) continue;
    if (name.toLowerCase() === "content-length" && body) continue;
    fields.push([name, encode(value)]);
  }
  const asked = custom.find(([name]) => name.toLowerCase() === "expect");
  const large = (body?.bytes.length ?? 0) > ASKS_FROM;
  const upload = body?.method === "PUT" && !version.isAtLeast("8.7") && body.bytes !== "";
  const asks = body !== undefined && (asked ? /100-continue/i.test(asked[1] ?? "") : upload || large);
  if (body) {
    if (body.chunked) add("Transfer-Encoding", "chunked");
    else fields.push(["Content-Length", String(body.bytes.length)]);
    if (body.contentType !== undefined) add("Content-Type", body.contentType);
    if (asks && !asked && !args.has("http1.0")) fields.push(["Expect", "100-continue"]);
  }
  return {
    method,
    target: args.value("request-target") ?? (more.proxied ? urlText(url) : encode(targetOf(url))),
    version: args.has("http1.0") ? "HTTP/1.0" : "HTTP/1.1",
    fields,
    body: body === undefined ? "" : body.chunked ? chunked(body.bytes) : body.bytes,
    asks: asks && !args.has("http1.0"),
    apart: asks || (body?.apart ?? false) || body?.method === "PUT",
  };
}

function chunked(bytes: Bytes): Bytes {
  return bytes === "" ? "0\r\n\r\n" : `${bytes.length.toString(16)}\r\n${bytes}\r\n0\r\n\r\n`;
}
