/** An http or https URL, taken apart. */
export interface WebUrl {
  readonly secure: boolean;
  /** As it stands in the URL: with its port, if it has one. */
  readonly authority: string;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** The path with its query. */
  readonly target: string;
  /** As it was given, without what is behind `#`. */
  readonly text: string;
}

/** Takes an URL apart as net/url and net/http do; an error in their words. */
export function parseWebUrl(text: string): WebUrl | { readonly malformed: string } | { readonly error: string } {
  const malformed = (why: string): { malformed: string } => ({ malformed: `parse ${JSON.stringify(text)}: ${why}` });
  if (/[\x00-\x1f\x7f]/.test(text)) return malformed("net/url: invalid control character in URL");
  const [, scheme = "", rest = ""] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^#]*)/.exec(text) ?? [];
  const [, authority = "", path = ""] = /^([^/?]*)(.*)$/s.exec(rest)!;
  const place = authority.slice(authority.lastIndexOf("@") + 1);
  const odd = /[ "<>\\^`{|}]/.exec(place)?.[0];
  if (odd !== undefined) return malformed(`invalid character ${JSON.stringify(odd)} in host name`);
  const [, name = "", digits] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(place) ?? [];
  if (digits !== undefined && !/^\d*$/.test(digits))
    return malformed(`invalid port ${JSON.stringify(`:${digits}`)} after host`);
  const escape = /%(?![0-9A-Fa-f]{2}).{0,2}/.exec(path.replace(/\?.*$/s, ""))?.[0];
  if (escape !== undefined) return malformed(`invalid URL escape ${JSON.stringify(escape)}`);
  const secure = scheme.toLowerCase() === "https";
  if (!secure && scheme.toLowerCase() !== "http")
    return { error: `unsupported protocol scheme ${JSON.stringify(scheme.toLowerCase())}` };
  if (place === "") return { error: "http: no Host in request URL" };
  const port = digits === undefined || digits === "" ? (secure ? 443 : 80) : Number(digits);
  if (port > 65_535) return { error: `dial tcp: address ${port}: invalid port` };
  const target = path === "" ? "/" : path.startsWith("/") ? path : `/${path}`;
  return {
    secure,
    authority: place,
    host: name.replace(/^\[|\]$/g, ""),
    port,
    target: target.replaceAll(" ", "%20"),
    text: text.replace(/#.*$/s, ""),
  };
}

/** Where a Location leads to from an URL; undefined if it makes no sense. */
export function resolveLocation(from: WebUrl, location: string): string | undefined {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(location)) return location;
  return URL.canParse(location, from.text) ? new URL(location, from.text).href : undefined;
}
