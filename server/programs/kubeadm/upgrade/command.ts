import { attempt, Errno } from "../../../sim/host/index.ts";
import { decode } from "../../../sim/kernel/index.ts";
import { klog } from "../../kubectl/client/klog.ts";
import type { CobraFlag, Command } from "../cobra/index.ts";
import { KubeadmError, NotSimulated } from "../failure.ts";
import { resolvConf } from "../init/machine.ts";
import { temporaryFolder, writeFile } from "../init/run-data.ts";
import { SETTINGS, withResolvConf } from "../join/kubelet.ts";
import { privileged, runChecks } from "../preflight.ts";
import { phaseCommand, runPhases, workflowHelp, type Phase, type Workflow } from "../workflow.ts";
import { isControlPlaneNode, NodeData } from "./node-data.ts";

const SHORT = "Upgrade commands for a node in the cluster";

const FLAGS: readonly CobraFlag[] = [
  { name: "certificate-renewal", type: "bool", byDefault: "true", usage: "Perform the renewal of certificates used by component changed during upgrades." },
  { name: "config", type: "string", usage: "Path to a kubeadm configuration file.", simulated: false },
  { name: "dry-run", type: "bool", usage: "Do not change any state, just output the actions that would be performed.", simulated: false },
  { name: "etcd-upgrade", type: "bool", byDefault: "true", usage: "Perform the upgrade of etcd." },
  { name: "ignore-preflight-errors", type: "strings", usage: "A list of checks whose errors will be shown as warnings. Example: 'IsPrivilegedUser,Swap'. Value 'all' ignores errors from all checks." },
  { name: "kubeconfig", type: "string", byDefault: '"/etc/kubernetes/admin.conf"', usage: "The kubeconfig file to use when talking to the cluster. If the flag is not set, a set of standard locations can be searched for an existing kubeconfig file." },
  { name: "patches", type: "string", usage: 'Path to a directory that contains files named "target[suffix][+patchtype].extension". For example, "kube-apiserver0+merge.yaml" or just "etcd.json". "target" can be one of "kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kubeletconfiguration", "corednsdeployment". "patchtype" can be one of "strategic", "merge" or "json" and they match the patch formats supported by kubectl. The default "patchtype" is "strategic". "extension" must be either "json" or "yaml". "suffix" is an optional string that can be used to determine which patches are applied first alpha-numerically.', simulated: false },
  { name: "skip-phases", type: "strings", usage: "List of phases to be skipped" },
]; // prettier-ignore

/** A phase that a worker has nothing to do in. */
const onControlPlanes =
  (name: string, words: string) =>
  async (data: NodeData): Promise<void> => {
    if (data.isControlPlane) throw new NotSimulated(`upgrade node phase ${name} on a control plane`);
    await data.print(words);
  };

const PHASES: readonly Phase<NodeData>[] = [
  {
    name: "preflight",
    short: "Run upgrade node pre-flight checks",
    long: "Run pre-flight checks for kubeadm upgrade node.",
    flags: ["config", "ignore-preflight-errors"],
    run: async (data) => {
      await data.print("/preflight] Running pre-flight checks");
      await runChecks(data.process, [privileged(data.process)], data.ignoredErrors);
      await onControlPlanes("preflight", "/preflight] Skipping prepull. Not a control plane node.")(data);
    },
  },
  {
    name: "control-plane",
    short: "Upgrade the control plane instance deployed on this node, if any",
    flags: ["config", "dry-run", "kubeconfig", "certificate-renewal", "etcd-upgrade", "patches"],
    run: onControlPlanes("control-plane", "/control-plane] Skipping phase. Not a control plane node."),
  },
  {
    name: "kubelet-config",
    short: "Upgrade the kubelet configuration for this node",
    long: "Upgrade the kubelet configuration for this node by downloading it from the kubelet-config ConfigMap stored in the cluster",
    flags: ["config", "dry-run", "kubeconfig", "patches"],
    run: writeSettings,
  },
  {
    name: "addon",
    short: "Upgrade the default kubeadm addons",
    all: { short: "Upgrade all the addons", flags: ["config", "kubeconfig", "dry-run", "patches"] },
    steps: [
      {
        name: "coredns",
        short: "Upgrade the CoreDNS addon",
        flags: ["config", "kubeconfig", "dry-run", "patches"],
        run: onControlPlanes("addon", "/addon] Skipping the addon/coredns phase. Not a control plane node."),
      },
      {
        name: "kube-proxy",
        short: "Upgrade the kube-proxy addon",
        flags: ["config", "kubeconfig", "dry-run"],
        run: onControlPlanes("addon", "/addon] Skipping the addon/kube-proxy phase. Not a control plane node."),
      },
    ],
  },
  {
    name: "post-upgrade",
    short: "Run post upgrade tasks",
    flags: ["config", "dry-run", "kubeconfig"],
    run: (data) => {
      if (data.isControlPlane) throw new NotSimulated("upgrade node phase post-upgrade on a control plane");
      return Promise.resolve();
    },
  },
];

/** It runs between control-plane and kubelet-config, and help says nothing of it. */
const HIDDEN: Phase<NodeData> = {
  name: "kubeconfig",
  short: "Upgrade kubeconfig files for this node",
  run: onControlPlanes("kubeconfig", "/kubeconfig] Skipping phase. Not a control plane node."),
};

/** As phases/upgrade/postupgrade.go WriteKubeletConfigFiles: the file is laid aside and written anew. */
async function writeSettings(data: NodeData): Promise<void> {
  const { process, settings } = data;
  const { files } = process.host;
  const folder = temporaryFolder(process, "kubeadm-kubelet-config");
  await klog(process, "W", "postupgrade.go:117", `Using temporary directory ${folder} for kubelet config. To override it set the environment variable KUBEADM_UPGRADE_DRYRUN_DIR`); // prettier-ignore
  const aside = `${folder}/config.yaml`;
  await data.print(`] Backing up kubelet config file to ${aside}`);
  const old = attempt(() => files.read(SETTINGS, process));
  if (old instanceof Errno)
    throw new KubeadmError(`error backing up the kubelet config file: stat ${SETTINGS}: ${old.message.toLowerCase()}`);
  writeFile(process, aside, decode(old), files.stat(SETTINGS, process).mode & 0o777);
  await process.print(`[kubelet-start] Writing kubelet configuration to file "${SETTINGS}"\n`);
  writeFile(process, SETTINGS, withResolvConf(settings, resolvConf(process)), 0o644);
  await data.print("/kubelet-config] The kubelet configuration for this node was successfully upgraded!");
}

const WORKFLOW: Workflow<NodeData> = {
  name: "node",
  phases: PHASES,
  flags: (names) => FLAGS.filter(({ name }) => names.includes(name)),
  read: (process, given) => NodeData.read(process, given),
};

const NODE: Command = {
  name: "node",
  short: SHORT,
  long: workflowHelp(SHORT, "node", PHASES),
  flags: FLAGS,
  commands: [phaseCommand(WORKFLOW)],
  async run({ process, given }) {
    if (isControlPlaneNode(process)) throw new NotSimulated("upgrade node on a control plane");
    const at = PHASES.findIndex(({ name }) => name === "kubelet-config");
    await runPhases(await NodeData.read(process, given), PHASES.toSpliced(at, 0, HIDDEN));
  },
};

/** `kubeadm upgrade node` (cmd/kubeadm/app/cmd/upgrade/node.go): a worker's kubelet gets the cluster's configuration. */
export const UPGRADE_COMMAND: Command = {
  name: "upgrade",
  short: "Upgrade your cluster smoothly to a newer version with this command",
  flags: [],
  commands: [NODE],
};
