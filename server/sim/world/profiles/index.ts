import { fromCalendar } from "../../kernel/index.ts";
import {
  buildBaseFiles,
  debian12Files,
  DPKG_STATUS,
  packageLists,
  packageStatus,
  deviceFiles,
  ubuntu24Files,
  type FileSpec,
  type Profile,
} from "../../host/index.ts";
import { debianPrograms, ubuntuPrograms } from "../../images/index.ts";
import { NOBLE_BASE } from "../internet/catalogue/debian/index.ts";
import { SERVER_PACKAGES, SERVER_PROGRAMS } from "./server-programs.ts";

const INSTALLED = fromCalendar(2026, 11, 10, 8, 14, 3);

const DIRECTORIES: readonly FileSpec[] = [
  ...["/proc", "/sys"].map((path) => ({ path, dir: true as const, mode: 0o555 })),
  ...[
    "/boot",
    "/home",
    "/media",
    "/mnt",
    "/opt",
    "/run",
    "/srv",
    "/usr/local/bin",
    "/usr/local/sbin",
    "/var/log",
    "/var/lib",
  ].map((path) => ({ path, dir: true as const })),
  ...["/tmp", "/var/tmp", "/run/lock"].map((path) => ({ path, dir: true as const, mode: 0o1777 })),
  { path: "/root", dir: true, mode: 0o700 },
  { path: "/var/run", link: "/run" },
  ...["bin", "sbin", "lib"].map((name) => ({ path: `/${name}`, link: `usr/${name}` })),
  { path: "/lib64", link: "usr/lib64" },
  { path: "/etc/mtab", link: "/proc/mounts" },
];

/** At the end, so that the numbers of the other files stay what they are in worlds that were kept. */
const SFTP_SERVER: FileSpec = { path: "/usr/lib/openssh/sftp-server", program: "sftp-server" };

/** dpkg's database: what is installed, and which files belong to the tools' packages. */
function packageDatabase(): FileSpec[] {
  const packages = NOBLE_BASE.map((one) => {
    const files = SERVER_PACKAGES[one.name];
    return {
      ...one,
      maintainer: "Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>",
      ...(files ? { files } : {}),
    };
  });
  return [
    { path: DPKG_STATUS, text: packageStatus(packages) },
    ...packageLists(packages),
    { path: "/usr/bin/lsb_release", program: "lsb_release" },
    { path: "/usr/sbin/init", link: "../lib/systemd/systemd" },
    ...["halt", "poweroff", "reboot", "runlevel", "shutdown", "telinit"].map((name): FileSpec => ({
      path: `/usr/sbin/${name}`,
      link: "../bin/systemctl",
    })),
  ];
}

const KERNEL = {
  kernelRelease: "6.8.0-51-generic",
  kernelVersion: "#52-Ubuntu SMP PREEMPT_DYNAMIC Thu Dec  5 13:09:44 UTC 2024",
  architecture: "x86_64",
} as const;

let profiles: readonly Profile[] | undefined;

/** What machines imitate. Their files are built when first asked for, once for all worlds. */
export function machineProfiles(): readonly Profile[] {
  return (profiles ??= [ubuntu24(), debian12(), appliance()]);
}

/** Ubuntu 24.04 server, as the nodes of a cluster and the machine outside of it have it. */
function ubuntu24(): Profile {
  const programs: FileSpec[] = [
    ...ubuntuPrograms(),
    ...SERVER_PROGRAMS.map((path): FileSpec => ({ path, program: path.slice(path.lastIndexOf("/") + 1) })),
  ];
  return {
    ...KERNEL,
    name: "ubuntu24",
    versions: { iptables: "1.8.10", iproute2: "6.1.0", curl: "8.5.0", bind9: "9.18.30", iputils: "20240117" },
    files: buildBaseFiles(
      "profile:ubuntu24",
      [...deviceFiles, ...DIRECTORIES, ...programs, ...ubuntu24Files, SFTP_SERVER, ...packageDatabase()],
      INSTALLED,
    ),
  };
}

/** Of Debian's procps, which is none of its base; in Ubuntu it is. */
const PROCPS = [
  "/usr/sbin/sysctl",
  ...["free", "pgrep", "pidwait", "pkill", "pmap", "ps", "pwdx", "skill", "slabtop", "snice", "tload", "top"].map(
    usrBin,
  ),
  ...["uptime", "vmstat", "w", "watch"].map(usrBin),
];

function usrBin(name: string): string {
  return `/usr/bin/${name}`;
}

/** Debian 12, as the machine has it on which the real tools' transcripts were recorded. */
function debian12(): Profile {
  const programs: FileSpec[] = [
    ...debianPrograms(),
    ...[...SERVER_PROGRAMS.filter((path) => !path.endsWith("/sudo")), ...PROCPS].map((path): FileSpec => ({
      path,
      program: path.slice(path.lastIndexOf("/") + 1),
    })),
    { path: "/usr/bin/busybox", program: "busybox", version: "1.35.0" },
  ];
  return {
    kernelRelease: "6.18.44",
    kernelVersion: "#1 SMP",
    architecture: "x86_64",
    name: "debian12",
    versions: {
      bind9: "9.18.49-1~deb12u3-Debian",
      python3: "3.11.2",
      tcpdump: "4.99.3",
      libpcap: "1.10.3",
      libssl: "OpenSSL 3.0.19 27 Jan 2026",
      conntrack: "1.4.7",
      ipset: "7.17",
      coreutils: "9.1",
      curl: "7.88.1",
      grep: "3.8",
      iproute2: "6.1.0",
      iptables: "1.8.9",
      nftables: "1.0.6",
      wget: "1.21.3",
      iputils: "20221126",
      ethtool: "6.1",
      libbpf: "1.1.2",
      "net-tools": "2.10",
      procps: "4.0.2",
      sed: "4.9",
      "util-linux": "2.38.1",
    },
    files: buildBaseFiles(
      "profile:debian12",
      [
        ...deviceFiles,
        ...DIRECTORIES,
        ...programs,
        ...debian12Files,
        { path: "/etc/hosts", text: DEBIAN_HOSTS },
        SFTP_SERVER,
      ],
      INSTALLED,
    ),
  };
}

const DEBIAN_HOSTS = `127.0.0.1 localhost
127.0.1.1 controlplane

# The following lines are desirable for IPv6 capable hosts
::1     ip6-localhost ip6-loopback
fe00::0 ip6-localnet
ff00::0 ip6-mcastprefix
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
`;

/** A router or a server that nobody logs in to. */
function appliance(): Profile {
  return {
    ...KERNEL,
    name: "appliance",
    versions: {},
    files: buildBaseFiles("profile:appliance", [...deviceFiles, ...DIRECTORIES], INSTALLED),
  };
}
