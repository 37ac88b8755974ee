import { decode, encode } from "../../../../kernel/index.ts";
import type { DaemonProcess, Hosts } from "../../../../host/index.ts";
import { namespaceOf, openSocket, type Application } from "../../../../net/index.ts";
import { goError, goResponse, type GoAnswer } from "../../../../images/index.ts";
import type { Ingress } from "../../../api/index.ts";
import { checkIngress } from "../check-ingress.ts";
import { logOf, type Controller, type RunningControllers } from "../running.ts";
import { processOf } from "./health.ts";

export const WEBHOOK = "nginx-ingress-controller-webhook";

/** Opens the port that `--validating-webhook` names; why it cannot, in Go's words. */
export function openWebhook(self: DaemonProcess, address: string): string | undefined {
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(address) ?? [];
  const opened = openSocket(namespaceOf(self), {
    protocol: "tcp",
    address: host === "" ? "::" : host,
    port: Number(port),
    backlog: 4096,
    pid: self.pid,
    uid: self.uid,
    application: WEBHOOK,
    args: { host: self.host.name, pid: self.pid },
  });
  return opened.ok ? undefined : `listen tcp ${address}: bind: address already in use`;
}

const CHAIN = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n?/g;

/** Reviews of Ingresses, as JSON (internal/admission/controller). */
export function webhookApplication(hosts: Hosts, running: RunningControllers): Application {
  return {
    tls(_hello, context) {
      const self = processOf(hosts, context);
      const row = self && running.find(`${self.host.machine.name}/${self.pid}`)?.row;
      const pem = row && self.host.readText(row.options.text["validating-webhook-certificate"]);
      const chain = pem?.match(CHAIN);
      return chain ? { chain, alpn: "h2" } : { alert: "internal_error" };
    },
    http(request, context) {
      const self = processOf(hosts, context);
      const controller = self && running.find(`${self.host.machine.name}/${self.pid}`);
      if (!controller) return { close: "reset" };
      if (!context.tls)
        return goResponse(request, hosts.kernel.now, goError(400, "Client sent an HTTP request to an HTTPS server."));
      return goResponse(request, hosts.kernel.now, review(controller, decode(request.body)));
    },
  };
}

interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  readonly request: {
    readonly uid: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly object: Ingress;
  };
}

function review(controller: Controller, text: string): GoAnswer {
  const log = logOf(controller.self);
  let asked: Review;
  try {
    asked = JSON.parse(text) as Review;
  } catch {
    log("E", "server.go:76", '"Failed to decode request body"');
    return goError(400, "Failed to decode request body");
  }
  const { uid, object } = asked.request;
  const name = `${asked.request.namespace ?? ""}/${asked.request.name ?? object.metadata.name}`;
  const problem = checkIngress(controller, object);
  if (problem === undefined)
    log("I", "main.go:107", `"successfully validated configuration, accepting" ingress="${name}"`);
  else log("E", "main.go:96", `"invalid ingress configuration" err=${JSON.stringify(problem)} ingress="${name}"`);
  const response =
    problem === undefined
      ? { uid, allowed: true }
      : { uid, allowed: false, status: { metadata: {}, status: "Failure", message: problem, reason: "BadRequest", code: 400 } }; // prettier-ignore
  const { apiVersion, kind } = asked;
  return {
    headers: [["Content-Type", "application/json"]],
    body: encode(JSON.stringify({ kind, apiVersion, response })),
  };
}
