import { names, type JsonObject } from "../../../../sim/kube/api/index.ts";
import { group } from "../../cobra/command.ts";
import { integer, list, text } from "../../cobra/flag.ts";
import { isFailure, quote, type Failure } from "../../output/index.ts";
import { generator, type GeneratorInput } from "./generator.ts";
import { objectMeta } from "./meta.ts";

const MAPPING = { group: "", version: "v1", resource: "services", kind: "Service", namespaced: true };
const TCP = list("PORT, or PORT:TARGET with a number or a name. May be given several times.");

type Type = "ClusterIP" | "NodePort" | "LoadBalancer" | "ExternalName";

interface Parts {
  readonly tcp: readonly string[];
  readonly clusterIp?: string;
  readonly externalName?: string;
  readonly nodePort?: number;
}

function serviceObject(
  { name, namespace }: Pick<GeneratorInput<never>, "name" | "namespace">,
  type: Type,
  parts: Parts,
): JsonObject | Failure {
  const { tcp, clusterIp = "", externalName = "", nodePort = 0 } = parts;
  const ports: JsonObject[] = [];
  for (const spec of tcp) {
    const port = parsePorts(spec);
    if (isFailure(port)) return port;
    ports.push({
      name: spec.replaceAll(":", "-"),
      protocol: "TCP",
      port: port.port,
      targetPort: port.target,
      ...(nodePort === 0 ? {} : { nodePort }),
    });
  }
  const labels = { app: name };
  return {
    kind: "Service",
    apiVersion: "v1",
    metadata: objectMeta(name, { namespace, labels }),
    spec: {
      ...(ports.length > 0 ? { ports } : {}),
      selector: labels,
      ...(clusterIp === "" ? {} : { clusterIP: clusterIp }),
      type,
      ...(externalName === "" ? {} : { externalName }),
    },
    status: { loadBalancer: {} },
  };
}

/** PORT[:TARGET] (kubectl pkg/cmd/create/create_service.go parsePorts). */
function parsePorts(spec: string): { readonly port: number; readonly target: number | string } | Failure {
  const parts = spec.split(":");
  const port = parsePort(parts[0]!);
  if (isFailure(port)) return port;
  if (parts.length === 1) return { port, target: port };
  const target = parts[1]!;
  // As strconv.Atoi reads a number; what is none is a name.
  if (/^[+-]?\d{1,18}$/.test(target)) {
    const number = Number(target);
    const wrong = names.portNumber(number);
    return wrong.length > 0 ? { error: wrong.join(",") } : { port, target: number };
  }
  const wrong = names.portName(target);
  return wrong.length > 0 ? { error: wrong.join(",") } : { port, target };
}

function parsePort(word: string): number | Failure {
  if (!/^\d+$/.test(word)) return { error: `strconv.ParseUint: parsing ${quote(word)}: invalid syntax` };
  const port = Number(word);
  if (port > 65_535) return { error: `strconv.ParseUint: parsing ${quote(word)}: value out of range` };
  return port;
}

const NO_PORT: Failure = { error: "at least one tcp port specifier must be provided" };

const clusterIp = generator({
  use: "create service clusterip NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]",
  summary: "Create a ClusterIP service",
  about: "Create a ClusterIP service. It selects the pods with the label app=NAME.",
  examples: `# A service
kubectl create service clusterip web --tcp=80:8080

# A headless one
kubectl create service clusterip db --clusterip="None"`,
  flags: { clusterip: text("The address of the service; None makes it headless."), tcp: TCP },
  mapping: MAPPING,
  failure: "failed to create ClusterIP service: ",
  build(input) {
    const { clusterip, tcp } = input.flags;
    if (clusterip !== "None" && tcp.length === 0) return NO_PORT;
    return serviceObject(input, "ClusterIP", { tcp, clusterIp: clusterip });
  },
});

const nodePort = generator({
  use: "create service nodeport NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
  summary: "Create a NodePort service",
  about: "Create a NodePort service. It selects the pods with the label app=NAME.",
  examples: "# On every node's port 30080\nkubectl create service nodeport web --tcp=80:8080 --node-port=30080",
  flags: { "node-port": integer("The port on every node.", 0), tcp: TCP },
  mapping: MAPPING,
  failure: "failed to create NodePort service: ",
  build(input) {
    const { tcp } = input.flags;
    if (tcp.length === 0) return NO_PORT;
    return serviceObject(input, "NodePort", { tcp, nodePort: input.flags["node-port"] });
  },
});

const loadBalancer = generator({
  use: "create service loadbalancer NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
  summary: "Create a LoadBalancer service",
  about: "Create a LoadBalancer service. It selects the pods with the label app=NAME.",
  examples: "# A service\nkubectl create service loadbalancer web --tcp=80:8080",
  flags: { tcp: TCP },
  mapping: MAPPING,
  failure: "failed to create LoadBalancer service: ",
  build: (input) =>
    input.flags.tcp.length === 0 ? NO_PORT : serviceObject(input, "LoadBalancer", { tcp: input.flags.tcp }),
});

const externalName = generator({
  use: "create service externalname NAME --external-name external.name [--dry-run=server|client|none]",
  summary: "Create an ExternalName service",
  about: "Create an ExternalName service: a name in the cluster for one outside of it.",
  examples: "# A name\nkubectl create service externalname db --external-name=db.example.org",
  flags: { "external-name": text("The name outside."), tcp: TCP },
  required: ["external-name"],
  mapping: MAPPING,
  failure: "failed to create ExternalName service: ",
  build(input) {
    const { tcp, "external-name": name } = input.flags;
    if (names.subdomain(name).length > 0) return { error: `invalid service external name ${name}` };
    return serviceObject(input, "ExternalName", { tcp, externalName: name });
  },
});

const entry = (name: string, summary: string, command: typeof clusterIp) => ({
  name,
  summary,
  load: () => Promise.resolve(command),
});

export const service = group({
  helpOnError: true,
  use: "create service [flags]",
  summary: "Create a service using a specified subcommand",
  about: "Create a service with one of the subcommands below.",
  aliases: ["svc"],
  subcommands: [
    entry("clusterip", "Create a ClusterIP service", clusterIp),
    entry("externalname", "Create an ExternalName service", externalName),
    entry("loadbalancer", "Create a LoadBalancer service", loadBalancer),
    entry("nodeport", "Create a NodePort service", nodePort),
  ],
});
