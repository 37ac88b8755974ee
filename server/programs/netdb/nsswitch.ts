import type { Host } from "../../sim/host/index.ts";

/** What a source says of a name (enum nss_status). */
export type NssStatus = "SUCCESS" | "NOTFOUND" | "UNAVAIL" | "TRYAGAIN";

/** One source of a database, and which of its answers end the search. */
export interface NameSource {
  readonly name: string;
  ends(status: NssStatus): boolean;
}

const STATUSES: readonly NssStatus[] = ["SUCCESS", "NOTFOUND", "UNAVAIL", "TRYAGAIN"];

/** Sources where /etc/nsswitch.conf says nothing (nss_database.c). */
const DEFAULTS: Readonly<Record<string, string>> = { hosts: "files dns", networks: "files dns" };

/** The sources of a database in /etc/nsswitch.conf, with what stands in brackets behind them (nss_action_parse.c). */
export function nameSources(host: Host, database: string): NameSource[] {
  const text = host.readText("/etc/nsswitch.conf") ?? "";
  const line = text
    .split("\n")
    .map((raw) => raw.replace(/#.*/, "").trim())
    .findLast((one) => one.startsWith(`${database}:`));
  return parseSources(line?.slice(database.length + 1) ?? DEFAULTS[database] ?? "files");
}

/** `files [NOTFOUND=return] dns`; `[!UNAVAIL=return]` means all others. */
export function parseSources(text: string): NameSource[] {
  return [...text.matchAll(/([^\s[]+)\s*(?:\[([^\]]*)\])?/g)].map(([, name, actions = ""]) => {
    const ending = new Set<NssStatus>(["SUCCESS"]);
    for (const [, not, status, action] of actions.matchAll(/(!?)(\w+)\s*=\s*(\w+)/g)) {
      const named = status!.toUpperCase();
      for (const one of STATUSES.filter((other) => (other === named) !== (not === "!")))
        if (action!.toLowerCase() === "return") ending.add(one);
        else ending.delete(one);
    }
    return { name: name!, ends: (status: NssStatus) => ending.has(status) };
  });
}
