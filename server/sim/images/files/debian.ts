import { CA_CERTIFICATES, debian12Files, OPENSSL_FILES, ubuntu24Files, type FileSpec } from "../../host/index.ts";
import { DEBIAN_PROGRAMS, UBUNTU_PROGRAMS } from "./debian-programs.ts";
import type { FileSet } from "./image-files.ts";

/** Files of `debian:*-slim` and `ubuntu:*`, and of what is built on them. No ps, ip, ping or curl is in Debian's. */

const PASSWD = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
sync:x:4:65534:sync:/bin:/bin/sync
games:x:5:60:games:/usr/games:/usr/sbin/nologin
man:x:6:12:man:/var/cache/man:/usr/sbin/nologin
lp:x:7:7:lp:/var/spool/lpd:/usr/sbin/nologin
mail:x:8:8:mail:/var/mail:/usr/sbin/nologin
news:x:9:9:news:/var/spool/news:/usr/sbin/nologin
uucp:x:10:10:uucp:/var/spool/uucp:/usr/sbin/nologin
proxy:x:13:13:proxy:/bin:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
backup:x:34:34:backup:/var/backups:/usr/sbin/nologin
list:x:38:38:Mailing List Manager:/var/list:/usr/sbin/nologin
irc:x:39:39:ircd:/run/ircd:/usr/sbin/nologin
_apt:x:42:65534::/nonexistent:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`;

const GROUP = `root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:
tty:x:5:
disk:x:6:
lp:x:7:
mail:x:8:
news:x:9:
uucp:x:10:
man:x:12:
proxy:x:13:
kmem:x:15:
dialout:x:20:
fax:x:21:
voice:x:22:
cdrom:x:24:
floppy:x:25:
tape:x:26:
sudo:x:27:
audio:x:29:
dip:x:30:
www-data:x:33:
backup:x:34:
operator:x:37:
list:x:38:
irc:x:39:
src:x:40:
shadow:x:42:
utmp:x:43:
video:x:44:
sasl:x:45:
plugdev:x:46:
staff:x:50:
games:x:60:
users:x:100:
nogroup:x:65534:
`;

const NSSWITCH = `passwd:         files
group:          files
shadow:         files
gshadow:        files

hosts:          files dns
networks:       files

protocols:      db files
services:       db files
ethers:         db files
rpc:            db files

netgroup:       nis
`;

/** More users, each with a group of the same name and number. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
}

export interface DebianOptions {
  readonly users?: readonly SystemUser[];
  /** Of packages that are installed besides: `usr/bin/curl 280800`. */
  readonly programs?: readonly string[];
}

/** As `debian:12` has it. */
const SOURCES = `Types: deb
# http://snapshot.debian.org/archive/debian/20250520T000000Z
URIs: http://deb.debian.org/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
# http://snapshot.debian.org/archive/debian-security/20250520T000000Z
URIs: http://deb.debian.org/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`;

export function debianFiles(options: DebianOptions = {}): FileSet {
  return {
    specs: [
      ...systemFiles(debian12Files, DEBIAN_PROGRAMS, options, ALTERNATIVES),
      { path: "/etc/apt/sources.list.d/debian.sources", text: SOURCES },
    ],
  };
}

export function ubuntuFiles(options: DebianOptions = {}): FileSet {
  return {
    specs: [
      ...systemFiles(ubuntu24Files, UBUNTU_PROGRAMS, options, ALTERNATIVES),
      // As on a machine of the same release.
      ...ubuntu24Files.filter(({ path }) => path.startsWith("/etc/apt/sources.list.d/")),
    ],
  };
}

/** What stands in /etc/alternatives for links in the table of programs. */
const ALTERNATIVES = { awk: "mawk", nawk: "mawk", pager: "more", which: "which.debianutils" };

/** Programs whose file is not named as they are called. */
const CALLED: Readonly<Record<string, string>> = {
  "which.debianutils": "which",
  "perl5.36.0": "perl",
  "perl5.38.2": "perl",
  "ldconfig.real": "ldconfig",
};

/** Taken over from the profile of a machine with the same distribution. */
const SHARED = new Set([
  "/usr/lib/os-release",
  "/etc/os-release",
  "/etc/debian_version",
  "/etc/issue",
  "/etc/host.conf",
]);
const SHELL_FILES = new Set(["/etc/profile", "/etc/bash.bashrc", "/root/.bashrc", "/root/.profile", "/etc/shells"]);

function systemFiles(
  machine: readonly FileSpec[],
  table: string,
  { users = [], programs = [] }: DebianOptions,
  alternatives: Readonly<Record<string, string>>,
): FileSpec[] {
  const passwd = PASSWD + users.map((user) => passwdLine(user)).join("");
  return [
    ...machine.filter(({ path }) => SHARED.has(path) || SHELL_FILES.has(path)),
    ...(programs.some((path) => path.startsWith("usr/bin/openssl ")) ? OPENSSL_FILES : []),
    { path: "/etc/passwd", text: passwd },
    { path: "/etc/group", text: GROUP + users.map((user) => `${user.name}:x:${user.uid}:\n`).join("") },
    {
      path: "/etc/shadow",
      mode: 0o640,
      group: "shadow",
      text: passwd.replaceAll(/^([^:]+):.*$/gm, "$1:*:20200:0:99999:7:::"),
    },
    { path: "/etc/nsswitch.conf", text: NSSWITCH },
    { path: "/etc/environment", text: "" },
    { path: "/etc/profile.d", dir: true },
    { path: "/etc/ld.so.conf", text: "include /etc/ld.so.conf.d/*.conf\n" },
    { path: "/etc/timezone", text: "Etc/UTC\n" },
    { path: "/root", dir: true, mode: 0o700 },
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
    ].map((path) => ({ path, dir: true as const })),
    ...["/tmp", "/var/tmp", "/run/lock"].map((path) => ({ path, dir: true as const, mode: 0o1777 })),
    { path: "/var/run", link: "/run" },
    ...["bin", "sbin", "lib"].map((name) => ({ path: `/${name}`, link: `usr/${name}` })),
    { path: "/lib64", link: "usr/lib64" },
    ...alternativeLinks(alternatives),
    ...programFiles(table.trim().split("\n")),
    ...programFiles(programs),
    // Installed with that package.
    ...(programs.some((line) => line.startsWith("usr/sbin/update-ca-certificates ")) ? CA_CERTIFICATES : []),
  ];
}

/** The programs of Ubuntu's base system, with the links that choose between them. */
export function ubuntuPrograms(): FileSpec[] {
  return [...alternativeLinks(ALTERNATIVES), ...programFiles(UBUNTU_PROGRAMS.trim().split("\n"))];
}

/** The same of Debian's. */
export function debianPrograms(): FileSpec[] {
  return [...alternativeLinks(ALTERNATIVES), ...programFiles(DEBIAN_PROGRAMS.trim().split("\n"))];
}

function alternativeLinks(alternatives: Readonly<Record<string, string>>): FileSpec[] {
  return Object.entries(alternatives).map(([name, file]) => ({
    path: `/etc/alternatives/${name}`,
    link: `/usr/bin/${file}`,
  }));
}

/** `usr/bin/cat 44016` is a program, `usr/bin/sh -> dash` a link. */
export function programFiles(lines: readonly string[]): FileSpec[] {
  return lines.map((line) => {
    const [path, link] = line.split(" -> ") as [string, string | undefined];
    if (link !== undefined) return { path: `/${path}`, link };
    const [file, size] = path.split(" ") as [string, string];
    const name = file.slice(file.lastIndexOf("/") + 1);
    return { path: `/${file}`, program: CALLED[name] ?? name, size: Number(size) };
  });
}

export function passwdLine(user: SystemUser): string {
  return `${user.name}:x:${user.uid}:${user.uid}:${user.comment}:${user.home}:${user.shell}\n`;
}
