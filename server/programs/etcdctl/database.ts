import { createHash } from "node:crypto";
import type { Cluster } from "../../sim/kube/cluster/cluster.ts";
import type { AnyKind, KubeObject } from "../../sim/kube/api/index.ts";

export interface Entry {
  readonly key: string;
  readonly object: KubeObject;
}

/** What etcd holds for its API server, sorted by key: `/registry/pods/default/web`. */
export function entries({ api }: Cluster): readonly Entry[] {
  const stored = new Set<AnyKind>(api.registry.kinds.filter((kind) => kind.storedAs === undefined));
  return [...stored]
    .flatMap((kind) =>
      api.store.list(kind).map((object) => {
        const path = kind.registryPath ?? `/registry/${kind.plural}`;
        const { name, namespace } = object.metadata;
        return { key: `${path}/${kind.namespaced ? `${namespace}/` : ""}${name}`, object };
      }),
    )
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

const HEAD = "drydock etcd snapshot\n";

/** A snapshot as a file: a line that says what it is, then one JSON row for each key. */
export function snapshotText(cluster: Cluster): string {
  const rows = entries(cluster).map((entry) => `${JSON.stringify(entry)}\n`);
  return `${HEAD}${JSON.stringify({ revision: cluster.api.store.revision })}\n${rows.join("")}`;
}

export interface SnapshotStatus {
  readonly hash: string;
  readonly revision: number;
  readonly keys: number;
  readonly size: number;
}

export function snapshotStatus(text: string): SnapshotStatus | undefined {
  if (!text.startsWith(HEAD)) return undefined;
  const [head = "{}", ...rows] = text.slice(HEAD.length).trimEnd().split("\n");
  const { revision } = JSON.parse(head) as { readonly revision: number };
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return { hash, revision, keys: rows.length, size: text.length };
}

/** dustin/go-humanize Bytes: two digits, `33 kB`. */
export function humanBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  const unit = bytes < 10 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = Math.floor((bytes / 1000 ** unit) * 10 + 0.5) / 10;
  return `${bytes < 10 || value >= 10 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]!}`;
}

/** olekukonko/tablewriter: headers centred, cells to the right. */
export function asciiTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]!.length)));
  const rule = `+${widths.map((width) => "-".repeat(width + 2)).join("+")}+\n`;
  const centred = (text: string, width: number): string => {
    const left = Math.floor((width - text.length) / 2);
    return " ".repeat(left) + text + " ".repeat(width - text.length - left);
  };
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  const body = rows.map((row) => line(row.map((cell, at) => cell.padStart(widths[at]!))));
  return `${rule}${line(header.map((name, at) => centred(name, widths[at]!)))}${rule}${body.join("")}${rule}`;
}
