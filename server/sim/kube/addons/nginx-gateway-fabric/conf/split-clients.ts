import type { Backend, GraphRoute } from "../graph/model.ts";
import type { MatchRule } from "./virtual-servers.ts";

export const INVALID_BACKEND = "invalid-backend-ref";

type Group = Pick<MatchRule, "route" | "rule" | "backends">;

/** What a rule's requests are passed to: an upstream, or the variable that chooses one (split_clients.go backendGroupName). */
export function backendTarget({ route, rule, backends }: Group): string {
  if (backends.length > 1) return `$${groupVariable(route, rule)}`;
  const [only] = backends;
  return only?.upstream === undefined || only.weight === 0 ? INVALID_BACKEND : only.upstream;
}

export function groupVariable({ source: { metadata } }: GraphRoute, rule: number): string {
  return `group_${metadata.namespace!}__${metadata.name}_rule${rule}`.replaceAll("-", "_");
}

/** Shares in hundredths of a percent; the last backend has what is left (createBackendGroupSplitClientDistributions). */
export function shares(backends: readonly Backend[]): readonly { readonly percent: string; readonly value: string }[] {
  const total = backends.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return [{ percent: "100", value: INVALID_BACKEND }];
  let left = 10_000;
  return backends.map(({ weight, upstream = INVALID_BACKEND }, at) => {
    const share = at === backends.length - 1 ? left : Math.floor((weight * 10_000) / total);
    left -= share;
    return { percent: (share / 100).toFixed(2), value: upstream };
  });
}

/** Of a mirror that gets a part of the requests: its path for those, else nothing (split_clients.go). */
export function mirrorVariable(path: string, percent: number): string {
  return `${path}_${percent.toFixed(2)}`.replaceAll(/[-/.]/g, "_");
}
