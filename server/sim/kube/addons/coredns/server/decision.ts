import { decided, type DnsMessage } from "../../../../net/index.ts";
import { parseRequest } from "../kubernetes/request.ts";
import type { Query } from "../query.ts";
import type { Instance } from "./instance.ts";

/** Tells traces which plugin answered a query, with what, and which Service that is. */
export function tellDecision(instance: Instance, query: Query, reply: DnsMessage | undefined): void {
  decided(instance.ns, "CoreDNS", () => {
    const { qname, type } = query;
    const { answered } = query.trail;
    const answers = (reply?.answers ?? []).map((record) => ("address" in record ? record.address : record.type));
    const result = !reply ? "no answer" : answers.length > 0 ? answers.join(", ") : reply.rcode === "NOERROR" ? "no such record" : reply.rcode; // prettier-ignore
    const by = answered === undefined ? "no plugin" : `plugin ${answered.plugin}`;
    const what = `${qname.replace(/\.$/, "")} ${type}: ${result} (${by})`;
    const zone = answered?.zone;
    const request = zone === undefined ? undefined : parseRequest(query.name, zone.toLowerCase());
    if (request?.kind !== "svc" || request.service === "") return { what };
    const missing = reply?.rcode === "NXDOMAIN" ? "there is no " : "";
    // The name of an endpoint or port: which of them is missing is not told.
    if (missing !== "" && (request.endpoint !== "" || request.port !== "")) return { what };
    return { what, kubernetes: `${missing}Service ${request.namespace}/${request.service}` };
  });
}
