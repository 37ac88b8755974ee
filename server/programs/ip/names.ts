import type { Host } from "../../sim/host/index.ts";

/** Names of tables, protocols, scopes and groups from /etc/iproute2 (lib/rt_names.c). */
export class Names {
  readonly #byNumber = new Map<number, string>();
  readonly #byName = new Map<string, number>();

  constructor(entries: Iterable<readonly [number, string]>) {
    for (const [number, name] of entries) {
      this.#byNumber.set(number, name);
      if (!this.#byName.has(name)) this.#byName.set(name, number);
    }
  }

  /** The name of a number, or the number. */
  name(number: number): string {
    return this.#byNumber.get(number) ?? String(number);
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
}

export function routeNames(host: Host): RouteNames {
  return {
    tables: new Names([...TABLES, ...entries(host, "rt_tables")]),
    protocols: new Names([...PROTOCOLS, ...entries(host, "rt_protos")]),
    scopes: new Names([...SCOPES, ...entries(host, "rt_scopes")]),
    groups: new Names([[0, "default"], ...entries(host, "group")]),
  };
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
