import type { FileSpec } from "../file-spec.ts";

const UNITS = "/usr/lib/systemd/system";
const ENABLED = "/etc/systemd/system";

/** A unit file: what it is, what starts it, without the hardening that has no meaning here. */
function unit(name: string, text: string): FileSpec {
  return { path: `${UNITS}/${name}`, text };
}

/** As `systemctl enable` leaves it. */
function enabled(name: string, target: string): FileSpec {
  return { path: `${ENABLED}/${target}.wants/${name}`, link: `${UNITS}/${name}` };
}

const SSH = `[Unit]
Description=OpenBSD Secure Shell server
Documentation=man:sshd(8) man:sshd_config(5)
After=network.target auditd.service
ConditionPathExists=!/etc/ssh/sshd_not_to_be_run

[Service]
EnvironmentFile=-/etc/default/ssh
ExecStartPre=/usr/sbin/sshd -t
ExecStart=/usr/sbin/sshd -D $SSHD_OPTS
ExecReload=/usr/sbin/sshd -t
ExecReload=/bin/kill -HUP $MAINPID
KillMode=process
Restart=on-failure
RestartPreventExitStatus=255
Type=notify
RuntimeDirectory=sshd
RuntimeDirectoryMode=0755

[Install]
WantedBy=multi-user.target
Alias=sshd.service
`;

const SSH_SOCKET = `[Unit]
Description=OpenBSD Secure Shell server socket
Before=sockets.target ssh.service
ConditionPathExists=!/etc/ssh/sshd_not_to_be_run

[Socket]
ListenStream=0.0.0.0:22
ListenStream=[::]:22
BindIPv6Only=ipv6-only
Accept=no
FreeBind=yes

[Install]
WantedBy=sockets.target
RequiredBy=ssh.service
`;

const RESOLVED = `[Unit]
Description=Network Name Resolution
Documentation=man:systemd-resolved.service(8)
Documentation=man:org.freedesktop.resolve1(5)
DefaultDependencies=no
After=systemd-sysctl.service systemd-sysusers.service
Before=sysinit.target network.target nss-lookup.target shutdown.target
Conflicts=shutdown.target
Wants=nss-lookup.target

[Service]
BusName=org.freedesktop.resolve1
ExecStart=!!/usr/lib/systemd/systemd-resolved
Restart=always
RestartSec=0
Type=notify
User=systemd-resolve
WatchdogSec=3min

[Install]
WantedBy=sysinit.target
Alias=dbus-org.freedesktop.resolve1.service
`;

const NETWORKD = `[Unit]
Description=Network Configuration
Documentation=man:systemd-networkd.service(8)
Documentation=man:org.freedesktop.network1(5)
DefaultDependencies=no
After=systemd-udevd.service network-pre.target systemd-sysusers.service systemd-sysctl.service
Before=network.target multi-user.target shutdown.target
Conflicts=shutdown.target
Wants=network.target

[Service]
BusName=org.freedesktop.network1
ExecStart=!!/usr/lib/systemd/systemd-networkd
ExecReload=networkctl reload
Restart=on-failure
RestartSec=0
Type=notify
User=systemd-network
WatchdogSec=3min

[Install]
WantedBy=multi-user.target
Alias=dbus-org.freedesktop.network1.service
`;

const JOURNALD = `[Unit]
Description=Journal Service
Documentation=man:systemd-journald.service(8) man:journald.conf(5)
DefaultDependencies=no
Before=sysinit.target

[Service]
ExecStart=/usr/lib/systemd/systemd-journald
OOMScoreAdjust=-250
Restart=always
RestartSec=0
Type=notify
WatchdogSec=3min
`;

const LOGIND = `[Unit]
Description=User Login Management
Documentation=man:sd-login(3)
Documentation=man:systemd-logind.service(8)
Documentation=man:logind.conf(5)
After=nss-user-lookup.target user.slice dbus.socket
Wants=user.slice dbus.socket

[Service]
BusName=org.freedesktop.login1
ExecStart=/usr/lib/systemd/systemd-logind
Restart=always
RestartSec=0
WatchdogSec=3min
`;

const TIMESYNCD = `[Unit]
Description=Network Time Synchronization
Documentation=man:systemd-timesyncd.service(8)
DefaultDependencies=no
After=systemd-sysusers.service
Before=time-set.target sysinit.target shutdown.target
Conflicts=shutdown.target
Wants=time-set.target

[Service]
BusName=org.freedesktop.timesync1
ExecStart=!!/usr/lib/systemd/systemd-timesyncd
Restart=always
RestartSec=0
Type=notify
User=systemd-timesync
WatchdogSec=3min

[Install]
WantedBy=sysinit.target
Alias=dbus-org.freedesktop.timesync1.service
`;

const UDEVD = `[Unit]
Description=Rule-based Manager for Device Events and Files
Documentation=man:systemd-udevd.service(8) man:udev(7)
DefaultDependencies=no
Before=sysinit.target

[Service]
ExecStart=/usr/lib/systemd/systemd-udevd
OOMScoreAdjust=-1000
Restart=always
RestartSec=0
Type=notify-reload
WatchdogSec=3min
`;

const CRON = `[Unit]
Description=Regular background program processing daemon
Documentation=man:cron(8)
After=remote-fs.target nss-user-lookup.target

[Service]
EnvironmentFile=-/etc/default/cron
ExecStart=/usr/sbin/cron -f -P $EXTRA_OPTS
IgnoreSIGPIPE=false
KillMode=process
Restart=on-failure
SyslogFacility=cron

[Install]
WantedBy=multi-user.target
`;

const RSYSLOG = `[Unit]
Description=System Logging Service
Documentation=man:rsyslogd(8)
Documentation=man:rsyslog.conf(5)
Documentation=https://www.rsyslog.com/doc/

[Service]
Type=notify
ExecStart=/usr/sbin/rsyslogd -n -iNONE
StandardOutput=null
StandardError=journal
Restart=on-failure
LimitNOFILE=16384

[Install]
WantedBy=multi-user.target
Alias=syslog.service
`;

const DBUS = `[Unit]
Description=D-Bus System Message Bus
Documentation=man:dbus-daemon(1)
Requires=dbus.socket

[Service]
Type=notify
NotifyAccess=main
ExecStart=@/usr/bin/dbus-daemon @dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation --syslog-only
OOMScoreAdjust=-900
`;

const SYSCTL = `[Unit]
Description=Apply Kernel Variables
Documentation=man:systemd-sysctl.service(8) man:sysctl.d(5)
DefaultDependencies=no
Conflicts=shutdown.target
After=systemd-modules-load.service
Before=sysinit.target shutdown.target
ConditionPathIsReadWrite=/proc/sys/net/

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/lib/systemd/systemd-sysctl
TimeoutSec=90s
`;

const MODULES_LOAD = `[Unit]
Description=Load Kernel Modules
Documentation=man:systemd-modules-load.service(8) man:modules-load.d(5)
DefaultDependencies=no
Conflicts=shutdown.target
Before=sysinit.target shutdown.target
ConditionCapability=CAP_SYS_MODULE
ConditionDirectoryNotEmpty=|/lib/modules-load.d
ConditionDirectoryNotEmpty=|/usr/lib/modules-load.d
ConditionDirectoryNotEmpty=|/usr/local/lib/modules-load.d
ConditionDirectoryNotEmpty=|/etc/modules-load.d
ConditionDirectoryNotEmpty=|/run/modules-load.d
ConditionKernelCommandLine=|modules-load
ConditionKernelCommandLine=|rd.modules-load

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/lib/systemd/systemd-modules-load
TimeoutSec=90s
`;

const GETTY = `[Unit]
Description=Getty on %I
Documentation=man:agetty(8) man:systemd-getty-generator(8)
After=systemd-user-sessions.service
Before=getty.target

[Service]
ExecStart=-/sbin/agetty -o '-p -- \\\\u' --noclear - $TERM
Type=idle
Restart=always
RestartSec=0
TTYPath=/dev/%I

[Install]
WantedBy=getty.target
DefaultInstance=tty1
`;

function target(name: string, description: string, lines = ""): FileSpec {
  return unit(`${name}.target`, `[Unit]\nDescription=${description}\nDocumentation=man:systemd.special(7)\n${lines}`);
}

export const UNIT_FILES: readonly FileSpec[] = [
  unit("ssh.service", SSH),
  unit("ssh.socket", SSH_SOCKET),
  enabled("ssh.socket", "sockets.target"),
  { path: `${ENABLED}/ssh.service.requires/ssh.socket`, link: `${UNITS}/ssh.socket` },
  unit("systemd-resolved.service", RESOLVED),
  enabled("systemd-resolved.service", "sysinit.target"),
  unit("systemd-networkd.service", NETWORKD),
  enabled("systemd-networkd.service", "multi-user.target"),
  unit("systemd-journald.service", JOURNALD),
  unit("systemd-logind.service", LOGIND),
  unit("systemd-timesyncd.service", TIMESYNCD),
  enabled("systemd-timesyncd.service", "sysinit.target"),
  unit("systemd-udevd.service", UDEVD),
  unit("cron.service", CRON),
  enabled("cron.service", "multi-user.target"),
  unit("rsyslog.service", RSYSLOG),
  enabled("rsyslog.service", "multi-user.target"),
  unit("systemd-modules-load.service", MODULES_LOAD),
  { path: `${UNITS}/sysinit.target.wants/systemd-modules-load.service`, link: "../systemd-modules-load.service" },
  unit("systemd-sysctl.service", SYSCTL),
  { path: `${UNITS}/sysinit.target.wants/systemd-sysctl.service`, link: "../systemd-sysctl.service" },
  unit("dbus.service", DBUS),
  unit(
    "dbus.socket",
    "[Unit]\nDescription=D-Bus System Message Bus Socket\n\n[Socket]\nListenStream=/run/dbus/system_bus_socket\n",
  ),
  unit("getty@.service", GETTY),
  { path: `${ENABLED}/getty.target.wants/getty@tty1.service`, link: `${UNITS}/getty@.service` },
  target("sysinit", "System Initialization", "Wants=local-fs.target swap.target\nAfter=local-fs.target swap.target\n"),
  target(
    "basic",
    "Basic System",
    "Requires=sysinit.target\nWants=sockets.target timers.target\nAfter=sysinit.target sockets.target\n",
  ),
  target("multi-user", "Multi-User System", "Requires=basic.target\nAfter=basic.target\nAllowIsolate=yes\n"),
  target("graphical", "Graphical Interface", "Requires=multi-user.target\nAfter=multi-user.target\nAllowIsolate=yes\n"),
  target("network", "Network", "After=network-pre.target\nRefuseManualStart=yes\n"),
  target("network-online", "Network is Online", "After=network.target\n"),
  target("sockets", "Socket Units"),
  target("timers", "Timer Units", "DefaultDependencies=no\n"),
  target("getty", "Login Prompts"),
  target("local-fs", "Local File Systems", "DefaultDependencies=no\n"),
  target("swap", "Swaps"),
  { path: `${UNITS}/default.target`, link: "graphical.target" },
];

/** Units that hold the others together, and those that do their work at boot: all are up once the machine is. */
export const BOOTED_UNITS: readonly string[] = [
  ...["local-fs", "swap", "sysinit", "sockets", "timers", "basic", "network", "network-online", "getty", "multi-user", "graphical"].map((name) => `${name}.target`),
  "systemd-modules-load.service",
  "systemd-sysctl.service",
]; // prettier-ignore
