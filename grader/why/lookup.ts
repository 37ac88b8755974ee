import type { AddressLookup, LookupResult } from "../../server/sim/net/index.ts";
import { probe } from "../probe/probe.ts";
import { portsWords } from "../probe/target.ts";
import { commandAt, type Place } from "../scene/place.ts";
import type { Scene } from "../scene/scene.ts";
import { nearest, type Explanation } from "./explanation.ts";
import { explainProbe } from "./explain.ts";

/** Why a name has no address at a place. */
export function explainLookup(scene: Scene, from: Place, name: string, lookup: AddressLookup | undefined): Explanation {
  const see = commandAt(from, `nslookup ${name}`);
  const asked = lookup?.lookup?.asked ?? [];
  const [first] = asked;
  if (!first) return { why: `${from.name} has no name server to ask`, see };
  const silent = asked.find(({ answer }) => typeof answer === "string");
  if (silent && lookup?.failure === "try again") {
    const target = { scheme: "udp" as const, host: silent.server, port: 53, path: "", words: `${silent.server}:53` };
    const { why } = explainProbe(scene, probe(scene, from, target));
    const rest = why === undefined ? "" : `: ${why}`;
    return { why: `name server ${silent.server} ${silenceWords(silent.answer as string)}${rest}`, see };
  }
  const last = asked.at(-1)!;
  if (typeof last.answer !== "string" && lookup?.failure === "try again")
    return { why: `name server ${last.server} answers ${last.answer.rcode} for ${bare(last.name)}`, see };
  const more = asked.length > 1 ? ` (and ${asked.length - 1} more)` : "";
  const hint = nameHint(scene, from, name);
  return {
    why: `name server ${first.server} knows no ${bare(first.name)}${more}${hint === undefined ? "" : `; ${hint}`}`,
    see,
  };
}

/** What came of each question, for the report's evidence. */
export function lookupText({ asked }: Pick<LookupResult, "asked">): string {
  return asked
    .map(({ server, name, type, answer }) => {
      const words =
        typeof answer === "string"
          ? answer
          : answer.rcode === "NOERROR"
            ? `${answer.answers.length} answer${answer.answers.length === 1 ? "" : "s"}`
            : answer.rcode;
      return `${server}: ${bare(name)} ${type}: ${words}`;
    })
    .join("\n");
}

function silenceWords(answer: string): string {
  if (answer === "refused") return "refuses the question";
  return answer === "unreachable" ? "cannot be reached" : "does not answer";
}

function bare(name: string): string {
  return name.replace(/\.$/, "");
}

/** The Service that may have been meant. */
function nameHint(scene: Scene, from: Place, name: string): string | undefined {
  if (!scene.hasCluster) return undefined;
  const port = /^_([^.]+)\._(tcp|udp|sctp)\.(.+)$/.exec(bare(name));
  const [first = "", namespace, third] = (port?.[3] ?? bare(name)).split(".");
  // SERVICE, SERVICE.NAMESPACE and what begins with SERVICE.NAMESPACE.svc; other names are of no Service.
  if (third !== undefined && third !== "svc") return undefined;
  const services = scene.objects.services();
  if (!from.pod) {
    const known = services.some(({ metadata }) => metadata.name === first && metadata.namespace === namespace);
    return known
      ? `names of Services are known to the cluster's own name server, which ${from.name} does not ask`
      : undefined;
  }
  const own = from.pod.metadata.namespace ?? "";
  const there = services.filter(({ metadata }) => metadata.namespace === (namespace ?? own));
  const service = there.find(({ metadata }) => metadata.name === first);
  if (service && port) {
    const { spec } = service;
    const named = spec.ports?.some(
      (each) => each.name === port[1] && (each.protocol ?? "TCP").toLowerCase() === port[2],
    );
    return named
      ? undefined
      : `no ${port[2]!.toUpperCase()} port of Service ${first} is called ${port[1]!}: it has ${portsWords(spec.ports)}`;
  }
  if (service) return undefined;
  const elsewhere = services.find(({ metadata }) => metadata.name === first)?.metadata;
  if (elsewhere) return `Service ${first} is in namespace ${elsewhere.namespace ?? ""}`;
  const similar = nearest(
    first,
    there.map(({ metadata }) => metadata.name),
  );
  if (similar !== undefined) return `there is a Service ${similar}`;
  if (namespace !== undefined && third === undefined) {
    const headless = services.find((each) => each.metadata.name === namespace && each.metadata.namespace === own);
    if (headless) return `Service ${namespace} has no ready endpoint called ${first}`;
    const empty = there.length === 0 && scene.objects.pods(namespace).length === 0;
    if (empty) return `there is neither a Service ${first} in namespace ${namespace} nor a Service ${namespace}`;
  }
  return `there is no Service ${first} in namespace ${namespace ?? own}`;
}
