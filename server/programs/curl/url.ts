import { numericAddress } from "../netdb/getaddrinfo.ts";
import { CurlFailure } from "./failure.ts";
import type { CurlVersion } from "./version.ts";

/** A URL as curl takes it apart (lib/urlapi.c). */
export interface CurlUrl {
  readonly scheme: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** The port stands in the URL and is not the scheme's own. */
  readonly explicitPort: boolean;
  readonly path: string;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
}

export const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, telnet: 23, file: 0 };

/** Schemes that the real program is built with. */
const REAL_SCHEMES = /^(?:dict|ftps?|gophers?|imaps?|ldaps?|mqtt|pop3s?|rtmp\w*|rtsp|scp|sftp|smbs?|smtps?|tftp|wss?)$/;

export function parseUrl(text: string, version: CurlVersion, otherScheme = "http", asIs = false): CurlUrl {
  const reject = (words: string): CurlFailure =>
    version.isAtLeast("8.1") ? new CurlFailure(3, `URL rejected: ${words}`) : new CurlFailure(3);
  if (/[\x00-\x20\x7f]/.test(text)) throw reject("Malformed input to a URL function");
  // Between one and three slashes.
  const begun = /^([a-z][a-z0-9+.-]*):(\/{1,3})/i.exec(text);
  const scheme = begun?.[1]?.toLowerCase();
  const rest = begun ? text.slice(scheme === "file" ? begun[1]!.length + 3 : begun[0].length) : text;
  const [, authority, target] = /^([^/?#]*)(.*)$/s.exec(rest)!;
  const at = authority!.lastIndexOf("@");
  const [user, ...password] = at < 0 ? [] : authority!.slice(0, at).split(":");
  const place = authority!.slice(at + 1);
  const match = place.startsWith("[") ? /^\[([^\]]*)\](?::(.*))?$/.exec(place) : /^([^:]*)(?::(.*))?$/.exec(place);
  if (!match) throw reject("Port number was not a decimal number between 0 and 65535");
  const [, host, portText] = match as unknown as [string, string, string | undefined];
  if (scheme === "file") {
    if (authority !== "" && authority !== "localhost" && authority !== "127.0.0.1") throw reject("Bad file:// URL");
    return fileUrl(target!);
  }
  if (host === "") throw reject("No host part in the URL");
  if (portText !== undefined && portText !== "" && (!/^\d+$/.test(portText) || Number(portText) > 65_535))
    throw reject("Port number was not a decimal number between 0 and 65535");
  if (/["'<>\\^`{|} *]/.test(host)) throw reject("Bad hostname");
  const name = scheme ?? otherScheme;
  if (DEFAULT_PORTS[name] === undefined) throw unsupported(name, version);
  const port = portText === undefined || portText === "" ? DEFAULT_PORTS[name] : Number(portText);
  const [, path, query, fragment] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(target!)!;
  return {
    scheme: name,
    user: user === undefined ? undefined : unescapeUrl(user),
    password: at < 0 ? undefined : unescapeUrl(password.join(":")),
    host: numericAddress(host) ?? host,
    port,
    explicitPort: port !== DEFAULT_PORTS[name],
    path: path === "" ? "/" : asIs ? path! : withoutDots(path!),
    query,
    fragment,
  };
}

/** A scheme that is not spoken here. Thrown as a failure, or, if the real program speaks it, with the words for that. */
export class NotSimulated extends Error {}

function unsupported(scheme: string, version: CurlVersion): Error {
  if (REAL_SCHEMES.test(scheme)) return new NotSimulated(`'${scheme}://'`);
  const more = version.isAtLeast("8.6") ? "" : " or disabled in libcurl";
  return new CurlFailure(1, `Protocol "${scheme}" not supported${more}`);
}

function fileUrl(path: string): CurlUrl {
  const none = { user: undefined, password: undefined, query: undefined, fragment: undefined };
  return { ...none, scheme: "file", host: "", port: 0, explicitPort: false, path: unescapeUrl(path) };
}

/** The URL in full, as `%{url_effective}` and `Issue another request` show it. */
export function urlText(url: CurlUrl): string {
  const host = url.host.includes(":") ? `[${url.host}]` : url.host;
  const port = url.explicitPort ? `:${url.port}` : "";
  const user = url.user === undefined ? "" : `${url.user}${url.password ? `:${url.password}` : ""}@`;
  return `${url.scheme}://${user}${host}${port}${targetOf(url)}${url.fragment === undefined ? "" : `#${url.fragment}`}`;
}

/** Path and query, as they stand in the request line. */
export function targetOf({ path, query }: Pick<CurlUrl, "path" | "query">): string {
  return query === undefined ? path : `${path}?${query}`;
}

/** The host as it stands in `Host:`. */
export function hostField({ host, port, explicitPort }: CurlUrl): string {
  return `${host.includes(":") ? `[${host}]` : host}${explicitPort ? `:${port}` : ""}`;
}

/** Where a redirect leads (concat_url in lib/transfer.c). */
export function follow(from: CurlUrl, location: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return location;
  if (location.startsWith("//")) return `${from.scheme}:${location}`;
  const origin = urlText({
    ...from,
    path: "",
    query: undefined,
    fragment: undefined,
    user: undefined,
    password: undefined,
  });
  if (location.startsWith("/")) return origin + location;
  if (location.startsWith("?")) return origin + from.path + location;
  return `${origin}${from.path.replace(/[^/]*$/, "")}${location}`;
}

/** RFC 3986, 5.2.4. */
function withoutDots(path: string): string {
  if (!/(?:^|\/)\.\.?(?:\/|$)/.test(path)) return path;
  const out: string[] = [];
  const parts = path.split("/").slice(1);
  for (const [at, part] of parts.entries()) {
    const last = at === parts.length - 1;
    if (part === "..") out.pop();
    else if (part !== ".") out.push(part);
    if (last && (part === "." || part === "..")) out.push("");
  }
  return `/${out.join("/")}`;
}

export function unescapeUrl(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** curl_easy_escape */
export function escapeUrl(bytes: string): string {
  return bytes.replace(
    /[^A-Za-z0-9._~-]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
