import type { FileSpec } from "../file-spec.ts";

/** The users of an Ubuntu 24.04 server after installation. Labs add their own (`candidate`). */
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
systemd-network:x:998:998:systemd Network Management:/:/usr/sbin/nologin
systemd-timesync:x:996:996:systemd Time Synchronization:/:/usr/sbin/nologin
messagebus:x:101:101::/nonexistent:/usr/sbin/nologin
syslog:x:102:102::/nonexistent:/usr/sbin/nologin
systemd-resolve:x:991:991:systemd Resolver:/:/usr/sbin/nologin
uuidd:x:103:103::/run/uuidd:/usr/sbin/nologin
sshd:x:105:65534::/run/sshd:/usr/sbin/nologin
tcpdump:x:107:108::/nonexistent:/usr/sbin/nologin
polkitd:x:989:989:User for polkitd:/:/usr/sbin/nologin
`;

const GROUP = `root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:syslog
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
systemd-journal:x:999:
systemd-network:x:998:
systemd-timesync:x:996:
input:x:995:
sgx:x:994:
kvm:x:993:
render:x:992:
messagebus:x:101:
syslog:x:102:
systemd-resolve:x:991:
uuidd:x:103:
_ssh:x:106:
crontab:x:997:
tcpdump:x:108:
polkitd:x:989:
`;

/** Nobody has a password; one comes to other machines by key. `*` cannot log in with one, `!` is locked. */
const SHADOW = PASSWD.replaceAll(/^([^:]+):.*$/gm, (_, name: string) => {
  const locked = /^(?:systemd|messagebus|syslog|uuidd|sshd|tcpdump|polkitd)/.test(name);
  return locked ? `${name}:!:20300::::::` : `${name}:*:20300:0:99999:7:::`;
});

export const ACCOUNT_FILES: readonly FileSpec[] = [
  { path: "/etc/passwd", text: PASSWD },
  { path: "/etc/group", text: GROUP },
  { path: "/etc/shadow", mode: 0o640, group: "shadow", text: SHADOW },
  { path: "/etc/gshadow", mode: 0o640, group: "shadow", text: GROUP.replaceAll(/^([^:]+):x:\d+:(.*)$/gm, "$1:*::$2") },
  { path: "/etc/subuid", text: "" },
  { path: "/etc/subgid", text: "" },
  {
    path: "/etc/login.defs",
    text: `MAIL_DIR        /var/mail
LOG_OK_LOGINS   no
UMASK           022
HOME_MODE       0750
PASS_MAX_DAYS   99999
PASS_MIN_DAYS   0
PASS_WARN_AGE   7
UID_MIN          1000
UID_MAX         60000
GID_MIN          1000
GID_MAX         60000
USERGROUPS_ENAB yes
ENCRYPT_METHOD  SHA512
`,
  },
  { path: "/etc/default/useradd", text: "SHELL=/bin/sh\n" },
  {
    path: "/etc/sudoers",
    mode: 0o440,
    text: `Defaults	env_reset
Defaults	mail_badpass
Defaults	secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin"
Defaults	use_pty
root	ALL=(ALL:ALL) ALL
%admin ALL=(ALL) ALL
%sudo	ALL=(ALL:ALL) ALL
@includedir /etc/sudoers.d
`,
  },
  { path: "/etc/sudoers.d", dir: true, mode: 0o750 },
  { path: "/root", dir: true, mode: 0o700 },
  { path: "/root/.ssh", dir: true, mode: 0o700 },
  { path: "/home", dir: true },
];
