import type { Hosts } from "../../../host/index.ts";
import { GO_CIPHERS, networkOfHosts } from "../../../net/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { kubeletApi } from "./api.ts";

/** Names of the kubelet's applications; their sockets' args say on which machine it is. */
export const KUBELET_API = "kubelet";
export const HEALTHZ = "kubelet-healthz";

export interface KubeletSocket {
  readonly machine: string;
}

const TEXT = [["Content-Type", "text/plain; charset=utf-8"]] as const;

/** Binds what answers at the kubelet's ports: its health, and its API, which wants to know who asks. */
export function serveKubelet(hosts: Hosts, of: (machine: string) => Kubelet): void {
  const network = networkOfHosts(hosts);
  const respond = (status: number, reason: string, body: string) => ({
    status,
    reason,
    headers: [...TEXT, ["Content-Length", String(body.length)] as [string, string]],
    body,
  });
  network.serve(HEALTHZ, {
    http: ({ target }) =>
      target.split("?")[0] === "/healthz"
        ? respond(200, "OK", "ok")
        : respond(404, "Not Found", "404 page not found\n"),
  });
  network.serve(KUBELET_API, {
    tls(_hello, context) {
      const kubelet = of((context.args as KubeletSocket).machine);
      const pem = kubelet.host.readText("/var/lib/kubelet/pki/kubelet.crt");
      if (pem === undefined) return { alert: "internal_error" };
      const authority = kubelet.host.readText(kubelet.running.settings.clientCa);
      return {
        chain: [pem],
        alpn: "h2",
        ciphers: GO_CIPHERS,
        requestsCertificate: true,
        clientAuthorities: authority === undefined ? [] : [authority],
      };
    },
    http(request, context) {
      if (!context.tls)
        return {
          status: 400,
          reason: "Bad Request",
          version: "HTTP/1.0",
          headers: [],
          body: "Client sent an HTTP request to an HTTPS server.\n",
          close: "fin",
        };
      const kubelet = of((context.args as KubeletSocket).machine);
      return kubelet.row ? kubeletApi(kubelet, request, context) : { close: "reset" };
    },
  });
}
