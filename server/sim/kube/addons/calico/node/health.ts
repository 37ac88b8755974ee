import type { Hosts } from "../../../../host/index.ts";
import { networkOfHosts } from "../../../../net/index.ts";
import { goError, goResponse } from "../../../../images/index.ts";
import { felixesOf } from "../felix/index.ts";
import type { CalicoNodes } from "./calico-nodes.ts";

export const FELIX_HEALTH = "calico-felix-health";
export const FELIX_PORT = 9099;

/** Felix's health: it is live as long as it runs, and ready once the data plane is in step. */
export function bindHealth(hosts: Hosts, nodes: CalicoNodes): void {
  networkOfHosts(hosts).serve(FELIX_HEALTH, {
    http(request, context) {
      const { host } = context.args as { readonly host: string };
      const row = nodes.inHost(host);
      if (!row) return { close: "reset" };
      const path = request.target.replace(/\?.*/, "");
      if (path !== "/readiness" && path !== "/liveness")
        return goResponse(request, context.now, goError(404, "404 page not found"));
      const self = nodes.process(row);
      const fine = path === "/liveness" || (self !== undefined && felixesOf(hosts).ready(self));
      return goResponse(request, context.now, { status: fine ? 200 : 503, body: "" });
    },
  });
}
