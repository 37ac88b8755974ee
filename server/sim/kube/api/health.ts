import type { Query } from "./request.ts";
import type { ApiSettings } from "./settings.ts";

/** The paths by which the kubelet and people ask whether the server is well. */
const CHECKS: Record<string, readonly string[]> = {
  healthz: ["ping", "log", "etcd"],
  livez: ["ping", "log", "etcd"],
  readyz: ["ping", "log", "etcd", "etcd-readiness"],
};

/** As apiserver/pkg/server/healthz: `ok`, or every check with what it found when asked for or when one failed. */
export function health(settings: ApiSettings, path: string, query: Query): { code: number; text: string } | undefined {
  const [root = "", single, ...rest] = path.split("/").filter((part) => part !== "");
  const checks = CHECKS[root];
  if (!checks || rest.length > 0 || (single !== undefined && !checks.includes(single))) return undefined;
  const excluded = query["exclude"] ?? [];
  const failed = settings.etcdError?.() !== undefined;
  const asked = (single === undefined ? checks : [single]).filter((check) => !excluded.includes(check));
  const bad = asked.filter((check) => failed && check.startsWith("etcd"));
  if (bad.length === 0 && (query["verbose"] === undefined || single !== undefined)) return { code: 200, text: "ok" };
  if (single !== undefined) return { code: 500, text: "internal server error: reason withheld\n" };
  const lines = asked.map((check) => (bad.includes(check) ? `[-]${check} failed: reason withheld` : `[+]${check} ok`));
  const end = bad.length === 0 ? `${root} check passed` : `${root} check failed`;
  return { code: bad.length === 0 ? 200 : 500, text: `${[...lines, end].join("\n")}\n` };
}

/** What `/version` says (the release binaries of v1.33.1). */
export const VERSION = {
  major: "1",
  minor: "33",
  emulationMajor: "1",
  emulationMinor: "33",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "32",
  gitVersion: "v1.33.1",
  gitCommit: "8adc0f041b8e7ad1d30e29cc59c6ae7a15e19828",
  gitTreeState: "clean",
  buildDate: "2025-05-15T08:19:08Z",
  goVersion: "go1.24.2",
  compiler: "gc",
  platform: "linux/amd64",
} as const;
