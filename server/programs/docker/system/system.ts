import { DOCKER_COMMIT, DOCKER_VERSION } from "../../../sim/docker/index.ts";
import { CONTAINERD_VERSION } from "../../../sim/kube/kubelet/index.ts";
import { text } from "../../kubectl/cobra/flag.ts";
import { command } from "../command.ts";
import { renderTemplate } from "../format.ts";

const API = "1.51";
const CLIENT_COMMIT = "ecc6942";

export const version = command({
  name: "version",
  use: "[OPTIONS]",
  summary: "Show the Docker version information",
  arguments: [0, 0],
  flags: { format: text("Format output using a custom template", { shorthand: "f" }) },
  async run({ process, flags }) {
    if (flags.format !== "") {
      const part = { Version: DOCKER_VERSION, APIVersion: API, Os: "linux", Arch: "amd64" };
      await process.print(
        renderTemplate(flags.format, [
          { Client: { ...part, GitCommit: CLIENT_COMMIT }, Server: { ...part, GitCommit: DOCKER_COMMIT } },
        ]),
      );
      return;
    }
    await process.print(`Client: Docker Engine - Community
 Version:           ${DOCKER_VERSION}
 API version:       ${API}
 Go version:        go1.25.3
 Git commit:        ${CLIENT_COMMIT}
 Built:             Wed Oct  8 12:17:26 2025
 OS/Arch:           linux/amd64
 Context:           default

Server: Docker Engine - Community
 Engine:
  Version:          ${DOCKER_VERSION}
  API version:      ${API} (minimum version 1.24)
  Go version:       go1.25.3
  Git commit:       ${DOCKER_COMMIT}
  Built:            Wed Oct  8 12:17:26 2025
  OS/Arch:          linux/amd64
  Experimental:     false
 containerd:
  Version:          v${CONTAINERD_VERSION}
  GitCommit:        05044ec0a9a75232cad458027ca83437aae3f4da
 runc:
  Version:          1.2.5
  GitCommit:        v1.2.5-0-g59923ef
 docker-init:
  Version:          0.19.0
  GitCommit:        de40ad0
`);
  },
});

export const info = command({
  name: "info",
  use: "[OPTIONS]",
  summary: "Display system-wide information",
  arguments: [0, 0],
  flags: { format: text("Format output using a custom template", { shorthand: "f" }) },
  async run({ process, engine, flags }) {
    const rows = [...engine.containers.keys()];
    const running = rows.filter((id) => engine.isRunning(id)).length;
    const { machine, host } = engine;
    const counts = {
      Containers: rows.length,
      ContainersRunning: running,
      ContainersPaused: 0,
      ContainersStopped: rows.length - running,
      Images: engine.runtime.images.size,
    };
    const facts = {
      ...counts,
      ServerVersion: DOCKER_VERSION,
      Driver: "overlay2",
      CgroupDriver: "systemd",
      Name: host.hostname,
      NCPU: machine.row.cpus,
    };
    if (flags.format !== "") {
      await process.print(renderTemplate(flags.format, [facts]));
      return;
    }
    await process.print(`Client: Docker Engine - Community
 Version:    ${DOCKER_VERSION}
 Context:    default
 Debug Mode: false

Server:
 Containers: ${counts.Containers}
  Running: ${counts.ContainersRunning}
  Paused: 0
  Stopped: ${counts.ContainersStopped}
 Images: ${counts.Images}
 Server Version: ${DOCKER_VERSION}
 Storage Driver: overlay2
 Logging Driver: json-file
 Cgroup Driver: systemd
 Cgroup Version: 2
 Plugins:
  Volume: local
  Network: bridge host ipvlan macvlan null overlay
  Log: awslogs fluentd gcplogs gelf journald json-file local splunk syslog
 Swarm: inactive
 Runtimes: io.containerd.runc.v2 runc
 Default Runtime: runc
 Operating System: Ubuntu 24.04.1 LTS
 OSType: linux
 Architecture: x86_64
 CPUs: ${machine.row.cpus}
 Total Memory: ${(machine.row.memory / 1024 / 1024).toPrecision(4)}GiB
 Name: ${host.hostname}
 Docker Root Dir: /var/lib/docker
 Debug Mode: false
 Experimental: false
 Insecure Registries:
  127.0.0.0/8
 Live Restore Enabled: false
`);
  },
});
