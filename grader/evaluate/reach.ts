import type { ReachSpec } from "../checks/reach-spec.ts";
import { probe, type Probe } from "../probe/probe.ts";
import { resolveTargets, type Target } from "../probe/target.ts";
import type { Evidence, Finding } from "../result.ts";
import { placeWords, type Place } from "../scene/place.ts";
import type { Scene } from "../scene/scene.ts";
import { listed } from "../why/explanation.ts";
import { KubernetesNames } from "../why/kubernetes-names.ts";
import { lookupText } from "../why/lookup.ts";
import { decisionWords } from "../why/program.ts";
import { backendMismatch, backendWords } from "./backends.ts";
import { expectedWords, mismatch, outcomeWords, type Expected } from "./reach-judgement.ts";
import { explained, explainFailure, explainOpen, nobody, seeOf } from "./reach-reasons.ts";

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
    return {
      holds: true,
      expected,
      observed,
      evidence: evidenceOf(scene, [judged[0]!]),
      see: seeOf(shown, spec),
      share,
    };
  }
  const { from, target } = first.probe;
  const toWhere = new Set(judged.map((way) => way.probe.target)).size > 1 ? ` to ${target.words}` : "";
  const works = judged.length - failed.length;
  const rest = works > 0 ? ` (${works} of ${judged.length} attempts go well)` : "";
  const explanation = explainFailure(scene, first.probe, expectationOf(spec).outcome, spec.host);
  return {
    holds: false,
    expected,
    observed: `${first.problem!}${toWhere}, from ${placeWords(from)}${rest}`,
    ...explained({ see: seeOf(first.probe, spec), ...explanation }),
    evidence: evidenceOf(scene, failed),
    share,
  };
}

/** From none of the places, none of the addresses may answer as described. */
export function evaluateForbiddenReach(scene: Scene, spec: ReachSpec): Finding {
  const expected = forbiddenWords(spec);
  const ways = tryAll(scene, spec);
  // Without an address there is nothing to reach; without anybody to try it nobody knows.
  if ("none" in ways) return { holds: ways.nobody !== true, expected, observed: ways.none, ...explained(ways) };
  // A Pod always reaches itself: that is nothing that anybody could forbid.
  const judged = ways.judged.filter(({ probe: { from, target } }) => !from.pod || from.address !== target.host);
  const open = judged.filter(({ problem }) => problem === undefined);
  const [first] = open;
  if (!first) {
    const [shown] = judged;
    const observed = shown
      ? `${shown.problem!} to ${shown.probe.target.words}, from ${placeWords(shown.probe.from)}${others(judged.length - 1)}`
      : "nothing that could be reached";
    return { holds: true, expected, observed, evidence: evidenceOf(scene, judged.slice(0, 1)), share: 1 };
  }
  const { from, target } = first.probe;
  const explanation = explainOpen(scene, first.probe, spec);
  return {
    holds: false,
    expected,
    observed: `${outcomeWords(first.probe)} to ${target.words}, from ${placeWords(from)}${others(open.length - 1)}`,
    ...explained(explanation),
    evidence: evidenceOf(scene, open),
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
  if ("missing" in resolved) {
    const { missing, ...explanation } = resolved;
    return { none: missing, ...explanation };
  }
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

function others(count: number): string {
  return count > 0 ? ` (and ${count} more)` : "";
}

const SHOWN_TRACES = 3;

function evidenceOf(scene: Scene, ways: readonly Judged[]): readonly Evidence[] {
  const names = new KubernetesNames(scene);
  return ways.slice(0, SHOWN_TRACES).flatMap(({ probe: { from, target, trace, lookup, decisions } }): Evidence[] => {
    const title = `${placeWords(from)} to ${target.words}`;
    return [
      ...(lookup?.lookup
        ? [{ kind: "text" as const, title: `${from.name} looks up ${target.host}`, text: lookupText(lookup.lookup) }]
        : []),
      ...(decisions.length > 0
        ? [{ kind: "text" as const, title: `${title}: who decided`, text: decisions.map(decisionWords).join("\n") }]
        : []),
      ...(trace ? [{ kind: "trace" as const, title, trace: names.trace(trace) }] : []),
    ];
  });
}
