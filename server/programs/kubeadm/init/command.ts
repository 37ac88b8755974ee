import type { Command } from "../cobra/index.ts";
import { NotSimulated } from "../failure.ts";
import { phaseCommand, runPhases, workflowHelp, type Workflow } from "../workflow.ts";
import { initFlags } from "./flags.ts";
import { PHASES } from "./phases.ts";
import { InitData } from "./run-data.ts";

const SHORT = "Run this command in order to set up the Kubernetes control plane";

const WORKFLOW: Workflow<InitData> = {
  name: "init",
  phases: PHASES,
  flags: (names) => initFlags(...names),
  read: (process, given) => InitData.read(process, given),
};

/** `kubeadm init` and its phases (cmd/kubeadm/app/cmd/init.go). */
export const INIT_COMMAND: Command = {
  name: "init",
  short: SHORT,
  long: workflowHelp(SHORT, "init", PHASES),
  flags: initFlags(
    "apiserver-advertise-address",
    "apiserver-bind-port",
    "apiserver-cert-extra-sans",
    "cert-dir",
    "certificate-key",
    "config",
    "control-plane-endpoint",
    "cri-socket",
    "dry-run",
    "feature-gates",
    "ignore-preflight-errors",
    "image-repository",
    "kubernetes-version",
    "node-name",
    "patches",
    "pod-network-cidr",
    "service-cidr",
    "service-dns-domain",
    "skip-certificate-key-print",
    "skip-phases",
    "skip-token-print",
    "token",
    "token-ttl",
    "upload-certs",
  ),
  commands: [phaseCommand(WORKFLOW)],
  run: async ({ process, given }) => {
    const data = await InitData.read(process, given);
    await data.print(`[init] Using Kubernetes version: ${data.cluster.version}`);
    await runPhases(data, PHASES.slice(0, 1));
    // etcd of the simulation cannot begin with nothing.
    throw new NotSimulated("init of a new cluster");
  },
};
