import type { Process } from "../../sim/host/index.ts";
import { libcOf } from "../netdb/libc.ts";

/** Which OpenSSL a process is: what its profile says, or the one of the distribution. */
export function opensslVersion({ host, machine }: Process): Release {
  const profile = host.isContainer ? undefined : machine.hosts.profile(machine.row.profile).versions["openssl"];
  const release = RELEASES[profile ?? ""];
  if (release) return release;
  if (libcOf(host) === "musl") return RELEASES["3.3.3"]!;
  return /^ID=debian$/m.test(host.readText("/etc/os-release") ?? "") ? RELEASES["3.0.19"]! : RELEASES["3.0.13"]!;
}

export interface Release {
  readonly number: string;
  readonly date: string;
  readonly built: string;
  readonly platform: string;
  readonly prefix: string;
  readonly libraries: string;
  /** 3.2 or later. */
  readonly isNew: boolean;
}

/** Of Ubuntu 24.04, Debian 12 and Alpine 3.21. */
const RELEASES: Readonly<Record<string, Release>> = {
  "3.0.13": {
    number: "3.0.13",
    date: "30 Jan 2024",
    built: "Wed Feb  5 13:19:41 2025 UTC",
    platform: "debian-amd64",
    prefix: "/usr/lib/ssl",
    libraries: "/usr/lib/x86_64-linux-gnu",
    isNew: false,
  },
  "3.0.19": {
    number: "3.0.19",
    date: "27 Jan 2026",
    built: "Fri Apr  3 12:29:32 2026 UTC",
    platform: "debian-amd64",
    prefix: "/usr/lib/ssl",
    libraries: "/usr/lib/x86_64-linux-gnu",
    isNew: false,
  },
  "3.3.3": {
    number: "3.3.3",
    date: "11 Feb 2025",
    built: "Tue Feb 11 14:48:20 2025 UTC",
    platform: "linux-x86_64",
    prefix: "/etc/ssl",
    libraries: "/usr/lib",
    isNew: true,
  },
};
