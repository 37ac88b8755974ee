import { decided, namespaceOf } from "../../net/index.ts";
import type { Exchange } from "./exchange.ts";

/** Tells traces where a request was passed to, and by which object of the cluster, if that stands in the configuration. */
export function tellDecision(exchange: Exchange): void {
  const { connection, server, place, reply, upstream } = exchange;
  const known = (name: string): string => exchange.variables.get(name) ?? "";
  const controlled = exchange.variables.has("ingress_name");
  // Only NGINX Gateway Fabric has this module; its configuration does not name the routes that it is made of.
  const fabric = exchange.config.js.handlers.has("httpmatches.redirect");
  if (!upstream && !controlled && !fabric) return;
  decided(namespaceOf(connection.self), "nginx", () => {
    const name = server.names.map(({ source }) => source).join(" ");
    const asked = `server ${name === "" ? '""' : name}, location ${place.match?.name ?? "/"}`;
    const passed = upstream ? `: passed to ${upstream.addr}` : "";
    const what = `${asked}${passed}, answers ${reply.status}`;
    if (fabric) {
      const location = place.match && `${place.match.kind === "exact" ? "= " : ""}${place.match.name}`;
      const { port } = connection.context.local;
      return { what, place: { server: name, port, location, upstream: exchange.proxyHost?.host, host: exchange.host, path: exchange.raw.uri } }; // prettier-ignore
    }
    if (!controlled) return { what };
    const service = known("service_name");
    if (service === "") {
      const host = exchange.host === "" ? "" : ` host ${exchange.host} and`;
      return {
        what,
        kubernetes: `no Ingress of this controller has a rule for${host} path ${exchange.uri}: the default backend answers`,
      };
    }
    const [namespace, ingress, path] = ["namespace", "ingress_name", "location_path"].map(known);
    const backend = `Service ${namespace}/${service}:${known("service_port")}`;
    return { what, kubernetes: `Ingress ${namespace}/${ingress} path ${path}: ${backend}` };
  });
}
