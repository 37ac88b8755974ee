import type { Process } from "../../sim/host/index.ts";
import type { Installed } from "../dpkg/database.ts";
import { releaseWords, type Available } from "./package-list.ts";

interface Choice {
  readonly installed: ReadonlyMap<string, Installed>;
  readonly available: ReadonlyMap<string, readonly Available[]>;
  readonly quiet: number;
  readonly program: string;
}

/** Packages that Ubuntu's archive has, and this world's has not: not to be told from a slip of the pen otherwise. */
const NOT_HERE = new Set(
  "apache2 apparmor-utils auditd bash-completion build-essential chrony cri-o docker-ce docker.io dstat etcd-client fail2ban fping gcc git gnupg gpg haproxy hping3 htop iftop iotop iperf iperf3 iptables-persistent keepalived make mtr mtr-tiny neovim nethogs nfs-common nginx ngrep nmap podman python3-pip screen software-properties-common sshpass sysstat trivy ufw unzip whois wireguard yq zip zsh".split(
    " ",
  ),
);

/** The versions that words ask for: `jq`, `kubeadm=1.33.2-1.1`, `kubeadm=1.33.2-*`; a number if one cannot be had. */
export async function choose(
  process: Process,
  words: readonly string[],
  { installed, available, quiet, program }: Choice,
): Promise<Available[] | number> {
  const chosen: Available[] = [];
  let failed = false;
  for (const word of words) {
    const [, name = "", sign, pattern = ""] = /^([^=/]+)(?:([=/])(.*))?$/.exec(word) ?? [];
    const bare = name.replace(/:(?:amd64|all)$/, "");
    const versions = available.get(bare) ?? [];
    const has = installed.get(bare);
    if (versions.length === 0 && !has) {
      if (NOT_HERE.has(bare)) {
        await process.error(`drydock: ${program}: package '${bare}' is not simulated\n`);
        return 64;
      }
      await process.error(`E: Unable to locate package ${bare || word}\n`);
      failed = true;
      continue;
    }
    if (sign === "/") {
      await process.error(`drydock: ${program}: a release after a package's name ('${word}') is not simulated\n`);
      return 64;
    }
    const found = sign === undefined ? versions[0] : versions.find(({ version }) => matches(version, pattern));
    if (found) {
      if (sign !== undefined && found.version !== pattern && quiet === 0)
        await process.print(
          `Selected version '${found.version}' (${releaseWords(found)} [${found.arch}]) for '${bare}'\n`,
        );
      chosen.push(found);
    } else if (has && (sign === undefined || matches(has.version, pattern))) {
      if (quiet < 2) await process.print(`${bare} is already the newest version (${has.version}).\n`);
    } else {
      if (quiet < 2)
        await process.print(
          `Package ${bare} is not available, but is referred to by another package.\nThis may mean that the package is missing, has been obsoleted, or\nis only available from another source\n\n`,
        );
      await process.error(`E: Version '${pattern}' for '${bare}' was not found\n`);
      failed = true;
    }
  }
  return failed ? 100 : chosen;
}

function matches(version: string, pattern: string): boolean {
  if (!/[*?]/.test(pattern)) return version === pattern;
  const text = pattern
    .replaceAll(/[.+^${}()|\\[\]]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${text}$`).test(version);
}
