import { programVersion, type Process, type Program } from "../../../../host/index.ts";
import { encode } from "../../../../kernel/index.ts";
import { inClusterConfig } from "../../../access/in-cluster.ts";
import { ApiClient, ApiFailure } from "../../access/api-client.ts";
import { pluginProgram, type Plugin } from "../../cni/skel.ts";
import { logFields, logLine } from "../log.ts";
import { calicoIpamPlugin } from "./calico-ipam.ts";
import { calicoPlugin } from "./calico.ts";
import { NET_DIR, pluginKubeconfig } from "./kubeconfig.ts";

const FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";
const AGENT = "install/v0.0.0 (linux/amd64) kubernetes/$Format";
const FROM = "/opt/cni/bin";
const TO = "/host/opt/cni/bin";
/** Where host-local kept the addresses of a network of Calico's name. */
const HOST_LOCAL = "/var/lib/cni/networks/k8s-pod-network";

type Say = (level: "INFO" | "ERROR", source: string, text: string) => Promise<void>;

function logger(process: Process, prefix: string): Say {
  return (level, source, text) =>
    process.print(`${logLine(process.kernel.now, level, process.host.pidOf(process.row), prefix + source, text)}\n`);
}

/** A plugin's program, which also tells its version. */
function program(
  plugin: Plugin,
  more?: (process: Process, args: readonly string[]) => Promise<number> | undefined,
): Program {
  const asPlugin = pluginProgram(plugin, plugin.name);
  return {
    name: plugin.name,
    summary: plugin.summary,
    async run(process, args) {
      if (args[0] === "-v" || args[0] === "-version") {
        await process.print(`${programVersion(process)}\n`);
        return 0;
      }
      return (await more?.(process, args)) ?? asPlugin.run(process, args);
    },
  };
}

/** The init container `upgrade-ipam` (cni-plugin/pkg/upgrade/migrate.go): there is seldom anything to do. */
async function upgrade(process: Process): Promise<number> {
  const say = logger(process, "");
  await say("INFO", "ipam_plugin.go 75", "migrating from host-local to calico-ipam...");
  await say("INFO", "migrate.go 65", "checking host-local IPAM data dir dir existence...");
  if (process.host.files.exists(HOST_LOCAL, process)) {
    await process.error("drydock: calico-ipam: '-upgrade' of addresses of host-local is not simulated\n");
    return 64;
  }
  await say(
    "INFO",
    "migrate.go 67",
    "host-local IPAM data dir dir not found; no migration necessary, successfully exiting...",
  );
  const node = process.env["KUBERNETES_NODE_NAME"] ?? process.host.hostname;
  await say("INFO", "ipam_plugin.go 105", `migration from host-local to calico-ipam complete${logFields({ node })}`);
  return 0;
}

/** The init container `install-cni` (cni-plugin/pkg/install/install.go): plugins, their kubeconfig and their configuration. */
const install: Program = {
  name: "calico-install",
  summary: "installs Calico's CNI plugins on the machine",
  async run(process) {
    const { host, env } = process;
    const say = logger(process, "cni-installer/");
    await say("INFO", "install.go 116", "Running as a Kubernetes pod");
    if (!host.files.exists(TO, process)) {
      await say("INFO", "install.go 205", `${TO} is not writeable, skipping`);
      await say("ERROR", "install.go 249", "found no writeable directory, exiting");
      return 1;
    }
    for (const name of host.files.list(FROM, process)) {
      host.files.write(`${TO}/${name}`, host.files.read(`${FROM}/${name}`, process), { mode: 0o755 }, process);
      await say("INFO", "install.go 224", `Installed ${TO}/${name}`);
    }
    await say("INFO", "install.go 234", `Wrote Calico CNI binaries to ${TO}\n`);
    await say("INFO", "install.go 240", `CNI plugin version: ${programVersion(process)}\n`);
    const config = inClusterConfig(host, env, AGENT);
    const api = new ApiClient(process, AGENT, () => config);
    try {
      const text = pluginKubeconfig(api, { env, authority: host.readText(`${FOLDER}/ca.crt`) ?? "" });
      host.files.write(`${NET_DIR}/calico-kubeconfig`, encode(text), { mode: 0o600 }, process);
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      const line = logLine(process.kernel.now, "ERROR", process.host.pidOf(process.row), "cni-installer/install.go 446", `Unable to create token for CNI kubeconfig${logFields({ error: error.message })}`); // prettier-ignore
      await process.print(`${line.replace("[ERROR]", "[FATAL]")}\n`);
      return 1;
    }
    const name = env["CNI_CONF_NAME"] ?? "10-calico.conflist";
    await say("INFO", "install.go 375", "Using CNI config template from CNI_NETWORK_CONFIG environment variable.");
    const text = (env["CNI_NETWORK_CONFIG"] ?? "")
      .replaceAll("__LOG_LEVEL__", env["LOG_LEVEL"] ?? "info")
      .replaceAll("__LOG_FILE_PATH__", env["LOG_FILE_PATH"] ?? "/var/log/calico/cni/cni.log")
      .replaceAll("__DATASTORE_TYPE__", env["DATASTORE_TYPE"] ?? "kubernetes")
      .replaceAll("__KUBERNETES_NODE_NAME__", env["KUBERNETES_NODE_NAME"] ?? host.hostname)
      .replaceAll("__KUBECONFIG_FILEPATH__", `${env["CNI_NET_DIR"] ?? "/etc/cni/net.d"}/calico-kubeconfig`)
      .replaceAll("__CNI_MTU__", env["CNI_MTU"] ?? "1500");
    try {
      JSON.parse(text);
    } catch {
      await process.print(`${text} is not a valid json object\n`);
      return 1;
    }
    host.files.write(`${NET_DIR}/${name}`, encode(text), { mode: 0o644 }, process);
    await say("INFO", "install.go 427", `Created ${NET_DIR}/${name}`);
    await process.print(`${text}\n`);
    const sleeps = (env["SLEEP"] ?? "true") === "true";
    await say("INFO", "install.go 268", `Done configuring CNI.  Sleep= ${String(sleeps)}`);
    if (sleeps) await process.block<void>(() => {});
    return 0;
  },
};

/** The programs of image calico/cni, for the registry. */
export const calicoPluginPrograms: readonly Program[] = [
  program(calicoPlugin),
  program(calicoIpamPlugin, (process, args) => (args.includes("-upgrade") ? upgrade(process) : undefined)),
  install,
];
