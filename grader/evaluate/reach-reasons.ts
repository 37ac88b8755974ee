import { findInPath, ROOT } from "../../server/sim/host/index.ts";
import type { Outcome, Source } from "../checks/names.ts";
import type { ReachSpec } from "../checks/reach-spec.ts";
import type { Probe } from "../probe/probe.ts";
import type { Target } from "../probe/target.ts";
import type { Finding } from "../result.ts";
import { commandAt, scriptAt, type Place } from "../scene/place.ts";
import type { Scene } from "../scene/scene.ts";
import { explainProbe } from "../why/explain.ts";
import { sentence, type Explanation } from "../why/explanation.ts";
import { explainIngress } from "../why/ingress.ts";
import { explainLookup } from "../why/lookup.ts";
import { podTrouble } from "../why/pod.ts";
import { openWords } from "../why/policy.ts";
import { explainProxy } from "../why/program.ts";
import { serviceAt } from "../why/service.ts";

/** There is no Pod to start from, or none that runs. */
export function nobody(scene: Scene, source: Source): { readonly none: string } & Explanation {
  if (typeof source === "string" || "host" in source) return { none: scene.absent(source) };
  const { namespace } = source;
  if ("pod" in source) {
    const pod = scene.objects.pod(namespace, source.pod);
    const trouble = pod && podTrouble(pod);
    return {
      none: `Pod ${source.pod} in namespace ${namespace} ${pod ? (trouble ?? "has no running container") : "does not exist"}`,
    };
  }
  const pods = "pods" in source ? scene.objects.podsOf(namespace, source.pods) : scene.objects.pods(namespace);
  const which = "pods" in source ? `no Pod with ${source.pods}` : "no Pod";
  const [first] = pods;
  if (!first)
    return { none: `${which} in namespace ${namespace}`, see: `kubectl -n ${namespace} get pods --show-labels` };
  const trouble = podTrouble(first) ?? "has no running container";
  return {
    none: `${which} runs in namespace ${namespace}`,
    why: `Pod ${first.metadata.name} ${trouble}`,
    see: `kubectl -n ${namespace} describe pod ${first.metadata.name}`,
  };
}

/** Why an attempt did not go as expected. */
export function explainFailure(scene: Scene, failed: Probe, expected: Outcome, asked: string | undefined): Explanation {
  const { outcome, from, target, lookup } = failed;
  if (outcome === "name not found") return explainLookup(scene, from, target.host, lookup);
  const open = outcome === "connected" && expected !== "connected" ? openBecause(scene, failed) : undefined;
  if (open) return open;
  const ingress = explainIngress(scene, failed, asked);
  if (ingress) return ingress;
  const proxied = outcome === "connected" ? explainProxy(failed) : undefined;
  if (proxied) return proxied;
  // Somebody answers, but not what was expected: on a node port it may be somebody else.
  if (outcome === "connected" && lookup?.lookup === undefined) return owner(scene, failed) ?? {};
  return explainProbe(scene, failed);
}

/** The Service whose address or node port was asked. */
function owner(scene: Scene, { address = "", target }: Probe): Explanation | undefined {
  const found = serviceAt(scene, address, target.port, target.scheme === "udp" ? "UDP" : "TCP");
  if (!found) return undefined;
  const { metadata, spec } = found.service;
  const what = found.nodePort ? `node port ${target.port}` : address;
  return {
    why: `${what} belongs to Service ${metadata.namespace ?? ""}/${metadata.name} (type ${spec.type ?? "ClusterIP"})`,
    see: `kubectl -n ${metadata.namespace ?? ""} get service ${metadata.name}`,
  };
}

export function explained({ why, see }: Explanation): Pick<Finding, "why" | "see"> {
  return { ...(why === undefined ? {} : { why: sentence(why) }), ...(see === undefined ? {} : { see }) };
}

/** Which NetworkPolicies let through what should not come through; a node port is its Service's own doing. */
function openBecause(scene: Scene, came: Probe): Explanation | undefined {
  const { address = "", target } = came;
  const found = serviceAt(scene, address, target.port, target.scheme === "udp" ? "UDP" : "TCP");
  return found?.nodePort ? undefined : openWords(scene, came);
}

/** Why something is open that should not be: no policy stands in the way, or whose address it is. */
export function explainOpen(scene: Scene, open: Probe, asked: Asked = {}): Explanation {
  return openBecause(scene, open) ?? owner(scene, open) ?? { see: seeOf(open, asked) };
}

/** That there is nobody to start from, in words. */
export function describeNobody(scene: Scene, source: Source): string {
  return nobody(scene, source).none;
}

/** What else is asked for with a URL. */
type Asked = Pick<ReachSpec, "host" | "headers" | "insecure">;

/** The command that a learner would have tried it with. */
export function seeOf({ from, target }: Probe, asked: Asked = {}): string {
  const { scheme, host, port } = target;
  if (scheme === "icmp") return commandAt(from, `ping -c 1 ${host}`);
  if (scheme === "http" || scheme === "https") {
    const command = webCommand(from, target, asked);
    return from.pod ? commandAt(from, command) : scriptAt(from, command);
  }
  return commandAt(from, `nc -zv${scheme === "udp" ? "u" : ""} -w 2 ${host} ${port}`);
}

function webCommand(from: Place, { scheme, host, port, path, name, words }: Target, asked: Asked): string {
  const has = (program: string): boolean =>
    findInPath(from.host, program, undefined, { ...ROOT, cwd: "/" }) !== undefined;
  const curl = `curl -sS${asked.insecure ? "k" : ""} -m 2`;
  const fields = Object.entries(asked.headers ?? {}).map(([field, value]) => `${field}: ${value}`);
  const options = (flag: string, all: readonly string[]): string => all.map((each) => `${flag} '${each}' `).join("");
  // TLS asks for the name, too: a header alone would not do.
  const named = name ?? (scheme === "https" ? asked.host : undefined);
  if (named !== undefined)
    return `${curl} ${options("-H", fields)}--connect-to ${named}::${host}:${port} ${scheme}://${named}${path}`;
  const usual = port === (scheme === "https" ? 443 : 80);
  const url = words.includes("://") ? words : `${scheme}://${host}${usual ? "" : `:${port}`}${path}`;
  const all = [...(asked.host === undefined ? [] : [`Host: ${asked.host}`]), ...fields];
  if (from.pod && !has("curl")) return `wget -qO- -T 2 ${options("--header", all)}${url}`;
  return `${curl} ${options("-H", all)}${url}`;
}
