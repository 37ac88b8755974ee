import type { Process } from "../../sim/host/index.ts";
import { namespaceOf, netfilterOf, TABLES } from "../../sim/net/index.ts";
import type { Variant } from "./variant.ts";

/** The newer programs say so where the older interface has tables of the namespace (nft_check_xt_legacy). */
export function legacyWarning(process: Process, { family, backend }: Variant, program: string): string {
  if (backend === "legacy") return "";
  const older = netfilterOf(namespaceOf(process), family, "legacy");
  if (!TABLES.some((table) => older[table].exists)) return "";
  const legacy = program.replace("tables", "tables-legacy");
  return `# Warning: ${family === 4 ? "iptables" : "ip6tables"}-legacy tables present, use ${legacy} to see them\n`;
}
