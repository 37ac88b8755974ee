/**
 * Packages of Ubuntu 24.04 that a server has from the start: name, version, whether its name goes with its architecture
 * (`same`) or it is for all (`all`), and what it is.
 */
const TEXT = `
adduser 3.137ubuntu1 all add and remove users and groups
apt 2.7.14build2 - commandline package manager
apt-transport-https 2.7.14build2 all transitional package for https support
base-files 13ubuntu10 - Debian base system miscellaneous files
base-passwd 3.6.3build1 - Debian base system master password and group files
bash 5.2.21-2ubuntu4 - GNU Bourne Again SHell
bind9-dnsutils 1:9.18.30-0ubuntu0.24.04.2 - Clients provided with BIND 9
bind9-host 1:9.18.30-0ubuntu0.24.04.2 - DNS Lookup Utility
bridge-utils 1.7.1-1ubuntu2 - Utilities for configuring the Linux Ethernet bridge
bsdextrautils 2.39.3-9ubuntu6.2 - extra utilities from 4.4BSD-Lite
bsdutils 1:2.39.3-9ubuntu6.2 - basic utilities from 4.4BSD-Lite
ca-certificates 20240203 all Common CA certificates
conntrack 1:1.4.8-1ubuntu1 - Program to modify the conntrack tables
coreutils 9.4-3ubuntu6 - GNU core utilities
cron 3.0pl1-184ubuntu2 - process scheduling daemon
curl 8.5.0-2ubuntu10.6 - command line tool for transferring data with URL syntax
dash 0.5.12-6ubuntu5 - POSIX-compliant shell
dbus 1.14.10-4ubuntu4.1 - simple interprocess messaging system (system message bus)
debconf 1.5.86ubuntu1 all Debian configuration management system
debianutils 5.17build1 - Miscellaneous utilities specific to Debian
diffutils 1:3.10-1build1 - File comparison utilities
dpkg 1.22.6ubuntu6.1 - Debian package management system
e2fsprogs 1.47.0-2.4~exp1ubuntu4.1 - ext2/ext3/ext4 file system utilities
ebtables 2.0.11-6build1 - Ethernet bridge frame table administration
ethtool 1:6.7-1build1 - display or change Ethernet device settings
file 1:5.45-3build1 - Recognize the type of data in a file using "magic" numbers
findutils 4.9.0-5build1 - utilities for finding files--find, xargs
gpgv 2.4.4-2ubuntu17.2 - GNU privacy guard - signature verification tool
grep 3.11-4build1 - GNU grep, egrep and fgrep
gzip 1.12-1ubuntu3 - GNU compression utilities
hostname 3.23+nmu2ubuntu2 - utility to set/show the host name or domain name
init-system-helpers 1.66ubuntu1 all helper tools for all init systems
iproute2 6.1.0-1ubuntu6 - networking and traffic control tools
ipset 7.19-1ubuntu2 - administration tool for kernel IP sets
iptables 1.8.10-3ubuntu2 - administration tools for packet filtering and NAT
iputils-arping 3:20240117-1build1 - Tool to send ICMP echo requests to an ARP address
iputils-ping 3:20240117-1build1 - Tools to test the reachability of network hosts
iputils-tracepath 3:20240117-1build1 - Tools to trace the network path to a remote host
ipvsadm 1:1.31-1build2 - Linux Virtual Server support programs
jq 1.7.1-3build1 - lightweight and flexible command-line JSON processor
less 590-2ubuntu2.1 - pager program similar to more
libc-bin 2.39-0ubuntu8.3 - GNU C Library: Binaries
libc6 2.39-0ubuntu8.3 same GNU C Library: Shared libraries
libssl3t64 3.0.13-0ubuntu3.5 same Secure Sockets Layer toolkit - shared libraries
libsystemd0 255.4-1ubuntu8.4 same systemd utility library
login 1:4.13+dfsg1-4ubuntu3.2 - system login tools
lsb-release 12.0-2 all Linux Standard Base version reporting utility (minimal implementation)
lsof 4.95.0-1build3 - utility to list open files
mawk 1.3.4.20240123-1build1 - Pattern scanning and text processing language
mount 2.39.3-9ubuntu6.2 - tools for mounting and manipulating filesystems
nano 7.2-2ubuntu0.1 - small, friendly text editor inspired by Pico
ncurses-base 6.4+20240113-1ubuntu2 all basic terminal type definitions
ncurses-bin 6.4+20240113-1ubuntu2 - terminal-related programs and man pages
net-tools 2.10-0.1ubuntu4 - NET-3 networking toolkit
netbase 6.4 all Basic TCP/IP networking system
netcat-openbsd 1.226-1ubuntu2 - TCP/IP swiss army knife
nftables 1.0.9-1build1 - Program to control packet filtering rules by Netfilter project
openssh-client 1:9.6p1-3ubuntu13.12 - secure shell (SSH) client, for secure access to remote machines
openssh-server 1:9.6p1-3ubuntu13.12 - secure shell (SSH) server, for secure access from remote machines
openssl 3.0.13-0ubuntu3.5 - Secure Sockets Layer toolkit - cryptographic utility
passwd 1:4.13+dfsg1-4ubuntu3.2 - change and administer password and group data
perl-base 5.38.2-3.2build2 - minimal Perl system
procps 2:4.0.4-4ubuntu3.2 - /proc file system utilities
psmisc 23.7-1build1 - utilities that use the proc file system
python3 3.12.3-0ubuntu2 - interactive high-level object-oriented language (default python3 version)
rsync 3.2.7-1ubuntu1.2 - fast, versatile, remote (and local) file-copying tool
sed 4.9-2build1 - GNU stream editor for filtering/transforming text
socat 1.8.0.0-4build3 - multipurpose relay for bidirectional data transfer
strace 6.8-0ubuntu2 - System call tracer
sudo 1.9.15p5-3ubuntu5 - Provide limited super user privileges to specific users
systemd 255.4-1ubuntu8.4 - system and service manager
systemd-resolved 255.4-1ubuntu8.4 - systemd DNS resolver
systemd-sysv 255.4-1ubuntu8.4 - system and service manager - SysV compatibility symlinks
sysvinit-utils 3.08-6ubuntu3 - System-V-like utilities
tar 1.35+dfsg-3build1 - GNU version of the tar archiving utility
tcpdump 4.99.4-3ubuntu4 - command-line network traffic analyzer
telnet 0.17+2.5-3ubuntu4 all transitional dummy package for inetutils-telnet default switch
tmux 3.4-1ubuntu0.1 - terminal multiplexer
traceroute 1:2.1.5-1 - Traces the route taken by packets over an IPv4/IPv6 network
tree 2.1.1-2ubuntu3 - displays an indented directory tree, in color
tzdata 2025b-0ubuntu0.24.04.1 all time zone and daylight-saving time data
ubuntu-keyring 2023.11.28.1 all GnuPG keys of the Ubuntu archive
util-linux 2.39.3-9ubuntu6.2 - miscellaneous system utilities
vim 2:9.1.0016-1ubuntu7.8 - Vi IMproved - enhanced vi editor
wget 1.21.4-1ubuntu4.1 - retrieves files from the web
zlib1g 1:1.3.dfsg-3.1ubuntu2.1 same compression library - runtime
`;

/** One package that is there from the start. */
export interface BasePackage {
  readonly name: string;
  readonly version: string;
  readonly arch: "amd64" | "all";
  readonly multi?: true;
  readonly summary: string;
}

export const NOBLE_BASE: readonly BasePackage[] = TEXT.trim()
  .split("\n")
  .map((line) => {
    const [name = "", version = "", kind, ...summary] = line.split(" ");
    return {
      name,
      version,
      arch: kind === "all" ? ("all" as const) : ("amd64" as const),
      ...(kind === "same" ? { multi: true as const } : {}),
      summary: summary.join(" "),
    };
  });
