import { compilePattern, type Pattern } from "./pattern.ts";

/** A name of a server: `example.com`, `*.example.com`, `.example.com`, `www.*`, `~^w(?<n>\d)$`, or none. */
export interface ServerName {
  readonly source: string;
  readonly kind: "exact" | "head" | "head and self" | "tail" | "regex" | "invalid";
  /** Without the star; lower case. */
  readonly text: string;
  readonly pattern?: Pattern;
}

export function compileServerName(source: string): ServerName {
  if (source.startsWith("~"))
    return { source, kind: "regex", text: "", pattern: compilePattern(source.slice(1), true) as Pattern };
  const text = source.toLowerCase();
  if (text.startsWith("*.") && !text.slice(1).includes("*")) return { source: text, kind: "head", text: text.slice(1) };
  if (text.startsWith(".") && !text.includes("*")) return { source: text, kind: "head and self", text };
  if (text.endsWith(".*") && !text.slice(0, -1).includes("*"))
    return { source: text, kind: "tail", text: text.slice(0, -1) };
  return { source: text, kind: text.includes("*") ? "invalid" : "exact", text };
}

/** How well a name fits a host; the smallest wins: exact, then the longest `*.` and `.*`, then expressions in order. */
export function nameScore(name: ServerName, host: string): number | undefined {
  switch (name.kind) {
    case "exact":
      return name.text === host ? 0 : undefined;
    case "head and self":
      if (name.text.slice(1) === host) return 0;
      return host.endsWith(name.text) ? 1000 - name.text.length : undefined;
    case "head":
      return host.endsWith(name.text) && host.length > name.text.length ? 1000 - name.text.length : undefined;
    case "tail":
      return host.startsWith(name.text) ? 2000 - name.text.length : undefined;
    case "regex":
      return name.pattern!.match(host) ? 3000 : undefined;
    case "invalid":
      return undefined;
  }
}
