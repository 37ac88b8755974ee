import { CA_BUNDLE, type FileSpec } from "../../host/index.ts";
import { alpineFiles, type AlpineOptions } from "../files/alpine.ts";
import { busyboxFiles } from "../files/busybox.ts";
import { debianFiles, ubuntuFiles } from "../files/debian.ts";
import { mergeFiles } from "../files/image-files.ts";
import { newest, PATH, repository, type Repository } from "./repository.ts";

/** Images without a server: shells and tools. */

const BUSYBOX = [
  "1.24.2", "1.25.1", "1.26.2", "1.27.2", "1.28.0", "1.28.1", "1.28.2", "1.28.3", "1.28.4", "1.29.3", "1.30.1", "1.31.1", "1.32.1",
  "1.33.1", "1.34.1", "1.35.0", "1.36.0", "1.36.1", "1.37.0",
]; // prettier-ignore

export const busyboxRepository: Repository = repository({
  name: "docker.io/library/busybox",
  versions: BUSYBOX,
  tag(tag) {
    const [version = ""] = /^[^-]*/.exec(tag)!;
    if (/^(?:latest|stable|unstable|glibc|musl|uclibc|1)$/.test(tag))
      return tag === "stable" ? "1.36.1" : BUSYBOX.at(-1);
    if (tag !== version && !/-(?:glibc|musl|uclibc)$/.test(tag)) return undefined;
    return BUSYBOX.includes(version) ? version : newest(BUSYBOX)(version);
  },
  make: (version) => ({
    created: version === "1.28.4" ? "2018-05-22T17:00:17Z" : "2024-09-26T21:31:42Z",
    config: { cmd: ["sh"], env: [PATH] },
    size: version === "1.28.4" ? 727_869 : 2_156_518,
    files: () => busyboxFiles(version),
  }),
});

/** The copies that Kubernetes' documentation uses; what is `latest` there is as old as the registry. */
export const kubernetesBusyboxRepositories: readonly Repository[] = [
  "registry.k8s.io/busybox",
  "k8s.gcr.io/busybox",
].map((name) =>
  repository({
    name,
    versions: ["1.24.2", "1.27.2"],
    tag: (tag) => (tag === "latest" || tag === "1.24" ? "1.24.2" : tag === "1.27" ? "1.27.2" : undefined),
    make: (version) => ({
      created: "2017-10-16T17:24:02Z",
      config: { cmd: ["sh"], env: [PATH] },
      size: 706_000,
      files: () => busyboxFiles(version),
    }),
  }),
);

const ALPINE = [
  "3.8.5",
  "3.9.6",
  "3.10.9",
  "3.11.13",
  "3.12.12",
  "3.13.12",
  "3.14.10",
  "3.15.11",
  "3.16.9",
  "3.17.10",
  "3.18.12",
  "3.19.7",
  "3.20.6",
  "3.21.3",
];

export const alpineRepository: Repository = repository({
  name: "docker.io/library/alpine",
  versions: ALPINE,
  tag: (tag) => newest(ALPINE)(tag === "3" ? "latest" : tag),
  make: (version) => ({
    created: "2025-02-14T03:28:36Z",
    config: { cmd: ["/bin/sh"], env: [PATH], workingDir: "/" },
    size: 3_653_068,
    files: () => alpineFiles(version),
  }),
});

export const debianRepository: Repository = repository({
  name: "docker.io/library/debian",
  versions: ["12.10", "12.10-slim"],
  tag(tag) {
    const match = /^(latest|stable|bookworm|12|12\.10)(-slim)?$/.exec(tag);
    return match ? `12.10${match[2] ?? ""}` : undefined;
  },
  make: (version) => ({
    created: "2025-04-28T00:00:00Z",
    config: { cmd: ["bash"], env: [PATH] },
    size: version.endsWith("-slim") ? 28_227_259 : 48_487_340,
    files: () => debianFiles(),
  }),
});

interface UbuntuRelease {
  readonly codename: string;
  readonly name: string;
  /** The Debian that it was made from. */
  readonly debian: string;
  readonly created: string;
  readonly size: number;
}

const UBUNTU: Readonly<Record<string, UbuntuRelease>> = {
  "20.04": { codename: "focal", name: "20.04.6 LTS (Focal Fossa)", debian: "bullseye/sid", created: "2025-04-08T10:43:27Z", size: 27_513_000 },
  "22.04": { codename: "jammy", name: "22.04.5 LTS (Jammy Jellyfish)", debian: "bookworm/sid", created: "2025-04-08T10:46:12Z", size: 29_532_000 },
  "24.04": { codename: "noble", name: "24.04.3 LTS (Noble Numbat)", debian: "trixie/sid", created: "2025-04-15T18:07:30Z", size: 29_718_393 },
}; // prettier-ignore

/** Of the older releases only what they say of themselves is their own; their programs are those of 24.04. */
export const ubuntuRepository: Repository = repository({
  name: "docker.io/library/ubuntu",
  versions: Object.keys(UBUNTU),
  tag: (tag) => (tag === "latest" ? "24.04" : Object.keys(UBUNTU).find((version) => UBUNTU[version]!.codename === tag)),
  make(version) {
    const { created, size } = UBUNTU[version]!;
    const user = { name: "ubuntu", uid: 1000, comment: "Ubuntu", home: "/home/ubuntu", shell: "/bin/bash" };
    return {
      created,
      config: { cmd: ["/bin/bash"], env: [PATH] },
      size,
      files: () =>
        version === "24.04"
          ? ubuntuFiles({ users: [user] })
          : mergeFiles(ubuntuFiles(), { specs: releaseFiles(version, UBUNTU[version]!) }),
    };
  },
});

function releaseFiles(version: string, { codename, name, debian }: UbuntuRelease): FileSpec[] {
  const [number = ""] = /^[\d.]+ LTS/.exec(name)!;
  const site = (what: string): string => `https://${what}ubuntu.com/`;
  return [
    {
      path: "/usr/lib/os-release",
      text: `PRETTY_NAME="Ubuntu ${number}"
NAME="Ubuntu"
VERSION_ID="${version}"
VERSION="${name}"
VERSION_CODENAME=${codename}
ID=ubuntu
ID_LIKE=debian
HOME_URL="${site("www.")}"
SUPPORT_URL="${site("help.")}"
BUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"
PRIVACY_POLICY_URL="${site("www.")}legal/terms-and-policies/privacy-policy"
UBUNTU_CODENAME=${codename}
`,
    },
    { path: "/etc/debian_version", text: `${debian}\n` },
    { path: "/etc/apt/sources.list.d/ubuntu.sources", text: "" },
    {
      path: "/etc/apt/sources.list",
      text: [codename, `${codename}-updates`, `${codename}-backports`, `${codename}-security`]
        .map(
          (suite) =>
            `deb http://${suite.endsWith("-security") ? "security" : "archive"}.ubuntu.com/ubuntu/ ${suite} main restricted universe multiverse\n`,
        )
        .join(""),
    },
    { path: "/etc/issue", text: `Ubuntu ${number} \\n \\l\n\n` },
  ];
}

/** A load generator, as the Kubernetes documentation uses it for limits. */
export const stressRepository: Repository = repository({
  name: "docker.io/polinux/stress",
  versions: ["1.0.4"],
  tag: (tag) => (tag === "latest" ? "1.0.4" : undefined),
  make: (version) => ({
    created: "2017-11-07T13:30:42Z",
    config: { cmd: ["/bin/sh"], env: [PATH] },
    size: 4_041_495,
    files: () =>
      mergeFiles(alpineFiles("3.8.5"), {
        specs: [{ path: "/usr/local/bin/stress", program: "stress", version, size: 27_000 }],
      }),
  }),
});

const CURL = [
  "7.65.3", "7.66.0", "7.67.0", "7.68.0", "7.69.1", "7.70.0", "7.71.1", "7.72.0", "7.73.0", "7.74.0", "7.75.0", "7.76.1", "7.77.0",
  "7.78.0", "7.79.1", "7.80.0", "7.81.0", "7.82.0", "7.83.1", "7.84.0", "7.85.0", "7.86.0", "7.87.0", "7.88.1", "8.00.0", "8.00.1",
  "8.1.0", "8.1.1", "8.1.2", "8.2.0", "8.2.1", "8.3.0", "8.4.0", "8.5.0", "8.6.0", "8.7.1", "8.8.0", "8.9.0", "8.9.1", "8.10.0",
  "8.10.1", "8.11.0", "8.11.1", "8.12.0", "8.12.1", "8.13.0",
]; // prettier-ignore

export const curlRepository: Repository = repository({
  name: "docker.io/curlimages/curl",
  versions: CURL,
  tag: (tag) => (tag === "latest" ? CURL.at(-1) : undefined),
  make: (version) => ({
    created: "2025-04-02T07:32:16Z",
    config: {
      entrypoint: ["/entrypoint.sh"],
      cmd: ["curl"],
      env: [PATH, "CURL_CA_BUNDLE=/cacert.pem"],
      user: "curl_user",
      workingDir: "/home/curl_user",
    },
    size: 9_621_714,
    files: () =>
      mergeFiles(
        alpineFiles("3.21.3", {
          users: [
            { name: "curl_user", uid: 100, comment: "Linux User,,,", home: "/home/curl_user", shell: "/sbin/nologin" },
          ],
        }),
        {
          specs: [
            { path: "/usr/bin/curl", program: "curl", version, size: 265_920 },
            { path: "/entrypoint.sh", program: "curl-entrypoint", size: 219, owner: "curl_user" },
            { path: "/cacert.pem", text: CA_BUNDLE },
            { path: "/home/curl_user", dir: true, owner: "curl_user" },
          ],
        },
      ),
  }),
});

/** Programs of the packages that nicolaka/netshoot's Dockerfile adds to Alpine, by name. */
const NETSHOOT: Readonly<Record<string, string>> = {
  bin: "bash zsh netstat ping ping6 kill dmesg mount umount more",
  sbin: "ip bridge tc ss route ifconfig arp nft lsmod sysctl",
  "usr/bin": `ab arping curl dig host nslookup nsupdate delv drill dhcping file fping iperf iperf3 jq http https ltrace mtr net-snmp nc
ngrep nmap nping openssl socat strace ssh scp ssh-keygen sftp speedtest-cli tcptraceroute trip tshark dumpcap snmpget snmpwalk tcpdump
vim vi git websocat swaks perl python3 pip3 scapy traceroute whois nsenter unshare lsns flock`,
  "usr/sbin": `bird birdc conntrack conntrackd ethtool iftop ipset iptables iptables-save iptables-restore ip6tables ip6tables-save
ip6tables-restore iptraf-ng ipvsadm brctl tcpdump mtr-packet tracepath arping clockdiff`,
  "usr/local/bin": "ctop calicoctl termshark grpcurl fortio",
};

export const netshootRepository: Repository = repository({
  name: "docker.io/nicolaka/netshoot",
  versions: ["v0.11", "v0.12", "v0.13", "v0.14"],
  tag: (tag) => (tag === "latest" ? "v0.14" : undefined),
  make: () => ({
    created: "2025-06-05T03:44:05Z",
    config: { cmd: ["zsh"], env: [PATH, "HOSTNAME=netshoot"], user: "root", workingDir: "/root" },
    size: 205_118_446,
    files: () =>
      mergeFiles(alpineFiles("3.22.0", toolbox(NETSHOOT, true)), {
        specs: [
          { path: "/root/motd", text: "" },
          { path: "/root/.zshrc", text: "" },
        ],
      }),
  }),
});

/** Programs by directory, as options for Alpine's files. */
export function toolbox(tools: Readonly<Record<string, string>>, busyboxExtras: boolean): AlpineOptions {
  const programs = Object.entries(tools).flatMap(([directory, names]) =>
    names.split(/\s+/).map((name) => `${directory}/${name} 100000`),
  );
  return { programs, busyboxExtras };
}
