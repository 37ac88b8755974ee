import {
  belongsTo,
  byHandle,
  EVERYTHING,
  nftablesOf,
  nftTables,
  nftTableText,
  nativeTableText,
  UnknownToNft,
  UnsimulatedNft,
  type Namespace,
  type NativeListStyle,
  type NativeShown,
  type NativeTableRow,
  type NftComplaint,
  type NftQuery,
  type NftTable,
} from "../../sim/net/index.ts";

/** What a table has to show, with the warning that belongs on stderr before it. */
export interface Shown {
  readonly warning: string;
  readonly text: string;
}

/** nft's style, and that nftables 1.0.7 and later quote the names of what has no translation. */
export interface ShowStyle extends NativeListStyle {
  readonly quoted: boolean;
}

/** A table of nft's own, one of iptables-nft, or both under one name. */
interface Either {
  readonly family: string;
  readonly name: string;
  readonly native: NativeTableRow | undefined;
  readonly foreign: NftTable | undefined;
}

function tablesOf(ns: Namespace, family: string | undefined): Either[] {
  const nft = nftablesOf(ns);
  const out: Either[] = nftTables(ns).map((foreign) => ({
    family: foreign.family,
    name: foreign.name,
    native: nft.tables.get(`${foreign.family} ${foreign.name}`),
    foreign,
  }));
  for (const native of byHandle(nft.tables.values()))
    if (!out.some((one) => one.native === native))
      out.push({ family: native.family, name: native.name, native, foreign: undefined });
  return family === undefined ? out : out.filter((one) => one.family === family);
}

/** What a `list` or `reset` prints, or what nft says of something that is not there. */
export function answer(ns: Namespace, query: NftQuery, style: ShowStyle): readonly Shown[] | NftComplaint {
  const { what, family, table, name, places } = query;
  const tables = tablesOf(ns, family);
  if (table !== undefined) {
    const one = tables.find((candidate) => candidate.name === table && candidate.family === family);
    if (!one) {
      return { says: MISSING, place: places.table! };
    }
    if (name !== undefined) return answerNamed(ns, query, one, style);
    return [only(ns, one, what === "table" ? "everything" : what, style)];
  }
  if (what === "tables") return tables.map((one) => plain(`table ${one.family} ${one.name}\n`));
  const shown = tables.map((one) => only(ns, one, what === "ruleset" ? "everything" : what, style));
  if (what !== "counters" || query.verb !== "reset") return shown.filter(({ text }) => text !== "");
  resetCounters(ns, family);
  return shown.filter(({ text }) => text !== "");
}

const MISSING = "No such file or directory";

function plain(text: string): Shown {
  return { warning: "", text };
}

function answerNamed(ns: Namespace, query: NftQuery, one: Either, style: ShowStyle): readonly Shown[] | NftComplaint {
  const { what, family, table, name, places } = query;
  const nft = nftablesOf(ns);
  const key = `${family!} ${table!} ${name!}`;
  if (what === "chain" && one.foreign?.table.chains.has(name!))
    return [foreignText(one.foreign, style, { chain: name! })];
  const found = what === "chain" ? nft.chains.get(key) : what === "counter" ? nft.counters.get(key) : nft.sets.get(key);
  const fits = found && (what !== "set" && what !== "map" ? true : "kind" in found && found.kind === what);
  if (!fits || !one.native) return { says: MISSING, place: places.name! };
  const shown: NativeShown = { [`${what}s`]: name!, plainHead: true };
  const text = nativeTableText(nft, one.native, style, shown);
  if (query.verb === "reset" && found) nft.counts.set((found as { id: number }).id, { packets: 0, bytes: 0 });
  return [plain(text)];
}

function resetCounters(ns: Namespace, family: string | undefined): void {
  const nft = nftablesOf(ns);
  for (const row of nft.counters.values())
    if (family === undefined || row.family === family) nft.counts.set(row.id, { packets: 0, bytes: 0 });
}

const LISTED: Readonly<Record<string, NativeShown>> = {
  everything: EVERYTHING,
  chains: { chains: "heads", tight: true },
  sets: { sets: "*", tight: true },
  maps: { maps: "*", tight: true },
  counters: { counters: "*", tight: true },
};

/** One table, or the part of it that is asked for. */
function only(ns: Namespace, { native, foreign, family, name }: Either, what: string, style: ShowStyle): Shown {
  const listed = LISTED[what];
  // Nothing simulated is of the other kinds.
  if (!listed) return plain(["meters", "flowtables"].includes(what) ? `table ${family} ${name} {\n}\n` : "");
  const nft = nftablesOf(ns);
  const inner = foreign && (what === "everything" || what === "chains") ? foreignText(foreign, style, what === "chains" ? { chainsOnly: true } : {}) : undefined; // prettier-ignore
  if (!native) return inner ?? plain(what === "counters" ? "" : `table ${family} ${name} {\n}\n`);
  const hasCounters = [...nft.counters.values()].some((row) => belongsTo(native, row));
  if (what === "counters" && !hasCounters) return plain("");
  const blocks = inner ? [inner.text.replace(/^.*\n/, "").replace(/\}\n$/, "")].filter(Boolean) : [];
  return { warning: inner?.warning ?? "", text: nativeTableText(nft, native, style, listed, blocks) };
}

function foreignText(foreign: NftTable, style: ShowStyle, more: { chain?: string; chainsOnly?: boolean }): Shown {
  if (style.handles) throw new UnsimulatedNft("-a: the handles of a table that iptables made");
  const found = nftTableText(foreign, { ...style, ...more });
  if (found instanceof UnknownToNft) throw new UnsimulatedNft(`list: a rule with ${found.what}`);
  return found;
}
