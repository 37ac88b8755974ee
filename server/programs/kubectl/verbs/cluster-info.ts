import type { Service } from "../../../sim/kube/api/index.ts";
import { command } from "../cobra/command.ts";
import { typesAndNames } from "../resource/arguments.ts";
import { findResources } from "../resource/builder.ts";

/** Services that the cluster comes with, at the addresses where its server hands requests on (kubectl pkg/cmd/clusterinfo). */
export const clusterInfo = command({
  use: "cluster-info [flags]",
  summary: "Display cluster information",
  about:
    "Display the addresses of the control plane and of services with the label kubernetes.io/cluster-service=true.",
  examples: "# The cluster's addresses\nkubectl cluster-info",
  flags: {},
  subcommands: [
    {
      name: "dump",
      summary: "Dump relevant information for debugging and diagnosis",
      load: async () => (await import("./cluster-info-dump.ts")).clusterInfoDump,
    },
  ],
  complete: () => ({}),
  async run(_, { factory, process }) {
    const { server } = await factory.config.rest();
    const { explicit, name } = factory.config.namespace();
    try {
      const result = await findResources(factory, {
        namespace: explicit ? name : "kube-system",
        labels: "kubernetes.io/cluster-service=true",
        selection: await typesAndNames(["services"], () => factory.mapper()),
        latest: true,
        flatten: true,
      });
      const infos = await result.all();
      await line("Kubernetes control plane", server);
      for (const { object } of infos) {
        const { metadata, spec, status } = object as unknown as Service;
        const [ingress] = status.loadBalancer?.ingress ?? [];
        const [port] = spec.ports ?? [];
        const called = metadata.labels?.["kubernetes.io/name"] || metadata.name;
        if (ingress) {
          const host = ingress.ip || ingress.hostname || "";
          await line(called, (spec.ports ?? []).map((one) => `http://${host}:${one.port}`).join(" "));
          continue;
        }
        const isTls = port?.name === "https" || port?.port === 443;
        const scheme = isTls ? "https:" : "";
        const name_ = port?.name
          ? `${scheme}${metadata.name}:${port.name}`
          : isTls
            ? `${scheme}${metadata.name}:`
            : metadata.name;
        await line(called, `${server}/api/v1/namespaces/${metadata.namespace!}/services/${name_}/proxy`);
      }
    } finally {
      if (!process.ended)
        await process.print("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n");
    }

    async function line(what: string, where: string): Promise<void> {
      await process.print(
        process.isTty(1)
          ? `\u001b[0;32m${what}\u001b[0m is running at \u001b[0;33m${where}\u001b[0m\n`
          : `${what} is running at ${where}\n`,
      );
    }
  },
});
