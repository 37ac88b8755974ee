import type { Process } from "../../sim/host/index.ts";
import { libcOf } from "../netdb/libc.ts";
import type { Command } from "./command.ts";

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
  },
  "3.0.19": {
    number: "3.0.19",
    date: "27 Jan 2026",
    built: "Fri Apr  3 12:29:32 2026 UTC",
    platform: "debian-amd64",
    prefix: "/usr/lib/ssl",
    libraries: "/usr/lib/x86_64-linux-gnu",
  },
  "3.3.3": {
    number: "3.3.3",
    date: "11 Feb 2025",
    built: "Tue Feb 11 14:48:20 2025 UTC",
    platform: "linux-x86_64",
    prefix: "/etc/ssl",
    libraries: "/usr/lib",
  },
};

export const version: Command = {
  name: "version",
  options: `General options:
 help - Shows this list
Output options:
 a - Shows all
 b - Shows when it was built
 d - Shows the directory of its configuration
 e - Shows the directory of its engines
 m - Shows the directory of its modules
 f - Shows how it was compiled
 o - Shows options of its data types
 p - Shows the platform
 r - Shows where random numbers come from
 v - Shows the version
 c - Shows features of the processor`,

  async run(call) {
    if (call.operands.length > 0) throw call.usage("Extra parameters given.\n");
    const release = opensslVersion(call.process);
    const title = `OpenSSL ${release.number} ${release.date}`;
    const lines: readonly (readonly [option: string, text: string])[] = [
      ["v", `${title} (Library: ${title})`],
      ["b", `built on: ${release.built}`],
      ["p", `platform: ${release.platform}`],
      ["o", "options:  bn(64,64)"],
      ["f", "compiler: gcc -fPIC -pthread -m64 -Wa,--noexecstack -Wall -O2 -DL_ENDIAN -DOPENSSL_PIC -DOPENSSL_BUILDING_OPENSSL -DNDEBUG"], // prettier-ignore
      ["d", `OPENSSLDIR: "${release.prefix}"`],
      ["e", `ENGINESDIR: "${release.libraries}/engines-3"`],
      ["m", `MODULESDIR: "${release.libraries}/ossl-modules"`],
      ["r", "Seeding source: os-specific"],
      ["c", "CPUINFO: OPENSSL_ia32cap=0xfffa3203478bffff:0x184007a4219c27ab"],
    ];
    const none = call.given.length === 0;
    await call.print(
      lines
        .flatMap(([option, text]) =>
          call.has("a") || call.has(option) || (none && option === "v") ? [`${text}\n`] : [],
        )
        .join(""),
    );
    return 0;
  },
};
