import type { Command } from "./command.ts";
import { opensslVersion } from "./release.ts";

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
