import { command } from "../../cobra/command.ts";
import { bool, text } from "../../cobra/flag.ts";
import { helpError, putEntry, withFields } from "./entry.ts";
import { absolute, embedded } from "./files.ts";

const FLAGS = {
  "certificate-authority": text("File with the certificate of the authority that signed the server's."),
  "embed-certs": bool("Put the certificate into the kubeconfig."),
  "insecure-skip-tls-verify": bool("Do not check the server's certificate."),
  "proxy-url": text("The proxy to reach the server by."),
  server: text("The address of the server."),
  "tls-server-name": text("The name that the server's certificate must have."),
} as const;

export const setCluster = command({
  use: "config set-cluster NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com]",
  summary: "Set a cluster entry in kubeconfig",
  about: "Set a cluster in the kubeconfig. Of a cluster that is there, what is not given stays.",
  examples: "# Its address\nkubectl config set-cluster lab --server=https://172.30.1.2:6443",
  flags: FLAGS,
  complete: async (invocation) => {
    const { args, flags } = invocation;
    if (args.length !== 1) return helpError(invocation, `Unexpected args: [${args.join(" ")}]`);
    if (flags["insecure-skip-tls-verify"] && flags["certificate-authority"] !== "")
      return { error: "you cannot specify a certificate authority and insecure mode at the same time" };
    if (flags["embed-certs"] && flags["certificate-authority"] === "")
      return { error: "you must specify a --certificate-authority to embed" };
    return { name: args[0]! };
  },
  async run({ name }, { flags, given, factory, process }) {
    const authority = flags["certificate-authority"];
    const old = factory.config.starting.clusters.get(name)?.value ?? {};
    const fields: Record<string, unknown> = {};
    for (const flag of ["server", "tls-server-name", "proxy-url"] as const)
      if (given.has(flag)) fields[flag] = flags[flag];
    if (given.has("insecure-skip-tls-verify")) {
      fields["insecure-skip-tls-verify"] = flags["insecure-skip-tls-verify"];
      // Who does not check the server needs no authority.
      if (flags["insecure-skip-tls-verify"])
        Object.assign(fields, { "certificate-authority": "", "certificate-authority-data": "" });
    }
    if (given.has("certificate-authority")) {
      if (flags["embed-certs"])
        Object.assign(fields, {
          "certificate-authority-data": embedded(process, authority, "certificate-authority"),
          "certificate-authority": "",
        });
      else
        Object.assign(fields, {
          "certificate-authority": absolute(process, authority),
          "certificate-authority-data": "",
        });
      if (authority !== "") fields["insecure-skip-tls-verify"] = false;
    }
    putEntry(factory, "clusters", name, { server: "", ...withFields(old, fields) });
    await process.print(`Cluster ${JSON.stringify(name)} set.\n`);
  },
});
