import { parseCidr } from "./cidr.ts";
import type { Cidr } from "./cidr.ts";
import { ConfError } from "./conf-error.ts";
import type { ConfNode } from "./parse.ts";
import { compileTemplate, type Template } from "./template.ts";

/** A `geo`: a variable whose value depends on an address. Its values are taken as they are written. */
export interface GeoMap {
  readonly source: Template;
  /** The narrowest first. */
  readonly ranges: readonly { readonly range: Cidr; readonly value: string }[];
  readonly standard: string;
}

const OPTIONS = new Set(["delete", "ranges", "include", "proxy", "proxy_recursive"]);

/** ngx_http_geo_module.c */
export function parseGeo({ args, entries, at }: ConfNode): GeoMap {
  const ranges: { range: Cidr; width: number; value: string }[] = [];
  let standard = "";
  for (const [key, value] of entries) {
    if (key === undefined || value === undefined) throw new ConfError("invalid number of the geo parameters", at);
    if (key === "default") {
      standard = value;
      continue;
    }
    if (OPTIONS.has(key)) throw new ConfError(`drydock: geo ${key}`, at);
    const range = parseCidr(key);
    if (!range) throw new ConfError(`invalid network "${key}"`, at);
    ranges.push({ range, width: Number(key.split("/")[1] ?? 128), value });
  }
  const source = compileTemplate(args.length > 1 ? args[0]! : "$remote_addr") as Template;
  return { source, ranges: ranges.sort((a, b) => b.width - a.width), standard };
}

export function geoValue(geo: GeoMap, address: string): string {
  return geo.ranges.find(({ range }) => range.contains(address))?.value ?? geo.standard;
}
