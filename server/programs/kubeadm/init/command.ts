import type { Command } from "../cobra/index.ts";
import { NotSimulated } from "../failure.ts";
import { initFlags } from "./flags.ts";
import { PHASE_COMMAND, PHASES, runOne, type Phase } from "./phases.ts";
import { InitData } from "./run-data.ts";

/** `kubeadm init` and its phases (cmd/kubeadm/app/cmd/init.go). */
export const INIT_COMMAND: Command = {
  name: "init",
  short: "Run this command in order to set up the Kubernetes control plane",
  long: `Run this command in order to set up the Kubernetes control plane

The "init" command executes the following phases:
\`\`\`
${workflow(PHASES)}
\`\`\``,
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
  commands: [PHASE_COMMAND],
  run: async ({ process, given }) => {
    const data = await InitData.read(process, given);
    await data.print(`[init] Using Kubernetes version: ${data.cluster.version}`);
    const [preflight] = PHASES;
    if (!data.configuration.skippedPhases.includes("preflight")) await runOne(data, preflight!, "preflight");
    // etcd of the simulation cannot begin with nothing.
    throw new NotSimulated("init of a new cluster");
  },
};

/** The phases with their steps, the short words below each other. */
function workflow(phases: readonly Phase[]): string {
  const lines = phases.flatMap(({ name, short, steps = [] }) => [
    ["", name, short] as const,
    ...steps.map((step) => ["  ", `/${step.name}`, step.short] as const),
  ]);
  const width = Math.max(...lines.map(([, name]) => name.length)) + 2;
  return lines.map(([indent, name, short]) => indent + name.padEnd(width) + short).join("\n");
}
