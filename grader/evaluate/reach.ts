import { findInPath, ROOT } from "../../server/sim/host/index.ts";
import type { Source } from "../checks/names.ts";
import type { ReachSpec } from "../checks/reach-spec.ts";
import { probe, type Probe } from "../probe/probe.ts";
import { resolveTargets, type Target } from "../probe/target.ts";
import type { Evidence, Finding } from "../result.ts";
import { commandAt, placeWords, type Place } from "../scene/place.ts";
import type { Scene } from "../scene/scene.ts";
import { explainProbe } from "../why/explain.ts";
import { listed, sentence, type Explanation } from "../why/explanation.ts";
import { explainLookup, lookupText } from "../why/lookup.ts";
import { podTrouble } from "../why/pod.ts";
import { serviceAt } from "../why/service.ts";
import { backendMismatch, backendWords } from "./backends.ts";
import { expectedWords, mismatch, outcomeWords, type Expected } from "./reach-judgement.ts";

/** One way from a place to a target, and whether it went as expected. */
interface Judged {
  readonly probe: Probe;
  /** Undefined if it went as expected. */
  readonly problem: string | undefined;
}

/** All ways of a check; or why there is none. */
type Ways =
  | { readonly judged: readonly Judged[] }
  | { readonly none: string; readonly nobody?: true; readonly why?: string; readonly see?: string };

/** From each of the places, each of the addresses must answer as expected. */
export function evaluateReach(scene: Scene, spec: ReachSpec): Finding {
  const expected = expectationWords(spec);
  const ways = tryAll(scene, spec);
  if ("none" in ways) return { holds: false, expected, observed: ways.none, ...explained(ways) };
  const { judged } = ways;
  const failed = judged.filter(({ problem }) => problem !== undefined);
  const [first] = failed;
  const share = judged.length === 0 ? 0 : (judged.length - failed.length) / judged.length;
  if (!first) {
    const shown = judged[0]!.probe;
    const observed = `${outcomeWords(shown)}, from ${placeWords(shown.from)}${others(judged.length - 1)}`;
    return { holds: true, expected, observed, evidence: evidenceOf([judged[0]!]), see: seeOf(shown), share };
  }
  const { from, target } = first.probe;
  const toWhere = new Set(judged.map((way) => way.probe.target)).size > 1 ? ` to ${target.words}` : "";
  const works = judged.length - failed.length;
  const rest = works > 0 ? ` (${works} of ${judged.length} attempts go well)` : "";
  const explanation = explain(scene, first.probe);
  return {
    holds: false,
    expected,
    observed: `${first.problem!}${toWhere}, from ${placeWords(from)}${rest}`,
    ...explained({ see: seeOf(first.probe), ...explanation }),
    evidence: evidenceOf(failed),
    share,
  };
}

/** From none of the places, none of the addresses may answer as described. */
export function evaluateForbiddenReach(scene: Scene, spec: ReachSpec): Finding {
  const expected = forbiddenWords(spec);
  const ways = tryAll(scene, spec);
  // Without an address there is nothing to reach; without anybody to try it nobody knows.
  if ("none" in ways) return { holds: ways.nobody !== true, expected, observed: ways.none, ...explained(ways) };
  const { judged } = ways;
  const open = judged.filter(({ problem }) => problem === undefined);
  const [first] = open;
  if (!first) {
    const [shown] = judged;
    const observed = shown
      ? `${shown.problem!} to ${shown.probe.target.words}, from ${placeWords(shown.probe.from)}${others(judged.length - 1)}`
      : "nothing that could be reached";
    return { holds: true, expected, observed, evidence: evidenceOf(judged.slice(0, 1)), share: 1 };
  }
  const { from, target } = first.probe;
  const explanation = owner(scene, first.probe) ?? { see: seeOf(first.probe) };
  return {
    holds: false,
    expected,
    observed: `${outcomeWords(first.probe)} to ${target.words}, from ${placeWords(from)}${others(open.length - 1)}`,
    ...explained(explanation),
    evidence: evidenceOf(open),
    share: (judged.length - open.length) / judged.length,
  };
}

function forbiddenWords(spec: ReachSpec): string {
  const words = expectationWords(spec);
  if (words !== "connected") return `not: ${words}`;
  if (typeof spec.to === "string") return `no connection to ${spec.to}`;
  if (!("nodes" in spec.to)) return "no connection";
  const { nodes, except } = spec.to;
  return `no connection to nodes:${nodes}${except.length > 0 ? `, but for ${listed(except.map(String))}` : ""}`;
}

function tryAll(scene: Scene, spec: ReachSpec): Ways {
  const resolved = resolveTargets(scene, spec.to);
  if ("missing" in resolved) return { none: resolved.missing };
  const places = scene.places(spec.from);
  if (places.length === 0) return { ...nobody(scene, spec.from), nobody: true };
  return { judged: places.flatMap((from) => resolved.targets.map((target) => judge(scene, spec, from, target))) };
}

function judge(scene: Scene, spec: ReachSpec, from: Place, target: Target): Judged {
  const expected = expectationOf(spec);
  const attempt = (): Probe => probe(scene, from, target, spec);
  const first = attempt();
  const problem = mismatch(first, expected);
  const backends = typeof spec.expect === "string" ? undefined : spec.expect.backends;
  if (problem !== undefined || !backends) return { probe: first, problem };
  const probes = [first, ...Array.from({ length: backends.tries - 1 }, attempt)];
  for (const each of probes) {
    const later = mismatch(each, expected);
    if (later !== undefined) return { probe: each, problem: later };
  }
  return { probe: first, problem: backendMismatch(scene, probes, backends) };
}

function expectationOf({ expect }: ReachSpec): Expected {
  if (typeof expect === "string") return { outcome: expect };
  const { backends: _, ...rest } = expect;
  return { ...rest, outcome: expect.outcome ?? "connected" };
}

function expectationWords(spec: ReachSpec): string {
  const backends = typeof spec.expect === "string" ? undefined : spec.expect.backends;
  const words = expectedWords(expectationOf(spec));
  if (!backends) return words;
  return words === "connected" ? backendWords(backends) : `${words}, and ${backendWords(backends)}`;
}

/** There is no Pod to start from, or none that runs. */
function nobody(scene: Scene, source: Source): Exclude<Ways, { judged: unknown }> {
  if (typeof source === "string" || "host" in source) return { none: "no place to start from" };
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

function explain(scene: Scene, failed: Probe): Explanation {
  const { outcome, from, target, lookup } = failed;
  if (outcome === "name not found") return explainLookup(scene, from, target.host, lookup);
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

function explained({ why, see }: Explanation): Pick<Finding, "why" | "see"> {
  return { ...(why === undefined ? {} : { why: sentence(why) }), ...(see === undefined ? {} : { see }) };
}

function others(count: number): string {
  return count > 0 ? ` (and ${count} more)` : "";
}

const SHOWN_TRACES = 3;

function evidenceOf(ways: readonly Judged[]): readonly Evidence[] {
  return ways.slice(0, SHOWN_TRACES).flatMap(({ probe: { from, target, trace, lookup } }): Evidence[] => {
    const title = `${placeWords(from)} to ${target.words}`;
    return [
      ...(lookup?.lookup
        ? [{ kind: "text" as const, title: `${from.name} looks up ${target.host}`, text: lookupText(lookup.lookup) }]
        : []),
      ...(trace ? [{ kind: "trace" as const, title, trace: trace.toJSON() }] : []),
    ];
  });
}

/** The command that a learner would have tried it with. */
function seeOf({ from, target }: Probe): string {
  const { scheme, host, port, words } = target;
  const has = (program: string): boolean =>
    findInPath(from.host, program, undefined, { ...ROOT, cwd: "/" }) !== undefined;
  if (scheme === "icmp") return commandAt(from, `ping -c 1 ${host}`);
  if (scheme === "http" || scheme === "https") {
    const usual = port === (scheme === "https" ? 443 : 80);
    const url = words.includes("://") ? words : `${scheme}://${host}${usual ? "" : `:${port}`}${target.path}`;
    return commandAt(from, from.pod && !has("curl") ? `wget -qO- -T 2 ${url}` : `curl -sS -m 2 ${url}`);
  }
  return commandAt(from, `nc -zv${scheme === "udp" ? "u" : ""} -w 2 ${host} ${port}`);
}
