/** A URL that is to be fetched. */
export interface Target {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly explicitPort: boolean;
  readonly path: string;
  readonly user: string | undefined;
  readonly text: string;
}

/** Where a redirect leads, seen from where it came. */
export class Location {
  readonly text: string;

  constructor(from: Target, location: string) {
    const origin = /^[a-z]+:\/\/[^/]*/i.exec(from.text)![0];
    if (/^[a-z]+:\/\//i.test(location)) this.text = location;
    else if (location.startsWith("/")) this.text = origin + location;
    else this.text = `${origin}${from.path.replace(/[^/]*$/, "")}${location}`;
  }
}

/** A URL; without a scheme it is http. What is wrong with it, in url.c's words. */
export function parse(text: string): Target | string {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== "http" && scheme !== "https") return `Unsupported scheme ‘${scheme}’`;
  const rest = scheme === undefined ? text : text.slice(scheme.length + 3);
  const [, authority, path] = /^([^/?#]*)([^#]*)/s.exec(rest)!;
  const at = authority!.lastIndexOf("@");
  const place = authority!.slice(at + 1);
  const match = place.startsWith("[") ? /^\[([^\]]*)\](?::(.*))?$/.exec(place) : /^([^:]*)(?::(.*))?$/.exec(place);
  if (!match || match[1] === "") return "Invalid host name";
  if (match[2] !== undefined && match[2] !== "" && !/^\d{1,5}$/.test(match[2])) return "Bad port number";
  const secure = scheme === "https";
  const usual = secure ? 443 : 80;
  const port = match[2] ? Number(match[2]) : usual;
  if (port > 65_535) return "Bad port number";
  const target = path!.startsWith("/") ? path! : `/${path!}`;
  const shown = `${secure ? "https" : "http"}://${place}${target}`;
  return {
    secure,
    host: match[1]!,
    port,
    explicitPort: port !== usual,
    path: target,
    user: at < 0 ? undefined : authority!.slice(0, at),
    text: shown,
  };
}
