import { CA_CERTIFICATES } from "../ca-certificates.ts";
import type { FileSpec } from "../file-spec.ts";
import { IPROUTE2_FILES } from "../iproute2.ts";
import { PROTOCOLS } from "../protocols.ts";
import { SERVICES } from "../services.ts";
import { OPENSSL_FILES } from "../openssl-config.ts";

/** The machine on which the golden transcripts were recorded: Debian 12, no systemd-resolved (golden/worlds, lib/common.sh). */

const PASSWD = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
sync:x:4:65534:sync:/bin:/bin/sync
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
_apt:x:42:65534::/nonexistent:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
systemd-network:x:998:998:systemd Network Management:/:/usr/sbin/nologin
tcpdump:x:102:105::/nonexistent:/usr/sbin/nologin
`;

const GROUP = `root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:
tty:x:5:
disk:x:6:
mail:x:8:
www-data:x:33:
shadow:x:42:
utmp:x:43:
staff:x:50:
users:x:100:
nogroup:x:65534:
systemd-journal:x:999:
systemd-network:x:998:
tcpdump:x:105:
`;

const PROFILE = `# /etc/profile: system-wide start-up of login shells

if [ "$(id -u)" -eq 0 ]; then
  PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
else
  PATH="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
fi
export PATH

if [ "\${PS1-}" ]; then
  if [ "\${BASH-}" ] && [ "$BASH" != "/bin/sh" ]; then
    if [ -f /etc/bash.bashrc ]; then
      . /etc/bash.bashrc
    fi
  else
    if [ "$(id -u)" -eq 0 ]; then
      PS1='# '
    else
      PS1='$ '
    fi
  fi
fi

if [ -d /etc/profile.d ]; then
  for i in /etc/profile.d/*.sh; do
    if [ -r $i ]; then
      . $i
    fi
  done
  unset i
fi
`;

const SYSTEM_BASHRC = `# /etc/bash.bashrc: system-wide start-up of interactive shells

[ -z "$PS1" ] && return

shopt -s checkwinsize

if [ -z "\${debian_chroot:-}" ] && [ -r /etc/debian_chroot ]; then
    debian_chroot=$(cat /etc/debian_chroot)
fi

if ! [ -n "\${SUDO_USER}" -a -n "\${SUDO_PS1}" ]; then
  PS1='\${debian_chroot:+($debian_chroot)}\\u@\\h:\\w\\$ '
fi
`;

const ROOT_PROFILE = `# ~/.profile: start-up of login shells

if [ "$BASH" ]; then
  if [ -f ~/.bashrc ]; then
    . ~/.bashrc
  fi
fi

mesg n 2> /dev/null || true
`;

export const debian12Files: readonly FileSpec[] = [
  {
    path: "/usr/lib/os-release",
    text: `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`,
  },
  { path: "/etc/os-release", link: "../usr/lib/os-release" },
  { path: "/etc/debian_version", text: "12.11\n" },
  { path: "/etc/issue", text: "Debian GNU/Linux 12 \\n \\l\n\n" },
  { path: "/etc/hostname", text: "controlplane\n" },
  { path: "/etc/passwd", text: PASSWD },
  { path: "/etc/group", text: GROUP },
  {
    path: "/etc/shadow",
    mode: 0o640,
    group: "shadow",
    text: PASSWD.replaceAll(/^([^:]+):.*$/gm, "$1:*:20228:0:99999:7:::"),
  },
  {
    path: "/etc/hosts",
    text: `127.0.0.1 localhost
127.0.1.1 controlplane

# The following lines are desirable for IPv6 capable hosts
::1     ip6-localhost ip6-loopback
fe00::0 ip6-localnet
ff00::0 ip6-mcastprefix
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
`,
  },
  { path: "/etc/resolv.conf", text: "# no nameservers\n" },
  {
    path: "/etc/nsswitch.conf",
    text: `passwd:         files
group:          files
shadow:         files
hosts:          files dns
networks:       files
protocols:      db files
services:       db files
`,
  },
  { path: "/etc/host.conf", text: "multi on\n" },
  { path: "/etc/services", text: SERVICES },
  { path: "/etc/protocols", text: PROTOCOLS },
  ...IPROUTE2_FILES,
  { path: "/etc/profile", text: PROFILE },
  { path: "/etc/bash.bashrc", text: SYSTEM_BASHRC },
  { path: "/etc/shells", text: "# /etc/shells: valid login shells\n/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/dash\n" },
  { path: "/root", dir: true, mode: 0o700 },
  { path: "/root/.bashrc", text: "# ~/.bashrc: start-up of interactive shells\n" },
  { path: "/root/.profile", text: ROOT_PROFILE },
  ...CA_CERTIFICATES,
  ...OPENSSL_FILES,
  { path: "/etc/sysctl.conf", text: "" },
  { path: "/etc/sysctl.d", dir: true },
  { path: "/bin", link: "usr/bin" },
  { path: "/sbin", link: "usr/sbin" },
  { path: "/lib", link: "usr/lib" },
  { path: "/lib64", link: "usr/lib64" },
  { path: "/var/run", link: "/run" },
  { path: "/run/netns", dir: true },
  { path: "/tmp", dir: true, mode: 0o1777 },
  { path: "/var/tmp", dir: true, mode: 0o1777 },
  { path: "/var/log", dir: true },
];
