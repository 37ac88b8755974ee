import type { DnsRecord, RecordType } from "../../../../net/index.ts";
import { inZone } from "../corefile/zone.ts";
import { absolute, readRecord, readTtl, type RecordDefaults } from "./record.ts";
import { zoneEntries } from "./words.ts";

/** What a zone says to a question (plugin/file/lookup.go). */
export interface ZoneAnswer {
  readonly result: "success" | "no data" | "no name" | "delegation";
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
  /** A name outside of the zone that the last CNAME leads to. */
  readonly outside?: string;
}

const MOST_ALIASES = 8;
const NOTHING = { answers: [], authorities: [], additionals: [] } as const;

/** A zone as its file describes it. Names are kept in small letters. */
export class Zone {
  readonly origin: string;
  readonly soa: DnsRecord & { type: "SOA" };
  readonly #names = new Map<string, DnsRecord[]>();

  /** Throws an Error if the text is no zone of that origin. */
  constructor(text: string, origin: string, file: string) {
    this.origin = origin;
    for (const record of readZone(text, origin, file)) this.#add(record);
    const soa = this.#names.get(origin)?.find((record) => record.type === "SOA");
    if (!soa) throw new Error(`file ${JSON.stringify(file)} has no SOA record for origin ${origin}`);
    this.soa = soa;
  }

  /** Throws if the text is no zone of that origin. */
  static check(text: string, origin: string, file: string): void {
    void new Zone(text, origin, file);
  }

  /** `name` in small letters, and in the zone. */
  lookup(name: string, type: RecordType, aliases = 0): ZoneAnswer {
    const delegation = this.#delegation(name);
    if (delegation) return delegation;
    const own = this.#names.get(name);
    if (own) return this.#answer(name, own, type, aliases);
    if (this.#hasBelow(name)) return { ...NOTHING, result: "no data", authorities: [this.soa] };
    const wild = this.#wildcard(name);
    if (wild)
      return this.#answer(
        name,
        wild.map((record) => ({ ...record, name })),
        type,
        aliases,
      );
    return { ...NOTHING, result: "no name", authorities: [this.soa] };
  }

  #answer(name: string, records: readonly DnsRecord[], type: RecordType, aliases: number): ZoneAnswer {
    const alias = records.find((record) => record.type === "CNAME");
    if (alias?.type === "CNAME" && type !== "CNAME") {
      const target = alias.target.toLowerCase();
      if (!inZone(target, this.origin))
        return { ...NOTHING, result: "success", answers: [alias], outside: alias.target };
      if (aliases >= MOST_ALIASES) return { ...NOTHING, result: "success", answers: [alias] };
      const next = this.lookup(target, type, aliases + 1);
      return { ...next, result: "success", answers: [alias, ...next.answers], authorities: this.#nameServers() };
    }
    const answers = records.filter((record) => record.type === type);
    if (answers.length === 0) return { ...NOTHING, result: "no data", authorities: [this.soa] };
    const apexNs = type === "NS" && name === this.origin;
    return {
      result: "success",
      answers,
      authorities: apexNs ? [] : this.#nameServers(),
      additionals: this.#glue(answers),
    };
  }

  /** A name server's record between the zone and the name: somebody else knows more. */
  #delegation(name: string): ZoneAnswer | undefined {
    for (let at = name; at !== this.origin && at !== ""; at = at.slice(at.indexOf(".") + 1)) {
      const servers = this.#names.get(at)?.filter((record) => record.type === "NS") ?? [];
      if (servers.length > 0)
        return { result: "delegation", answers: [], authorities: servers, additionals: this.#glue(servers) };
    }
    return undefined;
  }

  #wildcard(name: string): readonly DnsRecord[] | undefined {
    for (let at = name; at !== this.origin;) {
      at = at.slice(at.indexOf(".") + 1);
      const wild = this.#names.get(`*.${at}`);
      if (wild) return wild;
      // The closest name that is there decides.
      if (this.#names.has(at) || this.#hasBelow(at)) return undefined;
    }
    return undefined;
  }

  #hasBelow(name: string): boolean {
    for (const other of this.#names.keys()) if (other !== name && inZone(other, name)) return true;
    return false;
  }

  #nameServers(): readonly DnsRecord[] {
    return this.#names.get(this.origin)!.filter((record) => record.type === "NS");
  }

  #glue(records: readonly DnsRecord[]): readonly DnsRecord[] {
    return records.flatMap((record) => {
      if (record.type !== "NS" && record.type !== "MX" && record.type !== "SRV") return [];
      const found = this.#names.get(record.target.toLowerCase()) ?? [];
      return found.filter(({ type }) => type === "A" || type === "AAAA");
    });
  }

  #add(record: DnsRecord): void {
    const name = record.name.toLowerCase();
    if (!inZone(name, this.origin)) return;
    this.#names.set(name, [...(this.#names.get(name) ?? []), { ...record, name }]);
  }
}

function readZone(text: string, zone: string, file: string): DnsRecord[] {
  const records: DnsRecord[] = [];
  let defaults: RecordDefaults = { origin: zone, ttl: 3600, owner: zone };
  for (const { words, blank, line } of zoneEntries(text)) {
    const [first, second] = [words[0]!, words[1]];
    if (first.text === "$ORIGIN") defaults = { ...defaults, origin: absolute(second?.text ?? "", defaults.origin) };
    else if (first.text === "$TTL") defaults = { ...defaults, ttl: readTtl(second?.text ?? "") ?? defaults.ttl };
    else if (first.text.startsWith("$")) throw new Error(`drydock: ${first.text} in zone files is not simulated`);
    else {
      try {
        const record = readRecord(words, defaults, blank);
        defaults = { ...defaults, owner: record.name };
        records.push(record);
      } catch (error) {
        throw new Error(`${file}: ${(error as Error).message} at line: ${line}`, { cause: error });
      }
    }
  }
  return records;
}
