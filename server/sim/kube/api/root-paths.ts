import type { AnyKind } from "./kind.ts";
import { HEALTH_PATHS } from "./health.ts";

/** What the real server also answers. */
const UNSIMULATED =
  /^\/(\.well-known\/openid-configuration|openid\/v1\/jwks|metrics(\/slis)?|logs(\/.*)?|debug\/.*|configz)$/;

const OTHERS = [
  "/.well-known/openid-configuration",
  "/api",
  "/apis",
  "/apis/",
  "/logs",
  "/metrics",
  "/metrics/slis",
  "/openapi/v2",
  "/openapi/v3",
  "/openapi/v3/",
  "/openid/v1/jwks",
  "/version",
];

/** The paths that the server serves, as it tells at `/` (apiserver/pkg/server/routes/index.go). */
export function rootPaths(kinds: readonly AnyKind[]): string {
  const paths = new Set([...OTHERS, ...HEALTH_PATHS]);
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
