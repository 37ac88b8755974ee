import type { FileSet } from "./image-files.ts";

/**
 * Files of the image `busybox`: one binary, and a hard link for each applet in /bin (`busybox --install /bin`, as
 * docker-library/busybox latest-1/glibc/Dockerfile.builder does with an almost unchanged defconfig).
 */

/** What `busybox --list` prints of 1.36.1. */
const APPLETS =
  `[ [[ acpid add-shell addgroup adduser adjtimex ar arch arp arping ascii ash awk base32 base64 basename bc beep
blkdiscard blkid blockdev bootchartd brctl bunzip2 bzcat bzip2 cal cat chat chattr chgrp chmod chown chpasswd chpst chroot
chrt chvt cksum clear cmp comm conspy cp cpio crc32 crond crontab cryptpw cttyhack cut date dc dd deallocvt delgroup
deluser depmod devmem df dhcprelay diff dirname dmesg dnsd dnsdomainname dos2unix dpkg dpkg-deb du dumpkmap dumpleases
echo ed egrep eject env envdir envuidgid ether-wake expand expr factor fakeidentd fallocate false fatattr fbset fbsplash
fdflush fdformat fdisk fgconsole fgrep find findfs flock fold free freeramdisk fsck fsck.minix fsfreeze fstrim fsync ftpd
ftpget ftpput fuser getfattr getopt getty grep groups gunzip gzip halt hd hdparm head hexdump hexedit hostid hostname
httpd hush hwclock i2cdetect i2cdump i2cget i2cset i2ctransfer id ifconfig ifdown ifenslave ifplugd ifup inetd init insmod
install ionice iostat ip ipaddr ipcalc ipcrm ipcs iplink ipneigh iproute iprule iptunnel kbd_mode kill killall killall5
klogd last less link linux32 linux64 linuxrc ln loadfont loadkmap logger login logname logread losetup lpd lpq lpr ls
lsattr lsmod lsof lspci lsscsi lsusb lzcat lzma lzop makedevs makemime man md5sum mdev mesg microcom mim mkdir mkdosfs
mke2fs mkfifo mkfs.ext2 mkfs.minix mkfs.vfat mknod mkpasswd mkswap mktemp modinfo modprobe more mount mountpoint mpstat mt
mv nameif nanddump nandwrite nbd-client nc netstat nice nl nmeter nohup nologin nproc nsenter nslookup ntpd od openvt
partprobe passwd paste patch pgrep pidof ping ping6 pipe_progress pivot_root pkill pmap popmaildir poweroff powertop
printenv printf ps pscan pstree pwd pwdx raidautorun rdate rdev readahead readlink readprofile realpath reboot reformime
remove-shell renice reset resize resume rev rm rmdir rmmod route rpm rpm2cpio rtcwake run-init run-parts runlevel runsv
runsvdir rx script scriptreplay sed seedrng sendmail seq setarch setconsole setfattr setfont setkeycodes setlogcons
setpriv setserial setsid setuidgid sh sha1sum sha256sum sha3sum sha512sum showkey shred shuf slattach sleep smemcap
softlimit sort split ssl_client start-stop-daemon stat strings stty su sulogin sum sv svc svlogd svok swapoff swapon
switch_root sync sysctl syslogd tac tail tar taskset tc tcpsvd tee telnet telnetd test tftp tftpd time timeout top touch
tr traceroute traceroute6 tree true truncate ts tsort tty ttysize tunctl ubiattach ubidetach ubimkvol ubirename ubirmvol
ubirsvol ubiupdatevol udhcpc udhcpc6 udhcpd udpsvd uevent umount uname unexpand uniq unix2dos unlink unlzma unshare unxz
unzip uptime users usleep uudecode uuencode vconfig vi vlock volname w wall watch watchdog wc wget which who whoami whois
xargs xxd xz xzcat yes zcat zcip`.split(/\s+/);

/** Applets by the version that brought them (busybox.net/news.html); none was dropped since 1.28. */
const SINCE: Readonly<Record<string, string>> = {
  bc: "1.30",
  fsfreeze: "1.29",
  hexedit: "1.30",
  i2ctransfer: "1.33",
  lsscsi: "1.28",
  mim: "1.34",
  nologin: "1.28",
  setfattr: "1.28",
  getfattr: "1.35",
  base32: "1.34",
  ascii: "1.34",
  crc32: "1.34",
  ts: "1.30",
  seedrng: "1.36",
  tree: "1.36",
  tsort: "1.36",
};

const appletsOf = new Map<string, readonly string[]>();

export function busyboxApplets(version: string): readonly string[] {
  let applets = appletsOf.get(version);
  if (!applets) {
    applets = APPLETS.filter((applet) => !isOlder(version, SINCE[applet] ?? "1.0"));
    // A learner's own file may name any version.
    if (appletsOf.size >= VERSIONS) appletsOf.clear();
    appletsOf.set(version, applets);
  }
  return applets;
}

const VERSIONS = 16;

/** `1.28.4` is older than `1.30`. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(".").map(Number)) as [number[], number[]];
  for (let at = 0; at < b.length; at++) if ((a[at] ?? 0) !== b[at]) return (a[at] ?? 0) < b[at]!;
  return false;
}

export function busyboxFiles(version: string): FileSet {
  return {
    specs: [
      { path: "/bin", dir: true },
      { path: "/bin/busybox", program: "busybox", version, size: 1_149_184 },
      { path: "/bin/getconf", program: "getconf", size: 34_992 },
      { path: "/etc/passwd", text: PASSWD },
      { path: "/etc/group", text: GROUP },
      { path: "/etc/shadow", mode: 0o600, text: PASSWD.replaceAll(/^([^:]+):.*$/gm, "$1:*:10933:0:99999:7:::") },
      { path: "/etc/nsswitch.conf", text: NSSWITCH },
      { path: "/etc/network/if-down.d", dir: true },
      { path: "/etc/network/if-up.d", dir: true },
      { path: "/home", dir: true, owner: "nobody", group: "nobody" },
      { path: "/lib", dir: true },
      { path: "/lib64", link: "lib" },
      { path: "/root", dir: true, mode: 0o700 },
      { path: "/tmp", dir: true, mode: 0o1777 },
      { path: "/usr/bin/env", link: "../../bin/env" },
      { path: "/usr/sbin", dir: true, owner: "daemon", group: "daemon" },
      { path: "/var/spool/mail", dir: true, mode: 0o755, owner: "mail", group: "mail" },
      { path: "/var/www", dir: true, owner: "www-data", group: "www-data" },
    ],
    hardLinks: [{ of: "/bin/busybox", in: "/bin", names: busyboxApplets(version) }],
  };
}

/** Buildroot's skeleton, which the image is made with. */
const PASSWD = `root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
bin:x:2:2:bin:/bin:/bin/false
sys:x:3:3:sys:/dev:/bin/false
sync:x:4:100:sync:/bin:/bin/sync
mail:x:8:8:mail:/var/spool/mail:/bin/false
www-data:x:33:33:www-data:/var/www:/bin/false
operator:x:37:37:Operator:/var:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
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
kmem:x:9:
wheel:x:10:root
cdrom:x:11:
dialout:x:18:
floppy:x:19:
video:x:28:
audio:x:29:
tape:x:32:
www-data:x:33:
operator:x:37:
utmp:x:43:
plugdev:x:46:
staff:x:50:
lock:x:54:
netdev:x:82:
users:x:100:
nobody:x:65534:
`;

const NSSWITCH = `passwd:		files
group:		files
shadow:		files
gshadow:	files

hosts:		files dns
networks:	files

protocols:	files
services:	files
ethers:		files
rpc:		files
`;
