import type { Host } from "../../sim/host/index.ts";

/** Names of tables, protocols, scopes and groups from /etc/iproute2 (lib/rt_names.c). */
export class Names {
  readonly #byNumber = new Map<number, string>();
  readonly #byName = new Map<string, number>();
  readonly #numeric: boolean;

  constructor(entries: Iterable<readonly [number, string]>, numeric: boolean) {
    this.#numeric = numeric;
    for (const [number, name] of entries) {
      this.#byNumber.set(number, name);
      if (!this.#byName.has(name)) this.#byName.set(name, number);
    }
  }

  /** The name of a number, or the number. */
  name(number: number): string {
    return this.#byNumber.get(number) ?? String(number);
  }

  /** The name of a number as it is shown: with -N always the number. */
  shown(number: number): string {
    return this.#numeric ? String(number) : this.name(number);
  }

  /** What is shown for a name that a row holds. */
  shownName(name: string): string {
    return this.#numeric ? String(this.#byName.get(name) ?? name) : name;
  }

  /** The number of a name, or of digits within the bound; undefined for what is neither. */
  number(word: string, max: number): number | undefined {
    const known = this.#byName.get(word);
    if (known !== undefined) return known;
    if (!/^(0[xX][0-9a-fA-F]+|\d+)$/.test(word)) return undefined;
    const value = Number(word);
    return value <= max ? value : undefined;
  }
}

const TABLES: readonly (readonly [number, string])[] = [
  [253, "default"],
  [254, "main"],
  [255, "local"],
];

const PROTOCOLS: readonly (readonly [number, string])[] = [
  [0, "unspec"], [1, "redirect"], [2, "kernel"], [3, "boot"], [4, "static"], [8, "gated"], [9, "ra"], [10, "mrt"],
  [11, "zebra"], [12, "bird"], [13, "dnrouted"], [14, "xorp"], [15, "ntk"], [16, "dhcp"], [18, "keepalived"],
  [42, "babel"], [186, "bgp"], [187, "isis"], [188, "ospf"], [189, "rip"], [192, "eigrp"],
]; // prettier-ignore

const SCOPES: readonly (readonly [number, string])[] = [
  [0, "global"], [200, "site"], [253, "link"], [254, "host"], [255, "nowhere"],
]; // prettier-ignore

export interface RouteNames {
  readonly tables: Names;
  readonly protocols: Names;
  readonly scopes: Names;
  readonly groups: Names;
  readonly realms: Names;
  readonly dsfields: Names;
}

export function routeNames(host: Host, numeric = false): RouteNames {
  const read = (known: readonly (readonly [number, string])[], file: string): Names =>
    new Names([...known, ...entries(host, file)], numeric);
  return {
    tables: read(TABLES, "rt_tables"),
    protocols: read(PROTOCOLS, "rt_protos"),
    scopes: read(SCOPES, "rt_scopes"),
    groups: read([[0, "default"]], "group"),
    realms: read([[0, "cosmos"]], "rt_realms"),
    dsfields: read([[0, "default"]], "rt_dsfield"),
  };
}

/** A type of service by its name, or in hexadecimal (rtnl_dsfield_a2n). */
export function readService({ dsfields }: RouteNames, word: string): number | undefined {
  const known = /^\d/.test(word) ? undefined : dsfields.number(word, 255);
  if (known !== undefined) return known;
  if (!/^(0[xX])?[0-9a-fA-F]+$/.test(word)) return undefined;
  const value = Number.parseInt(word, 16);
  return value <= 255 ? value : undefined;
}

/** As rtnl_dsfield_n2a has it. */
export function serviceText({ dsfields }: RouteNames, value: number): string {
  const name = dsfields.shown(value);
  return name === String(value) ? `0x${value.toString(16).padStart(2, "0")}` : name;
}

/** `7`, `3/4`: realms of the source and the destination in one number (get_rt_realms_or_raw). */
export function readRealms({ realms }: RouteNames, word: string): number | undefined {
  const slash = word.indexOf("/");
  const one = (text: string): number | undefined => realms.number(text, 255);
  const from = slash < 0 ? 0 : one(word.slice(0, slash));
  const rest = word.slice(slash + 1);
  const to = rest === "" && slash >= 0 ? 0 : one(rest);
  if (from !== undefined && to !== undefined) return from * 0x1_0000 + to;
  return slash < 0 ? realms.number(word, 0xffff_ffff) : undefined;
}

/** Lines of a number and a name, in the file and in the `.conf` files of the directory beside it. */
function entries(host: Host, file: string): [number, string][] {
  const directory = `/etc/iproute2/${file}.d`;
  const more = host.files.exists(directory)
    ? host.files.list(directory).filter((name) => name.endsWith(".conf") && !name.startsWith("."))
    : [];
  const texts = [`/etc/iproute2/${file}`, ...more.map((name) => `${directory}/${name}`)].map((path) =>
    host.readText(path),
  );
  const found: [number, string][] = [];
  for (const line of texts.join("\n").split("\n")) {
    const match = /^\s*(0[xX][0-9a-fA-F]+|\d+)\s+([^\s#]\S*)/.exec(line);
    if (match) found.push([Number(match[1]), match[2]!]);
  }
  return found;
}
