import type { FileSpec } from "../host/index.ts";

const UNITS = "/usr/lib/systemd/system";
const WANTS = "/etc/systemd/system/multi-user.target.wants";

/** docker-ce, docker-ce-cli and containerd.io, as they are installed from Docker's own packages. */
export function dockerPackage(): FileSpec[] {
  return [
    ...["containerd", "containerd-shim-runc-v2", "ctr", "docker", "docker-proxy", "dockerd", "runc"].map(
      (name): FileSpec => ({
        path: `/usr/bin/${name}`,
        program: name,
      }),
    ),
    { path: `${UNITS}/containerd.service`, text: CONTAINERD_UNIT },
    { path: `${UNITS}/docker.service`, text: DOCKER_UNIT },
    { path: `${WANTS}/containerd.service`, link: `${UNITS}/containerd.service` },
    { path: `${WANTS}/docker.service`, link: `${UNITS}/docker.service` },
    { path: "/etc/containerd/config.toml", text: 'disabled_plugins = ["cri"]\n' },
    { path: "/etc/docker", dir: true },
    { path: "/var/lib/containerd", dir: true, mode: 0o711 },
    { path: "/var/lib/docker", dir: true, mode: 0o710 },
    { path: "/run/containerd", dir: true, mode: 0o711 },
  ];
}

const CONTAINERD_UNIT = `[Unit]
Description=containerd container runtime
Documentation=https://containerd.io
After=network.target dbus.service

[Service]
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/bin/containerd

Type=notify
Delegate=yes
KillMode=process
Restart=always
RestartSec=5
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
OOMScoreAdjust=-999

[Install]
WantedBy=multi-user.target
`;

const DOCKER_UNIT = `[Unit]
Description=Docker Application Container Engine
Documentation=https://docs.docker.com
After=network-online.target containerd.service time-set.target
Wants=network-online.target containerd.service

[Service]
Type=notify
ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
ExecReload=/bin/kill -s HUP $MAINPID
TimeoutStartSec=0
RestartSec=2
Restart=always
StartLimitBurst=3
StartLimitInterval=60s
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
Delegate=yes
KillMode=process
OOMScoreAdjust=-500

[Install]
WantedBy=multi-user.target
`;
