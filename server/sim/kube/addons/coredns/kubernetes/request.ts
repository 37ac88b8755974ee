/** What a name in a zone of the kubernetes plugin asks for (plugin/kubernetes/parse.go). */
export interface RecordRequest {
  readonly port: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly service: string;
  readonly namespace: string;
  /** Empty for the zone itself and `svc`, `pod` alone. */
  readonly kind: "svc" | "pod" | "";
}

const NOTHING: RecordRequest = { port: "", protocol: "", endpoint: "", service: "", namespace: "", kind: "" };

/** Takes a name in small letters apart; undefined if it cannot be anything. */
export function parseRequest(name: string, zone: string): RecordRequest | undefined {
  const base = zone === "." ? name.slice(0, -1) : name.slice(0, Math.max(0, name.length - zone.length - 1));
  if (base === "" || base === "svc" || base === "pod") return NOTHING;
  const labels = base.split(".");
  const kind = labels.pop()!;
  if (kind !== "svc" && kind !== "pod") return undefined;
  const namespace = labels.pop() ?? "";
  const service = labels.pop() ?? "";
  const plain = { ...NOTHING, kind, namespace, service } as const;
  if (labels.length === 0) return plain;
  if (labels.length === 1) return { ...plain, endpoint: labels[0]! };
  if (labels.length > 2) return undefined;
  return { ...plain, port: labels[0]!.replace(/^_/, ""), protocol: labels[1]!.replace(/^_/, "") };
}
