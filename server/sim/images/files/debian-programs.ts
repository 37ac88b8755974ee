// Written by record-programs.mjs. One program a line: its size, or where it points.

/** `debian:bookworm-slim` has what debootstrap's minbase variant has. */
export const DEBIAN_PROGRAMS = `
usr/bin/[ 68496
usr/bin/addpart 31040
usr/bin/apt 18752
usr/bin/apt-cache 88456
usr/bin/apt-cdrom 22920
usr/bin/apt-config 26944
usr/bin/apt-get 51592
usr/bin/apt-key 27972
usr/bin/apt-mark 59784
usr/bin/arch 43888
usr/bin/awk -> /etc/alternatives/awk
usr/bin/b2sum 60400
usr/bin/base32 48016
usr/bin/base64 48016
usr/bin/basename 43856
usr/bin/basenc 56208
usr/bin/bash 1265648
usr/bin/bashbug 6865
usr/bin/captoinfo -> tic
usr/bin/cat 44016
usr/bin/chage 80376
usr/bin/chattr 14584
usr/bin/chcon 68720
usr/bin/chfn 62672
usr/bin/chgrp 68656
usr/bin/chmod 64496
usr/bin/choom 55616
usr/bin/chown 72752
usr/bin/chrt 67904
usr/bin/chsh 52880
usr/bin/cksum 142384
usr/bin/clear 14584
usr/bin/clear_console 14488
usr/bin/cmp 52176
usr/bin/comm 48048
usr/bin/cp 151152
usr/bin/csplit 122032
usr/bin/cut 48112
usr/bin/dash 125640
usr/bin/date 121904
usr/bin/dd 89240
usr/bin/deb-systemd-helper 24358
usr/bin/deb-systemd-invoke 6241
usr/bin/debconf 2859
usr/bin/debconf-apt-progress 11541
usr/bin/debconf-communicate 608
usr/bin/debconf-copydb 1719
usr/bin/debconf-escape 647
usr/bin/debconf-set-selections 2995
usr/bin/debconf-show 1827
usr/bin/delpart 31040
usr/bin/df 102200
usr/bin/diff 155216
usr/bin/diff3 68752
usr/bin/dir 151344
usr/bin/dircolors 52144
usr/bin/dirname 39760
usr/bin/dmesg 88656
usr/bin/dnsdomainname -> hostname
usr/bin/domainname -> hostname
usr/bin/dpkg 318096
usr/bin/dpkg-deb 170512
usr/bin/dpkg-divert 158264
usr/bin/dpkg-maintscript-helper 21206
usr/bin/dpkg-query 162384
usr/bin/dpkg-realpath 4186
usr/bin/dpkg-split 129520
usr/bin/dpkg-statoverride 63824
usr/bin/dpkg-trigger 88560
usr/bin/du 175440
usr/bin/echo 43856
usr/bin/egrep 41
usr/bin/env 48536
usr/bin/expand 43952
usr/bin/expiry 31184
usr/bin/expr 117808
usr/bin/factor 85200
usr/bin/faillog 23072
usr/bin/fallocate 35136
usr/bin/false 35664
usr/bin/fgrep 41
usr/bin/fincore 35184
usr/bin/find 224848
usr/bin/findmnt 85600
usr/bin/flock 35216
usr/bin/fmt 48016
usr/bin/fold 43920
usr/bin/getconf 27136
usr/bin/getent 36320
usr/bin/getopt 35136
usr/bin/gpasswd 88496
usr/bin/gpgv 474112
usr/bin/grep 203152
usr/bin/groups 43920
usr/bin/gunzip 2346
usr/bin/gzexe 6447
usr/bin/gzip 98136
usr/bin/hardlink 51600
usr/bin/head 48080
usr/bin/hostid 39760
usr/bin/hostname 22680
usr/bin/i386 -> setarch
usr/bin/iconv 64648
usr/bin/id 48144
usr/bin/infocmp 63808
usr/bin/infotocap -> tic
usr/bin/install 159544
usr/bin/ionice 35136
usr/bin/ipcmk 35200
usr/bin/ipcrm 35136
usr/bin/ipcs 76096
usr/bin/ischroot 14664
usr/bin/join 56304
usr/bin/last 51520
usr/bin/lastb -> last
usr/bin/lastlog 32512
usr/bin/ld.so -> /lib64/ld-linux-x86-64.so.2
usr/bin/ldd 5407
usr/bin/link 39760
usr/bin/linux32 -> setarch
usr/bin/linux64 -> setarch
usr/bin/ln 72824
usr/bin/locale 47272
usr/bin/localedef 298912
usr/bin/logger 56216
usr/bin/login 53024
usr/bin/logname 39760
usr/bin/ls 151344
usr/bin/lsattr 14584
usr/bin/lsblk 207168
usr/bin/lscpu 129344
usr/bin/lsfd 123192
usr/bin/lsipc 100672
usr/bin/lsirq 35312
usr/bin/lslocks 72400
usr/bin/lslogins 96576
usr/bin/lsmem 67904
usr/bin/lsns 84288
usr/bin/mawk 158376
usr/bin/mcookie 35200
usr/bin/md5sum 52176
usr/bin/md5sum.textutils -> md5sum
usr/bin/mesg 18744
usr/bin/mkdir 97552
usr/bin/mkfifo 68784
usr/bin/mknod 72912
usr/bin/mktemp 43952
usr/bin/more 59712
usr/bin/mount 59704
usr/bin/mountpoint 18744
usr/bin/mv 142968
usr/bin/namei 35136
usr/bin/nawk -> /etc/alternatives/nawk
usr/bin/newgrp 48896
usr/bin/nice 43888
usr/bin/nisdomainname -> hostname
usr/bin/nl 113776
usr/bin/nohup 43920
usr/bin/nproc 43920
usr/bin/nsenter 35368
usr/bin/numfmt 68624
usr/bin/od 80912
usr/bin/pager -> /etc/alternatives/pager
usr/bin/partx 121152
usr/bin/passwd 68248
usr/bin/paste 43920
usr/bin/pathchk 43888
usr/bin/perl 3804464
usr/bin/perl5.36.0 3804464
usr/bin/pidof -> /sbin/killall5
usr/bin/pinky 48176
usr/bin/pldd 23232
usr/bin/pr 81008
usr/bin/printenv 35664
usr/bin/printf 64432
usr/bin/prlimit 39760
usr/bin/ptx 138480
usr/bin/pwd 43952
usr/bin/rbash -> bash
usr/bin/readlink 52112
usr/bin/realpath 52144
usr/bin/rename.ul 22840
usr/bin/renice 14648
usr/bin/reset -> tset
usr/bin/resizepart 72000
usr/bin/rev 14648
usr/bin/rgrep 30
usr/bin/rm 72752
usr/bin/rmdir 56240
usr/bin/run-parts 27560
usr/bin/runcon 43984
usr/bin/savelog 10487
usr/bin/script 71992
usr/bin/scriptlive 55608
usr/bin/scriptreplay 47416
usr/bin/sdiff 56400
usr/bin/sed 126424
usr/bin/seq 60336
usr/bin/setarch 27216
usr/bin/setpriv 80192
usr/bin/setsid 14648
usr/bin/setterm 47424
usr/bin/sg -> newgrp
usr/bin/sh -> dash
usr/bin/sha1sum 56272
usr/bin/sha224sum 60368
usr/bin/sha256sum 60368
usr/bin/sha384sum 64464
usr/bin/sha512sum 64464
usr/bin/shred 64656
usr/bin/shuf 60400
usr/bin/sleep 43888
usr/bin/sort 118456
usr/bin/split 60984
usr/bin/stat 97488
usr/bin/stdbuf 60336
usr/bin/stty 85008
usr/bin/su 72000
usr/bin/sum 52184
usr/bin/sync 39824
usr/bin/tabs 18672
usr/bin/tac 113712
usr/bin/tail 76944
usr/bin/tar 531984
usr/bin/taskset 63808
usr/bin/tee 43984
usr/bin/tempfile 14520
usr/bin/test 60304
usr/bin/tic 92512
usr/bin/timeout 48632
usr/bin/toe 22768
usr/bin/touch 109616
usr/bin/tput 26896
usr/bin/tr 56208
usr/bin/true 35664
usr/bin/truncate 43920
usr/bin/tset 30968
usr/bin/tsort 56208
usr/bin/tty 35696
usr/bin/tzselect 15352
usr/bin/uclampset 63808
usr/bin/umount 35128
usr/bin/uname 43888
usr/bin/uncompress 2346
usr/bin/unexpand 43952
usr/bin/uniq 48080
usr/bin/unlink 39760
usr/bin/unshare 84520
usr/bin/update-alternatives 59712
usr/bin/users 39824
usr/bin/utmpdump 31032
usr/bin/vdir 151344
usr/bin/wall 39224
usr/bin/wc 52280
usr/bin/wdctl 72024
usr/bin/whereis 31504
usr/bin/which -> /etc/alternatives/which
usr/bin/which.debianutils 946
usr/bin/who 60432
usr/bin/whoami 39792
usr/bin/x86_64 -> setarch
usr/bin/xargs 72136
usr/bin/yes 39760
usr/bin/ypdomainname -> hostname
usr/bin/zcat 1984
usr/bin/zcmp 1678
usr/bin/zdiff 6460
usr/bin/zdump 23064
usr/bin/zegrep 29
usr/bin/zfgrep 29
usr/bin/zforce 2081
usr/bin/zgrep 8103
usr/bin/zless 2206
usr/bin/zmore 1842
usr/bin/znew 4577
usr/sbin/add-shell 1053
usr/sbin/addgroup -> adduser
usr/sbin/adduser 48382
usr/sbin/agetty 69112
usr/sbin/badblocks 35072
usr/sbin/blkdiscard 35136
usr/sbin/blkid 125280
usr/sbin/blkzone 80192
usr/sbin/blockdev 80192
usr/sbin/chcpu 47416
usr/sbin/chgpasswd 67880
usr/sbin/chmem 67904
usr/sbin/chpasswd 63856
usr/sbin/chroot 48112
usr/sbin/cpgr -> cppw
usr/sbin/cppw 61880
usr/sbin/ctrlaltdel 39224
usr/sbin/debugfs 239440
usr/sbin/delgroup -> deluser
usr/sbin/deluser 16727
usr/sbin/dpkg-fsys-usrunmess 17401
usr/sbin/dpkg-preconfigure 3925
usr/sbin/dpkg-reconfigure 4485
usr/sbin/dumpe2fs 31040
usr/sbin/e2freefrag 14648
usr/sbin/e2fsck 356624
usr/sbin/e2image 55760
usr/sbin/e2label -> tune2fs
usr/sbin/e2mmpstatus -> dumpe2fs
usr/sbin/e2scrub 7294
usr/sbin/e2scrub_all 5394
usr/sbin/e2undo 22840
usr/sbin/e4crypt 26936
usr/sbin/e4defrag 30960
usr/sbin/faillock 14584
usr/sbin/filefrag 18696
usr/sbin/findfs 14648
usr/sbin/fsck 55664
usr/sbin/fsck.cramfs 43384
usr/sbin/fsck.ext2 -> e2fsck
usr/sbin/fsck.ext3 -> e2fsck
usr/sbin/fsck.ext4 -> e2fsck
usr/sbin/fsck.minix 125272
usr/sbin/fsfreeze 14648
usr/sbin/fstab-decode 14576
usr/sbin/fstrim 76096
usr/sbin/getty -> agetty
usr/sbin/groupadd 101416
usr/sbin/groupdel 88936
usr/sbin/groupmems 67920
usr/sbin/groupmod 101384
usr/sbin/grpck 67888
usr/sbin/grpconv 59536
usr/sbin/grpunconv 59536
usr/sbin/hwclock 88512
usr/sbin/iconvconfig 31584
usr/sbin/installkernel 2659
usr/sbin/invoke-rc.d 16517
usr/sbin/isosize 31040
usr/sbin/killall5 26944
usr/sbin/ldattach 35136
usr/sbin/ldconfig 982880
usr/sbin/logsave 14424
usr/sbin/losetup 117168
usr/sbin/mke2fs 141904
usr/sbin/mkfs 14648
usr/sbin/mkfs.bfs 35136
usr/sbin/mkfs.cramfs 43256
usr/sbin/mkfs.ext2 -> mke2fs
usr/sbin/mkfs.ext3 -> mke2fs
usr/sbin/mkfs.ext4 -> mke2fs
usr/sbin/mkfs.minix 112968
usr/sbin/mkhomedir_helper 22800
usr/sbin/mklost+found 14576
usr/sbin/mkswap 117056
usr/sbin/newusers 105392
usr/sbin/nologin 14568
usr/sbin/pam-auth-update 21288
usr/sbin/pam_getenv 2890
usr/sbin/pam_namespace_helper 467
usr/sbin/pam_timestamp_check 14584
usr/sbin/pivot_root 14648
usr/sbin/pwck 59656
usr/sbin/pwconv 55432
usr/sbin/pwhistory_helper 18680
usr/sbin/pwunconv 55472
usr/sbin/readprofile 35168
usr/sbin/remove-shell 1111
usr/sbin/resize2fs 63800
usr/sbin/rmt -> /etc/alternatives/rmt
usr/sbin/rmt-tar 60432
usr/sbin/rtcwake 47424
usr/sbin/runuser 72000
usr/sbin/service 9107
usr/sbin/shadowconfig 2273
usr/sbin/start-stop-daemon 44464
usr/sbin/sulogin 55616
usr/sbin/swaplabel 18744
usr/sbin/swapoff 22840
usr/sbin/swapon 51512
usr/sbin/switch_root 18744
usr/sbin/tarcat 936
usr/sbin/tune2fs 117264
usr/sbin/unix_chkpwd 39160
usr/sbin/unix_update 39160
usr/sbin/update-passwd 39416
usr/sbin/update-rc.d 17742
usr/sbin/update-shells 3984
usr/sbin/useradd 159536
usr/sbin/userdel 113608
usr/sbin/usermod 147056
usr/sbin/vigr -> vipw
usr/sbin/vipw 74384
usr/sbin/wipefs 47424
usr/sbin/zic 60136
usr/sbin/zramctl 117168
`;

/** `ubuntu:24.04`, likewise. */
export const UBUNTU_PROGRAMS = `
usr/bin/[ 55744
usr/bin/addpart 14720
usr/bin/apt 18824
usr/bin/apt-cache 88544
usr/bin/apt-cdrom 27104
usr/bin/apt-config 31120
usr/bin/apt-get 51680
usr/bin/apt-key 28664
usr/bin/apt-mark 55776
usr/bin/arch 35336
usr/bin/awk -> /etc/alternatives/awk
usr/bin/b2sum 55816
usr/bin/base32 39432
usr/bin/base64 39432
usr/bin/basename 35336
usr/bin/basenc 47624
usr/bin/bash 1446024
usr/bin/bashbug 6988
usr/bin/captoinfo -> tic
usr/bin/cat 39384
usr/bin/chage 72184
usr/bin/chattr 14656
usr/bin/chcon 59912
usr/bin/chfn 72792
usr/bin/chgrp 59912
usr/bin/chmod 55816
usr/bin/choom 22912
usr/bin/chown 59912
usr/bin/chrt 31104
usr/bin/chsh 44760
usr/bin/cksum 104984
usr/bin/clear 14656
usr/bin/clear_console 14568
usr/bin/cmp 43408
usr/bin/comm 39440
usr/bin/cp 141848
usr/bin/csplit 51720
usr/bin/cut 39432
usr/bin/dash 129784
usr/bin/date 109064
usr/bin/dd 72232
usr/bin/deb-systemd-helper 24358
usr/bin/deb-systemd-invoke 7135
usr/bin/debconf 2870
usr/bin/debconf-apt-progress 11846
usr/bin/debconf-communicate 623
usr/bin/debconf-copydb 1718
usr/bin/debconf-escape 668
usr/bin/debconf-set-selections 3216
usr/bin/debconf-show 1825
usr/bin/delpart 14720
usr/bin/df 89168
usr/bin/diff 137776
usr/bin/diff3 59920
usr/bin/dir 142312
usr/bin/dircolors 47632
usr/bin/dirname 35208
usr/bin/dmesg 70288
usr/bin/dnsdomainname -> hostname
usr/bin/domainname -> hostname
usr/bin/dpkg 318176
usr/bin/dpkg-deb 146000
usr/bin/dpkg-divert 121416
usr/bin/dpkg-maintscript-helper 21205
usr/bin/dpkg-query 137792
usr/bin/dpkg-realpath 4185
usr/bin/dpkg-split 100896
usr/bin/dpkg-statoverride 51592
usr/bin/dpkg-trigger 43552
usr/bin/du 100872
usr/bin/echo 35208
usr/bin/egrep 41
usr/bin/env 48072
usr/bin/expand 35360
usr/bin/expiry 27152
usr/bin/expr 43432
usr/bin/factor 64008
usr/bin/faillog 23168
usr/bin/fallocate 27008
usr/bin/false 26936
usr/bin/fgrep 41
usr/bin/find 204264
usr/bin/findmnt 69280
usr/bin/flock 23024
usr/bin/fmt 39432
usr/bin/fold 35336
usr/bin/free 27008
usr/bin/getconf 26992
usr/bin/getent 39648
usr/bin/getopt 22912
usr/bin/gpasswd 76248
usr/bin/gpgv 310416
usr/bin/grep 186824
usr/bin/groups 35336
usr/bin/gunzip 2346
usr/bin/gzexe 6447
usr/bin/gzip 93424
usr/bin/hardlink 47600
usr/bin/head 43528
usr/bin/hostid 35336
usr/bin/hostname 22760
usr/bin/i386 -> setarch
usr/bin/iconv 68072
usr/bin/id 39432
usr/bin/infocmp 67968
usr/bin/infotocap -> tic
usr/bin/install 145944
usr/bin/ionice 18816
usr/bin/ipcmk 22984
usr/bin/ipcrm 18816
usr/bin/ipcs 39296
usr/bin/ischroot 14824
usr/bin/join 51760
usr/bin/kill 22912
usr/bin/last 35200
usr/bin/lastb -> last
usr/bin/lastlog 28456
usr/bin/ld.so -> ../lib64/ld-linux-x86-64.so.2
usr/bin/ldd 5380
usr/bin/link 35336
usr/bin/linux32 -> setarch
usr/bin/linux64 -> setarch
usr/bin/ln 55816
usr/bin/locale 50824
usr/bin/locale-check 14488
usr/bin/localedef 326752
usr/bin/logger 39904
usr/bin/login 53056
usr/bin/logname 35336
usr/bin/ls 142312
usr/bin/lsattr 14656
usr/bin/lsblk 149896
usr/bin/lscpu 113032
usr/bin/lsipc 51584
usr/bin/lslocks 31504
usr/bin/lslogins 51584
usr/bin/lsmem 39296
usr/bin/lsns 43400
usr/bin/mawk 170768
usr/bin/mcookie 27080
usr/bin/md5sum 39336
usr/bin/md5sum.textutils -> md5sum
usr/bin/mesg 14720
usr/bin/mkdir 76296
usr/bin/mkfifo 43528
usr/bin/mknod 43528
usr/bin/mktemp 35336
usr/bin/more 47496
usr/bin/mount 51584
usr/bin/mountpoint 18816
usr/bin/mv 137752
usr/bin/namei 22912
usr/bin/nawk -> /etc/alternatives/nawk
usr/bin/newgrp 40664
usr/bin/nice 35336
usr/bin/nisdomainname -> hostname
usr/bin/nl 39528
usr/bin/nohup 35240
usr/bin/nproc 35336
usr/bin/nsenter 31336
usr/bin/numfmt 59944
usr/bin/od 72200
usr/bin/pager -> /etc/alternatives/pager
usr/bin/partx 63880
usr/bin/passwd 64152
usr/bin/paste 39336
usr/bin/pathchk 35336
usr/bin/perl 4019312
usr/bin/perl5.38.2 4019312
usr/bin/pgrep 35296
usr/bin/pidof -> ../sbin/killall5
usr/bin/pidwait 35296
usr/bin/pinky 39336
usr/bin/pkill -> pgrep
usr/bin/pldd 22976
usr/bin/pmap 35224
usr/bin/pr 72272
usr/bin/printenv 35208
usr/bin/printf 55744
usr/bin/prlimit 27536
usr/bin/ps 146424
usr/bin/ptx 55848
usr/bin/pwd 35336
usr/bin/pwdx 14720
usr/bin/rbash -> bash
usr/bin/readlink 43432
usr/bin/realpath 43432
usr/bin/rename.ul 22912
usr/bin/renice 14720
usr/bin/reset -> tset
usr/bin/resizepart 22912
usr/bin/rev 14720
usr/bin/rgrep 30
usr/bin/rm 59912
usr/bin/rmdir 47528
usr/bin/run-parts 27464
usr/bin/runcon 35336
usr/bin/savelog 10487
usr/bin/script 55680
usr/bin/scriptlive 43392
usr/bin/scriptreplay 35200
usr/bin/sdiff 51600
usr/bin/sed 113224
usr/bin/select-editor 2450
usr/bin/sensible-browser 1583
usr/bin/sensible-editor 1556
usr/bin/sensible-pager 921
usr/bin/sensible-terminal 1176
usr/bin/seq 51720
usr/bin/setarch 27288
usr/bin/setpriv 39304
usr/bin/setsid 14720
usr/bin/setterm 35200
usr/bin/sg -> newgrp
usr/bin/sh -> dash
usr/bin/sha1sum 39336
usr/bin/sha224sum 39336
usr/bin/sha256sum 39336
usr/bin/sha384sum 39336
usr/bin/sha512sum 39336
usr/bin/shred 55816
usr/bin/shuf 47624
usr/bin/skill 27048
usr/bin/slabtop 22976
usr/bin/sleep 35336
usr/bin/snice -> skill
usr/bin/sort 105272
usr/bin/split 56256
usr/bin/stat 88592
usr/bin/stdbuf 51720
usr/bin/stty 80408
usr/bin/su 55680
usr/bin/sum 35240
usr/bin/sync 35240
usr/bin/tabs 18744
usr/bin/tac 39336
usr/bin/tail 64032
usr/bin/tar 432048
usr/bin/taskset 31104
usr/bin/tee 39432
usr/bin/tempfile 14648
usr/bin/test 47552
usr/bin/tic 92584
usr/bin/timeout 39880
usr/bin/tload 22928
usr/bin/toe 22840
usr/bin/top 134864
usr/bin/touch 96776
usr/bin/tput 26968
usr/bin/tr 47624
usr/bin/true 26936
usr/bin/truncate 39432
usr/bin/tset 26944
usr/bin/tsort 47624
usr/bin/tty 35336
usr/bin/tzselect 15376
usr/bin/uclampset 31104
usr/bin/umount 39296
usr/bin/uname 35336
usr/bin/uncompress 2346
usr/bin/unexpand 39456
usr/bin/uniq 39432
usr/bin/unlink 35336
usr/bin/unshare 43624
usr/bin/update-alternatives 59784
usr/bin/uptime 14720
usr/bin/users 35336
usr/bin/utmpdump 22912
usr/bin/vdir 142312
usr/bin/vmstat 39712
usr/bin/w 27008
usr/bin/wall 22912
usr/bin/watch 31584
usr/bin/wc 55824
usr/bin/wdctl 35224
usr/bin/whereis 31576
usr/bin/which -> /etc/alternatives/which
usr/bin/which.debianutils 1080
usr/bin/who 59928
usr/bin/whoami 35336
usr/bin/x86_64 -> setarch
usr/bin/xargs 63912
usr/bin/yes 35208
usr/bin/ypdomainname -> hostname
usr/bin/zcat 1984
usr/bin/zcmp 1678
usr/bin/zdiff 6460
usr/bin/zdump 31008
usr/bin/zegrep 29
usr/bin/zfgrep 29
usr/bin/zforce 2081
usr/bin/zgrep 8103
usr/bin/zless 2206
usr/bin/zmore 1842
usr/bin/znew 4577
usr/sbin/add-shell 1053
usr/sbin/agetty 60992
usr/sbin/badblocks 35144
usr/sbin/blkdiscard 22912
usr/sbin/blkid 55720
usr/sbin/blkzone 35200
usr/sbin/blockdev 35200
usr/sbin/chcpu 31104
usr/sbin/chgpasswd 59720
usr/sbin/chmem 35200
usr/sbin/chpasswd 55736
usr/sbin/chroot 39432
usr/sbin/cpgr -> cppw
usr/sbin/cppw 49608
usr/sbin/ctrlaltdel 14720
usr/sbin/debugfs 231288
usr/sbin/dpkg-preconfigure 4356
usr/sbin/dpkg-reconfigure 4536
usr/sbin/dumpe2fs 35136
usr/sbin/e2freefrag 18744
usr/sbin/e2fsck 373080
usr/sbin/e2image 43328
usr/sbin/e2label -> tune2fs
usr/sbin/e2mmpstatus -> dumpe2fs
usr/sbin/e2scrub 7294
usr/sbin/e2scrub_all 5394
usr/sbin/e2undo 22840
usr/sbin/e4crypt 31104
usr/sbin/e4defrag 35128
usr/sbin/faillock 22848
usr/sbin/filefrag 18760
usr/sbin/findfs 14720
usr/sbin/fsck 43440
usr/sbin/fsck.cramfs 31168
usr/sbin/fsck.ext2 -> e2fsck
usr/sbin/fsck.ext3 -> e2fsck
usr/sbin/fsck.ext4 -> e2fsck
usr/sbin/fsck.minix 55712
usr/sbin/fsfreeze 14720
usr/sbin/fstab-decode 14648
usr/sbin/fstrim 43392
usr/sbin/getty -> agetty
usr/sbin/groupadd 72840
usr/sbin/groupdel 64424
usr/sbin/groupmems 59744
usr/sbin/groupmod 72744
usr/sbin/grpck 59720
usr/sbin/grpconv 51368
usr/sbin/grpunconv 51368
usr/sbin/iconvconfig 35296
usr/sbin/installkernel 2659
usr/sbin/invoke-rc.d 16517
usr/sbin/isosize 14720
usr/sbin/killall5 26856
usr/sbin/ldattach 27008
usr/sbin/ldconfig 387
usr/sbin/ldconfig.real 1051280
usr/sbin/logsave 14496
usr/sbin/losetup 76304
usr/sbin/mke2fs 133752
usr/sbin/mkfs 14720
usr/sbin/mkfs.bfs 22912
usr/sbin/mkfs.cramfs 35144
usr/sbin/mkfs.ext2 -> mke2fs
usr/sbin/mkfs.ext3 -> mke2fs
usr/sbin/mkfs.ext4 -> mke2fs
usr/sbin/mkfs.minix 43408
usr/sbin/mkhomedir_helper 22872
usr/sbin/mklost+found 14648
usr/sbin/mkswap 51592
usr/sbin/newusers 89048
usr/sbin/nologin 14640
usr/sbin/pam-auth-update 21465
usr/sbin/pam_extrausers_chkpwd 26944
usr/sbin/pam_extrausers_update 35136
usr/sbin/pam_getenv 2890
usr/sbin/pam_namespace_helper 467
usr/sbin/pam_timestamp_check 14656
usr/sbin/pivot_root 14720
usr/sbin/pwck 55592
usr/sbin/pwconv 47272
usr/sbin/pwhistory_helper 22848
usr/sbin/pwunconv 47272
usr/sbin/readprofile 22944
usr/sbin/remove-shell 1111
usr/sbin/resize2fs 71992
usr/sbin/rmt -> /etc/alternatives/rmt
usr/sbin/rmt-tar 56024
usr/sbin/rtcwake 35200
usr/sbin/runuser 55680
usr/sbin/service 9104
usr/sbin/shadowconfig 2273
usr/sbin/start-stop-daemon 48632
usr/sbin/sulogin 43392
usr/sbin/swaplabel 18816
usr/sbin/swapoff 22912
usr/sbin/swapon 43392
usr/sbin/switch_root 22912
usr/sbin/sysctl 31112
usr/sbin/tarcat 936
usr/sbin/tune2fs 113216
usr/sbin/unix_chkpwd 31040
usr/sbin/unix_update 35136
usr/sbin/update-passwd 35392
usr/sbin/update-rc.d 18147
usr/sbin/update-shells 3984
usr/sbin/useradd 143232
usr/sbin/userdel 93192
usr/sbin/usermod 130712
usr/sbin/vigr -> vipw
usr/sbin/vipw 62144
usr/sbin/wipefs 39296
usr/sbin/zic 67984
usr/sbin/zramctl 55824
`;
