import { CONTAINERD_VERSION } from "../../sim/kube/kubelet/index.ts";
import { loadedNetworks, runtimeStatus } from "./status.ts";
import { OUTPUT, QUIET, TEMPLATE, type Command } from "./command.ts";
import { printStatuses } from "./output.ts";

/** cmd/crictl/info.go */
export const info: Command = {
  name: "info",
  usage: "Display information of the container runtime",
  flags: [{ ...OUTPUT, usage: "Output format, One of: json|yaml|go-template", default: "json" }, QUIET, TEMPLATE],
  clusters: true,
  async run({ process, args, help, ...services }) {
    if (args.operands.length > 0) return help();
    const runtime = await services.runtime();
    const status = { status: runtimeStatus(runtime), ...(args.bool("quiet") ? {} : loadedNetworks(runtime)) };
    await printStatuses(process, [status], args.string("output"), args.string("template"));
  },
};

/** cmd/crictl/version.go */
export const version: Command = {
  name: "version",
  usage: "Display runtime version information",
  flags: [],
  clusters: false,
  async run({ process, args, help, ...services }) {
    if (args.operands.length > 0) return help();
    await services.runtime();
    await process.print(
      `Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  ${CONTAINERD_VERSION}\nRuntimeApiVersion:  v1\n`,
    );
  },
};
