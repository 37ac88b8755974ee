import { ALPINE_CA_BUNDLE, OPENSSL_CONFIG, type FileSpec } from "../../host/index.ts";
import { isOlder } from "./busybox.ts";
import { passwdLine, programFiles, type SystemUser } from "./debian.ts";
import type { FileSet } from "./image-files.ts";

/** Files of `alpine`: musl, apk, and busybox with a symbolic link for each applet where Alpine puts it. */

/** Of Alpine's main/busybox/busyboxconfig; telnet, ftpd and others are in the package busybox-extras. */
const APPLETS: Readonly<Record<string, string>> = {
  bin: `arch ash base64 bbconfig cat chattr chgrp chmod chown cp date dd df dmesg dnsdomainname dumpkmap echo ed egrep false
fatattr fdflush fgrep fsync getopt grep gunzip gzip hostname ionice iostat ipcalc kbd_mode kill link linux32 linux64 ln
login ls lsattr lzop makemime mkdir mknod mktemp more mount mountpoint mpstat mv netstat nice pidof ping ping6
pipe_progress printenv ps pwd reformime rev rm rmdir run-parts sed setpriv setserial sh sleep stat stty su sync tar touch
true umount uname usleep watch zcat`,
  sbin: `acpid adjtimex arp blkid blockdev depmod fbsplash fdisk findfs fsck fstrim getty halt hwclock ifconfig ifdown
ifenslave ifup init inotifyd insmod ip ipaddr iplink ipneigh iproute iprule iptunnel klogd loadkmap logread losetup lsmod
mdev mkdosfs mkfs.vfat mkswap modinfo modprobe nameif nologin pivot_root poweroff raidautorun reboot rmmod route
setconsole slattach swapoff swapon switch_root sysctl syslogd tunctl udhcpc vconfig watchdog zcip`,
  "usr/bin": `[ [[ awk basename bc beep blkdiscard bunzip2 bzcat bzip2 cal chvt cksum clear cmp comm cpio crontab cryptpw cut
dc deallocvt diff dirname dos2unix du eject env expand expr factor fallocate find flock fold free fuser groups hd head
hexdump hostid id install ipcrm ipcs killall last less logger lsof lsusb lzcat lzma lzopcat md5sum mesg microcom mkfifo
mkpasswd nc nl nmeter nohup nproc nsenter nslookup od openvt passwd paste pgrep pkill pmap printf pscan pstree pwdx
readlink realpath renice reset resize seq setkeycodes setsid sha1sum sha256sum sha3sum sha512sum showkey shred shuf sort
split strings sum tac tail tee test time timeout top tr traceroute traceroute6 tree truncate ts tty ttysize udhcpc6
unexpand uniq unix2dos unlink unlzma unlzop unshare unxz unzip uptime uudecode uuencode vi vlock volname wc wget which who
whoami whois xargs xxd xzcat yes`,
  "usr/sbin": `add-shell addgroup adduser arping brctl chpasswd chroot crond delgroup deluser ether-wake fbset killall5
loadfont nanddump nandwrite nbd-client ntpd partprobe rdate rdev readahead readprofile remove-shell rfkill sendmail
setfont setlogcons`,
};

/** Of the package busybox-extras, all in one more binary. */
const EXTRA_APPLETS: Readonly<Record<string, string>> = {
  "usr/bin": "dumpleases ftpget ftpput telnet tftp",
  "usr/sbin": "dnsd fakeidentd ftpd httpd inetd telnetd tftpd udhcpd",
};

/** Packages of the minirootfs that are not busybox. */
const PROGRAMS = [
  "sbin/apk 69944",
  "sbin/ldconfig 393",
  "usr/bin/getconf 42152",
  "usr/bin/getent 48712",
  "usr/bin/iconv 22472",
  "usr/bin/ldd 52",
  "usr/bin/scanelf 80072",
  "usr/bin/ssl_client 14248",
];

/** Which busybox is in which Alpine, by its first two numbers. */
const BUSYBOX: Readonly<Record<string, string>> = {
  "3.8": "1.28.4",
  "3.9": "1.29.3",
  "3.10": "1.30.1",
  "3.11": "1.31.1",
  "3.12": "1.31.1",
  "3.13": "1.32.1",
  "3.14": "1.33.1",
  "3.15": "1.34.1",
  "3.16": "1.35.0",
  "3.17": "1.35.0",
  "3.18": "1.36.1",
  "3.19": "1.36.1",
  "3.20": "1.36.1",
  "3.21": "1.37.0",
  "3.22": "1.37.0",
};

export interface AlpineOptions {
  readonly users?: readonly SystemUser[];
  /** Of packages installed besides: `usr/bin/curl 256136`. They replace applets of the same path. */
  readonly programs?: readonly string[];
  readonly busyboxExtras?: boolean;
}

/** `release` is in full: `3.21.3`. */
export function alpineFiles(release: string, options: AlpineOptions = {}): FileSet {
  const { users = [], programs = [], busyboxExtras = false } = options;
  const branch = release.split(".").slice(0, 2).join(".");
  const version = BUSYBOX[branch]!;
  const busybox = version.split(".").slice(0, 2).join(".");
  const extras = { path: "/bin/busybox-extras", program: "busybox", version, size: 63_000 };
  return {
    specs: [
      ...accounts(users),
      ...systemFiles(release, branch),
      { path: "/bin/busybox", program: "busybox", version, size: 808_712 },
      ...links(APPLETS, "/bin/busybox", busybox),
      ...(busyboxExtras ? [extras, ...links(EXTRA_APPLETS, "/bin/busybox-extras", busybox)] : []),
      ...programFiles(PROGRAMS),
      ...programFiles(programs),
      ...(programs.some((path) => path.startsWith("usr/bin/openssl ")) ? [CONFIGURATION] : []),
    ],
  };
}

/** Of Alpine's package openssl. */
const CONFIGURATION: FileSpec = { path: "/etc/ssl/openssl.cnf", text: OPENSSL_CONFIG };

function links(applets: Readonly<Record<string, string>>, binary: string, busybox: string): FileSpec[] {
  const old = isOlder(busybox, "1.36") ? new Set(["tree", "ts", "bc", "dc"]) : new Set(["bbconfig"]);
  return Object.entries(applets).flatMap(([directory, names]) =>
    names
      .split(/\s+/)
      .filter((name) => !old.has(name))
      .map((name) => ({ path: `/${directory}/${name}`, link: binary })),
  );
}

function systemFiles(release: string, branch: string): FileSpec[] {
  return [
    {
      path: "/usr/lib/os-release",
      text: `NAME="Alpine Linux"
ID=alpine
VERSION_ID=${release}
PRETTY_NAME="Alpine Linux v${branch}"
HOME_URL="https://alpinelinux.org/"
BUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"
`,
    },
    { path: "/etc/os-release", link: "../usr/lib/os-release" },
    { path: "/etc/alpine-release", text: `${release}\n` },
    { path: "/etc/issue", text: `Welcome to Alpine Linux ${branch}\nKernel \\r on an \\m (\\l)\n\n` },
    {
      path: "/etc/apk/repositories",
      text: ["main", "community"].map((name) => `https://dl-cdn.alpinelinux.org/alpine/v${branch}/${name}\n`).join(""),
    },
    { path: "/etc/apk/arch", text: "x86_64\n" },
    ...ALPINE_CA_BUNDLE,
    {
      path: "/etc/nsswitch.conf",
      text: "# musl itself does not support NSS, however some third-party DNS\n# implementations use the nsswitch.conf file to determine what\n# policy to follow.\n# Editing this file is not recommended.\nhosts: files dns\n",
    },
    {
      path: "/etc/profile",
      text: `append_path () {
	case ":$PATH:" in
		*:"$1":*)
			;;
		*)
			PATH="\${PATH:+$PATH:}$1"
			;;
	esac
}

append_path "/usr/local/sbin"
append_path "/usr/local/bin"
append_path "/usr/sbin"
append_path "/usr/bin"
append_path "/sbin"
append_path "/bin"
unset -f append_path

export PATH
export PAGER=less
umask 022

for script in /etc/profile.d/*.sh ; do
	if [ -r "$script" ] ; then
		. "$script"
	fi
done
unset script
`,
    },
    { path: "/etc/profile.d", dir: true },
    { path: "/etc/shells", text: "# valid login shells\n/bin/sh\n/bin/ash\n" },
    { path: "/root", dir: true, mode: 0o700 },
    ...[
      "/home",
      "/media/cdrom",
      "/media/floppy",
      "/media/usb",
      "/mnt",
      "/opt",
      "/run",
      "/srv",
      "/usr/local/bin",
      "/usr/share",
      "/var/cache",
      "/var/lib",
      "/var/log",
      "/lib",
    ].map((path) => ({ path, dir: true as const })),
    ...["/tmp", "/var/tmp"].map((path) => ({ path, dir: true as const, mode: 0o1777 })),
    { path: "/var/run", link: "../run" },
  ];
}

const PASSWD = `root:x:0:0:root:/root:/bin/sh
bin:x:1:1:bin:/bin:/sbin/nologin
daemon:x:2:2:daemon:/sbin:/sbin/nologin
lp:x:4:7:lp:/var/spool/lpd:/sbin/nologin
sync:x:5:0:sync:/sbin:/bin/sync
shutdown:x:6:0:shutdown:/sbin:/sbin/shutdown
halt:x:7:0:halt:/sbin:/sbin/halt
mail:x:8:12:mail:/var/mail:/sbin/nologin
news:x:9:13:news:/usr/lib/news:/sbin/nologin
uucp:x:10:14:uucp:/var/spool/uucppublic:/sbin/nologin
cron:x:16:16:cron:/var/spool/cron:/sbin/nologin
ftp:x:21:21::/var/lib/ftp:/sbin/nologin
sshd:x:22:22:sshd:/dev/null:/sbin/nologin
games:x:35:35:games:/usr/games:/sbin/nologin
ntp:x:123:123:NTP:/var/empty:/sbin/nologin
guest:x:405:100:guest:/dev/null:/sbin/nologin
nobody:x:65534:65534:nobody:/:/sbin/nologin
`;

const GROUP = `root:x:0:root
bin:x:1:root,bin,daemon
daemon:x:2:root,bin,daemon
sys:x:3:root,bin
adm:x:4:root,daemon
tty:x:5:
disk:x:6:root
lp:x:7:lp
kmem:x:9:
wheel:x:10:root
floppy:x:11:root
mail:x:12:mail
news:x:13:news
uucp:x:14:uucp
cron:x:16:cron
audio:x:18:
cdrom:x:19:
dialout:x:20:root
ftp:x:21:
sshd:x:22:
input:x:23:
tape:x:26:root
video:x:27:root
netdev:x:28:
kvm:x:34:kvm
games:x:35:
shadow:x:42:
www-data:x:82:
users:x:100:games
ntp:x:123:
abuild:x:300:
utmp:x:406:
ping:x:999:
nogroup:x:65533:
nobody:x:65534:
`;

function accounts(users: readonly SystemUser[]): FileSpec[] {
  const passwd = PASSWD + users.map((user) => passwdLine(user)).join("");
  return [
    { path: "/etc/passwd", text: passwd },
    { path: "/etc/group", text: GROUP + users.map((user) => `${user.name}:x:${user.uid}:${user.name}\n`).join("") },
    {
      path: "/etc/shadow",
      mode: 0o640,
      group: "shadow",
      text: passwd.replaceAll(/^([^:]+):.*$/gm, (_, name: string) => `${name}:${name === "root" ? "*" : "!"}::0:::::`),
    },
  ];
}
