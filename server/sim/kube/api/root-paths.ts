import type { AnyKind } from "./kind.ts";
import { HEALTH_PATHS } from "./health.ts";
import { OPENID_PATHS, type ApiSettings } from "./settings.ts";

/** What the real server also answers. `/logs` is not among it: --enable-logs-handler is off since 1.31. */
const UNSIMULATED = /^\/debug\/.*$/;

const OTHERS = [
  "/api",
  "/apis",
  "/apis/",
  "/metrics",
  "/metrics/slis",
  "/openapi/v2",
  "/openapi/v3",
  "/openapi/v3/",
  "/version",
];

/** The paths that the server serves, as it tells at `/` (apiserver/pkg/server/routes/index.go). */
export function rootPaths(kinds: readonly AnyKind[], { openId }: ApiSettings): string {
  const paths = new Set([...OTHERS, ...HEALTH_PATHS, ...OPENID_PATHS.filter((path) => openId?.(path))]);
  for (const { group, version } of kinds) {
    if (group !== "") paths.add(`/apis/${group}`);
    paths.add(group === "" ? `/api/${version}` : `/apis/${group}/${version}`);
  }
  return JSON.stringify({ paths: [...paths].sort() }, null, 2);
}

/** What is said of a path that only the real server knows; undefined of all others. */
export function unsimulatedPath(path: string): string | undefined {
  return UNSIMULATED.test(path) ? `drydock: kube-apiserver: '${path}' is not simulated\n` : undefined;
}
