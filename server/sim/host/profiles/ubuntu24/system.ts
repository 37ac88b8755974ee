import { CA_CERTIFICATES } from "../ca-certificates.ts";
import type { FileSpec } from "../file-spec.ts";
import { OPENSSL_FILES } from "../openssl-config.ts";

const OS_RELEASE = `PRETTY_NAME="Ubuntu 24.04.3 LTS"
NAME="Ubuntu"
VERSION_ID="24.04"
VERSION="24.04.3 LTS (Noble Numbat)"
VERSION_CODENAME=noble
ID=ubuntu
ID_LIKE=debian
HOME_URL="https://www.ubuntu.com/"
SUPPORT_URL="https://help.ubuntu.com/"
BUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"
PRIVACY_POLICY_URL="https://www.ubuntu.com/legal/terms-and-policies/privacy-policy"
UBUNTU_CODENAME=noble
LOGO=ubuntu-logo
`;

const UBUNTU_SOURCES = `Types: deb
URIs: http://archive.ubuntu.com/ubuntu/
Suites: noble noble-updates noble-backports
Components: main universe restricted multiverse
Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg

Types: deb
URIs: http://security.ubuntu.com/ubuntu/
Suites: noble-security
Components: main universe restricted multiverse
Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg
`;

const SSHD_CONFIG = `Include /etc/ssh/sshd_config.d/*.conf

#Port 22
#ListenAddress 0.0.0.0
#ListenAddress ::
#PermitRootLogin prohibit-password
#PubkeyAuthentication yes
#PasswordAuthentication yes
KbdInteractiveAuthentication no
UsePAM yes
X11Forwarding yes
PrintMotd no
AcceptEnv LANG LC_*
Subsystem	sftp	/usr/lib/openssh/sftp-server
`;

const SSH_CONFIG = `Include /etc/ssh/ssh_config.d/*.conf

Host *
    SendEnv LANG LC_*
    HashKnownHosts yes
    GSSAPIAuthentication yes
`;

const CRONTAB = `SHELL=/bin/sh
17 *	* * *	root	cd / && run-parts --report /etc/cron.hourly
25 6	* * *	root	test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }
47 6	* * 7	root	test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.weekly; }
52 6	1 * *	root	test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.monthly; }
`;

/** A log that the syslog daemon writes. */
function syslogFile(name: string): FileSpec {
  return { path: `/var/log/${name}`, mode: 0o640, owner: "syslog", group: "adm", text: "" };
}

function directories(paths: readonly string[], mode = 0o755): FileSpec[] {
  return paths.map((path) => ({ path, dir: true, mode }));
}

export const SYSTEM_FILES: readonly FileSpec[] = [
  { path: "/usr/lib/os-release", text: OS_RELEASE },
  { path: "/etc/os-release", link: "../usr/lib/os-release" },
  {
    path: "/etc/lsb-release",
    text: `DISTRIB_ID=Ubuntu
DISTRIB_RELEASE=24.04
DISTRIB_CODENAME=noble
DISTRIB_DESCRIPTION="Ubuntu 24.04.3 LTS"
`,
  },
  { path: "/etc/debian_version", text: "trixie/sid\n" },
  { path: "/etc/issue", text: "Ubuntu 24.04.3 LTS \\n \\l\n\n" },
  { path: "/etc/issue.net", text: "Ubuntu 24.04.3 LTS\n" },
  { path: "/etc/update-motd.d", dir: true },
  { path: "/etc/default/motd-news", text: "ENABLED=0\n" },
  { path: "/etc/default/locale", text: "LANG=C.UTF-8\n" },
  { path: "/etc/default/ssh", text: "SSHD_OPTS=\n" },
  { path: "/etc/default/cron", text: 'READ_ENV="yes"\n' },
  { path: "/etc/timezone", text: "Etc/UTC\n" },
  { path: "/etc/localtime", link: "/usr/share/zoneinfo/Etc/UTC" },
  { path: "/etc/fstab", text: "LABEL=cloudimg-rootfs\t/\t ext4\tdiscard,commit=30,errors=remount-ro\t0 1\n" },
  { path: "/etc/mtab", link: "../proc/self/mounts" },
  { path: "/etc/inputrc", text: "set input-meta on\nset output-meta on\n" },
  { path: "/etc/ld.so.conf", text: "include /etc/ld.so.conf.d/*.conf\n" },

  { path: "/etc/apt/sources.list", text: "# Ubuntu sources have moved to /etc/apt/sources.list.d/ubuntu.sources\n" },
  { path: "/etc/apt/sources.list.d/ubuntu.sources", text: UBUNTU_SOURCES },
  ...directories(["/etc/apt/apt.conf.d", "/etc/apt/keyrings", "/etc/apt/preferences.d"]),

  { path: "/etc/ssh/sshd_config", text: SSHD_CONFIG },
  { path: "/etc/ssh/ssh_config", text: SSH_CONFIG },
  ...directories(["/etc/ssh/sshd_config.d", "/etc/ssh/ssh_config.d"]),

  ...CA_CERTIFICATES,
  ...OPENSSL_FILES,

  { path: "/etc/crontab", text: CRONTAB },
  ...directories(["/etc/cron.d", "/etc/cron.daily", "/etc/cron.hourly", "/etc/cron.monthly", "/etc/cron.weekly"]),

  { path: "/var/log", dir: true, mode: 0o775, group: "syslog" },
  syslogFile("syslog"),
  syslogFile("auth.log"),
  syslogFile("kern.log"),
  { path: "/var/log/dpkg.log", text: "" },
  { path: "/var/log/apt", dir: true },
  { path: "/var/log/journal", dir: true, mode: 0o2755, group: "systemd-journal" },
  { path: "/var/log/wtmp", mode: 0o664, group: "utmp", text: "" },
  { path: "/var/log/btmp", mode: 0o660, group: "utmp", text: "" },
  { path: "/var/log/lastlog", mode: 0o664, group: "utmp", text: "" },
  { path: "/run/utmp", mode: 0o664, group: "utmp", text: "" },

  { path: "/bin", link: "usr/bin" },
  { path: "/sbin", link: "usr/sbin" },
  { path: "/lib", link: "usr/lib" },
  { path: "/lib64", link: "usr/lib64" },
  { path: "/var/run", link: "/run" },
  { path: "/var/lock", link: "/run/lock" },
  ...directories([
    "/boot", "/dev", "/media", "/mnt", "/opt", "/proc", "/run", "/snap", "/srv", "/sys", "/usr/bin", "/usr/games",
    "/usr/lib", "/usr/lib64", "/usr/local/bin", "/usr/local/sbin", "/usr/sbin", "/usr/share", "/var/backups",
    "/var/cache", "/var/lib", "/var/spool",
  ]), // prettier-ignore
  { path: "/var/mail", dir: true, mode: 0o2775, group: "mail" },
  ...directories(["/tmp", "/var/tmp", "/run/lock"], 0o1777),
];
