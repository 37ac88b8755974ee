import type { Containerd } from "../../sim/kube/kubelet/index.ts";
import type { Json, JsonObject } from "../kubectl/output/golang/kind.ts";

/** The conditions of the runtime (containerd pkg/cri/server/status.go). */
export function runtimeStatus(runtime: Containerd): JsonObject {
  const { ready, reason, message } = runtime.networkCondition;
  return {
    conditions: [
      { type: "RuntimeReady", status: true, reason: "", message: "" },
      { type: "NetworkReady", status: ready, reason, message },
      { type: "ContainerdHasNoDeprecationWarnings", status: true, reason: "", message: "" },
    ],
  };
}

/** What verbose status tells: the network that is loaded, and the part of the configuration that has its effect here. */
export function loadedNetworks(runtime: Containerd): JsonObject {
  const { cniBinDirs, cniConfDir, cniMaxConfNum, sandboxImage, systemdCgroup, maxLogLine, streamPort, address } =
    runtime.config;
  const { network, error } = runtime.cni;
  const loaded: Json = network
    ? [
        {
          Config: {
            Name: network.name,
            CNIVersion: network.cniVersion,
            Plugins: network.plugins.map((plugin) => ({ Network: plugin as Json, Source: JSON.stringify(plugin) })),
            Source: JSON.stringify({
              name: network.name,
              cniVersion: network.cniVersion,
              plugins: network.plugins,
            }),
          },
          IFName: "eth0",
        },
      ]
    : [];
  return {
    cniconfig: {
      Networks: loaded,
      PluginConfDir: cniConfDir,
      PluginDirs: [...cniBinDirs],
      PluginMaxConfNum: cniMaxConfNum,
      Prefix: "eth",
    },
    config: {
      cni: { binDir: cniBinDirs[0] ?? "", confDir: cniConfDir, maxConfNum: cniMaxConfNum },
      containerd: {
        defaultRuntimeName: "runc",
        runtimes: {
          runc: { runtimeType: "io.containerd.runc.v2", options: { SystemdCgroup: systemdCgroup } },
        },
        snapshotter: "overlayfs",
      },
      containerdEndpoint: address,
      maxContainerLogLineSize: maxLogLine,
      sandboxImage,
      streamServerAddress: "127.0.0.1",
      streamServerPort: String(streamPort),
    },
    golang: "go1.23.7",
    lastCNILoadStatus: error ?? "OK",
    "lastCNILoadStatus.default": error ?? "OK",
  };
}
