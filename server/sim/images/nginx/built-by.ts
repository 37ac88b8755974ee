import type { Host } from "../../host/index.ts";

/** Which compiler nginx.org's packages were built with, as the log tells: by distribution, and nginx' version from where. */
const COMPILERS: readonly (readonly [id: string, since: number, text: string])[] = [
  ["debian", 1_023_004, "gcc 12.2.0 (Debian 12.2.0-14)"],
  ["debian", 1_021_004, "gcc 10.2.1 20210110 (Debian 10.2.1-6)"],
  ["debian", 1_017_000, "gcc 8.3.0 (Debian 8.3.0-6)"],
  ["debian", 0, "gcc 6.3.0 20170516 (Debian 6.3.0-18+deb9u1)"],
  ["alpine", 1_027_003, "gcc 14.2.0 (Alpine 14.2.0)"],
  ["alpine", 1_027_000, "gcc 13.2.1 20240309 (Alpine 13.2.1_git20240309)"],
  ["alpine", 1_025_000, "gcc 12.2.1 20220924 (Alpine 12.2.1_git20220924-r10)"],
  ["alpine", 0, "gcc 10.3.1 20211027 (Alpine 10.3.1_git20211027)"],
];

/** Undefined for packages of others, who leave it out. */
export function builtBy(host: Host, version: string): string | undefined {
  if (!host.files.exists("/docker-entrypoint.d") && !host.files.exists("/usr/share/nginx/html/index.html"))
    return undefined;
  const id = /^ID="?(\w+)/m.exec(host.readText("/etc/os-release") ?? "")?.[1];
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  const number = major * 1_000_000 + minor * 1000 + patch;
  return COMPILERS.find(([distribution, since]) => distribution === id && number >= since)?.[2];
}
