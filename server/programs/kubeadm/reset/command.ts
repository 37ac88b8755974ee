import type { CobraFlag, Command } from "../cobra/index.ts";
import { phaseCommand, runPhases, workflowHelp, type Phase, type Workflow } from "../workflow.ts";
import { cleanUp } from "./clean-up.ts";
import { confirm, removeEtcdData } from "./phases.ts";
import { ResetData } from "./reset-data.ts";

const SHORT = "Performs a best effort revert of changes made to this host by 'kubeadm init' or 'kubeadm join'";

const FLAGS: readonly CobraFlag[] = [
  { name: "cert-dir", type: "string", byDefault: '"/etc/kubernetes/pki"', usage: "The path to the directory where the certificates are stored. If specified, clean this directory." },
  { name: "cleanup-tmp-dir", type: "bool", usage: 'Cleanup the "/etc/kubernetes/tmp" directory' },
  { name: "config", type: "string", usage: "Path to a kubeadm configuration file.", simulated: false },
  { name: "cri-socket", type: "string", usage: "Path to the CRI socket to connect. If empty kubeadm will try to auto-detect this value; use this option only if you have more than one CRI installed or if you have non-standard CRI socket.", simulated: false },
  { name: "dry-run", type: "bool", usage: "Don't apply any changes; just output what would be done." },
  { name: "force", short: "f", type: "bool", usage: "Reset the node without prompting for confirmation." },
  { name: "ignore-preflight-errors", type: "strings", usage: "A list of checks whose errors will be shown as warnings. Example: 'IsPrivilegedUser,Swap'. Value 'all' ignores errors from all checks." },
  { name: "kubeconfig", type: "string", byDefault: '"/etc/kubernetes/admin.conf"', usage: "The kubeconfig file to use when talking to the cluster. If the flag is not set, a set of standard locations can be searched for an existing kubeconfig file." },
  { name: "skip-phases", type: "strings", usage: "List of phases to be skipped" },
]; // prettier-ignore

const PHASES: readonly Phase<ResetData>[] = [
  {
    name: "preflight",
    aliases: ["pre-flight"],
    short: "Run reset pre-flight checks",
    long: "Run pre-flight checks for kubeadm reset.",
    flags: ["ignore-preflight-errors", "force", "dry-run"],
    run: confirm,
  },
  {
    name: "remove-etcd-member",
    short: "Remove a local etcd member.",
    long: "Remove a local etcd member for a control plane node.",
    flags: ["kubeconfig", "dry-run"],
    run: removeEtcdData,
  },
  {
    name: "cleanup-node",
    aliases: ["cleanupnode"],
    short: "Run cleanup node.",
    flags: ["cert-dir", "cri-socket", "cleanup-tmp-dir", "dry-run"],
    run: cleanUp,
  },
];

const WORKFLOW: Workflow<ResetData> = {
  name: "reset",
  phases: PHASES,
  flags: (names) => FLAGS.filter(({ name }) => names.includes(name)),
  read: (process, given) => ResetData.read(process, given),
};

const INSTRUCTIONS = `
The reset process does not perform cleanup of CNI plugin configuration,
network filtering rules and kubeconfig files.

For information on how to perform this cleanup manually, please see:
    https://k8s.io/docs/reference/setup-tools/kubeadm/kubeadm-reset/

`;

/** `kubeadm reset` (cmd/kubeadm/app/cmd/reset.go). */
export const RESET_COMMAND: Command = {
  name: "reset",
  short: SHORT,
  long: workflowHelp(SHORT, "reset", PHASES),
  flags: FLAGS,
  commands: [phaseCommand(WORKFLOW)],
  // Words behind it are taken and not read, as cobra does where nothing is said of them.
  operands: () => undefined,
  async run({ process, given }) {
    await runPhases(await ResetData.read(process, given), PHASES);
    await process.print(INSTRUCTIONS);
  },
};
