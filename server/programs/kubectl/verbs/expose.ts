import type { JsonObject } from "../../../sim/kube/api/index.ts";
import { command, type Invocation } from "../cobra/command.ts";
import { bool, text, type ValuesOf } from "../cobra/flag.ts";
import { GoError } from "../errors/go-error.ts";
import { isFailure, type Failure } from "../output/index.ts";
import { canBeExposed, portsOf, selectorOf } from "../polymorphic/exposed.ts";
import { DRY_RUN, dryRunOf, operationOf, type DryRun } from "../printing/dry-run.ts";
import { emit } from "../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS, type ObjectPrinter } from "../printing/print-flags.ts";
import { causeOf, RECORD, withCause } from "../printing/record.ts";
import { withLastApplied } from "../patch/last-applied.ts";
import { OVERRIDE_FLAGS, overridden } from "../patch/overrides.ts";
import { resourcesAskedFor } from "../resource/asked-for.ts";
import { FILENAME_FLAGS } from "../resource/filename-flags.ts";
import { metadataOf, withNamespace, type Info } from "../resource/info.ts";
import { objectMeta } from "./create/meta.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  ...OVERRIDE_FLAGS,
  record: RECORD,
  "cluster-ip": text("The address of the service; None makes it headless."),
  "dry-run": DRY_RUN,
  "external-ip": text("A further address under which the service is reached."),
  "field-manager": text("The name under which the change is tracked.", { initial: "kubectl-expose" }),
  labels: text("The labels of the service: KEY=VALUE,…", { shorthand: "l" }),
  "load-balancer-ip": text("The address that a load balancer shall have."),
  name: text("The name of the service."),
  port: text("The port of the service; those of the thing if it is not given."),
  protocol: text("The protocol: TCP, UDP or SCTP."),
  "save-config": bool("Keep the object as it is sent in an annotation, for a later apply."),
  selector: text("The labels of the pods, if they are not to be found out: KEY=VALUE,…"),
  "session-affinity": text("None or ClientIP."),
  "target-port": text("The port of the pods, by number or name."),
  type: text("ClusterIP, NodePort, LoadBalancer or ExternalName."),
} as const;

interface Options {
  readonly dryRun: DryRun;
  readonly printer: ObjectPrinter;
}

const SERVICES = { group: "", version: "v1", resource: "services", kind: "Service", namespaced: true };
const MAX_NAME = 63;

export const expose = command({
  use: "expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]",
  summary: "Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service",
  about:
    "Expose a deployment, service, replica set, replication controller or pod as a new service.\n\n The service selects the same pods; without --port it has the ports that their containers declare.",
  examples: `# A service for a deployment
kubectl expose deployment web --port=80 --target-port=8080

# On a port of every node
kubectl expose deployment web --port=80 --type=NodePort --name=web-np`,
  flags: FLAGS,
  arguments: { kind: "resources", types: ["pod", "service", "replicationcontroller", "deployment", "replicaset"] },
  complete,
  run,
});

async function complete({ flags, process }: Invocation<typeof FLAGS>): Promise<Options | Failure> {
  const dryRun = await dryRunOf(process, flags["dry-run"]);
  if (isFailure(dryRun)) return dryRun;
  const printer = objectPrinter(process, flags, {
    operation: operationOf("exposed", dryRun),
    typed: dryRun === "client",
  });
  return isFailure(printer) ? printer : { dryRun, printer };
}

async function run({ dryRun, printer }: Options, invocation: Invocation<typeof FLAGS>): Promise<void> {
  const { flags, args, factory, process } = invocation;
  factory.config.checkNamed();
  const { name: namespace, explicit } = factory.config.namespace();
  const result = await resourcesAskedFor(
    { args, factory, flags },
    { labels: undefined, continueOnError: true, typed: true },
  );
  await result.visit(async (info) => {
    const made = serviceFor(info, flags);
    if (isFailure(made)) throw new GoError(made.error);
    const overruled = overridden(SERVICES, made, flags);
    if (isFailure(overruled)) throw new GoError(overruled.error);
    const changed = withCause(overruled, causeOf(invocation));
    if (dryRun === "client")
      return emit(process, printer.print(explicit ? withNamespace(changed, namespace) : changed));
    const helper = await factory.helper();
    const body = flags["save-config"] ? withLastApplied(changed, { keepOrder: true }) : changed;
    const created = await helper.create({ mapping: SERVICES, namespace }, body, {
      fieldManager: flags["field-manager"],
      dryRun: dryRun === "server",
    });
    await emit(process, printer.print(created));
  });
}

/** The service for a thing, as a Go struct (kubectl pkg/cmd/expose/expose.go). */
function serviceFor({ mapping, name, object }: Info, flags: ValuesOf<typeof FLAGS>): JsonObject | Failure {
  const cannot = canBeExposed(mapping);
  if (cannot) return cannot;
  const selector = flags.selector === "" ? selectorOf(object!) : parseLabels(flags.selector);
  if (isFailure(selector))
    return flags.selector === ""
      ? { error: `couldn't retrieve selectors via --selector flag or introspection: ${selector.error}` }
      : selector;
  if (Object.keys(selector).length === 0) return { error: "selector must be specified" };
  const headless = flags["cluster-ip"] === "None";
  const ports = servicePorts(object!, flags);
  if (!Array.isArray(ports)) return ports;
  if (ports.length === 0 && !headless) return { error: "couldn't find port via --port flag or introspection" };
  const labels = flags.labels === "" ? ((metadataOf(object)["labels"] ?? {}) as JsonObject) : parseLabels(flags.labels);
  if (isFailure(labels)) return labels;
  const affinity = flags["session-affinity"];
  if (affinity !== "" && affinity !== "None" && affinity !== "ClientIP")
    return { error: `unknown session affinity: ${affinity}` };
  const externalIp = flags["external-ip"];
  return {
    kind: "Service",
    apiVersion: "v1",
    metadata: objectMeta((flags.name === "" ? name : flags.name).slice(0, MAX_NAME), {
      labels: sorted(labels),
    }),
    spec: {
      ...(ports.length > 0 ? { ports } : {}),
      selector: sorted(selector),
      ...(flags["cluster-ip"] === "" ? {} : { clusterIP: flags["cluster-ip"] }),
      ...(flags.type === "" ? {} : { type: flags.type }),
      ...(externalIp === "" ? {} : { externalIPs: [externalIp] }),
      ...(affinity === "" ? {} : { sessionAffinity: affinity }),
      ...(flags.type === "LoadBalancer" && flags["load-balancer-ip"] !== ""
        ? { loadBalancerIP: flags["load-balancer-ip"] }
        : {}),
    },
    status: { loadBalancer: {} },
  };
}

function servicePorts(object: JsonObject, flags: ValuesOf<typeof FLAGS>): JsonObject[] | Failure {
  const known = portsOf(object);
  const numbers = flags.port === "" ? [...new Set(known.map(({ port }) => port))] : flags.port.split(",");
  const ports: JsonObject[] = [];
  for (const [at, number] of numbers.entries()) {
    if (!/^[+-]?\d+$/.test(number)) return { error: `strconv.Atoi: parsing ${JSON.stringify(number)}: invalid syntax` };
    const name = numbers.length > 1 ? `port-${at + 1}` : "";
    const own = known.filter(({ port }) => port === number).map(({ protocol }) => protocol);
    const protocols = flags.protocol !== "" ? [flags.protocol] : own.length > 0 ? [...new Set(own)] : ["TCP"];
    for (const protocol of protocols) {
      const called = protocols.length > 1 ? `${name === "" ? `port-${at + 1}` : name}-${protocol.toLowerCase()}` : name;
      ports.push({
        ...(called === "" ? {} : { name: called }),
        protocol,
        port: Number(number),
        targetPort: Number(number),
      });
    }
  }
  const target = flags["target-port"];
  if (target === "") return ports;
  return ports.map((port) => ({ ...port, targetPort: /^\d+$/.test(target) ? Number(target) : target }));
}

/** KEY=VALUE,… (kubectl pkg/cmd/expose ParseLabels) */
export function parseLabels(text: string): JsonObject | Failure {
  if (text === "") return { error: "no label spec passed" };
  const labels: JsonObject = {};
  for (const pair of text.split(",")) {
    const parts = pair.split("=");
    if (parts.length !== 2) return { error: `unexpected label spec: ${pair}` };
    if (parts[0] === "") return { error: "unexpected empty label key" };
    labels[parts[0]!] = parts[1]!;
  }
  return labels;
}

function sorted(map: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
