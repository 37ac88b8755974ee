import {
  Broken,
  explainLookup,
  explainProbe,
  KubernetesNames,
  placeWords,
  probe,
  resolveTargets,
  Scene,
  type Place,
  type Probe,
} from "../../../grader/index.ts";
import { Arguments, type OptionKind } from "../arguments.ts";
import type { Command } from "../main.ts";
import { openWorld } from "../open-world.ts";
import { UsageError } from "../usage.ts";
import { WORLD_OPTIONS, worldChoice } from "../world-options.ts";
import { shownTrace, traceText } from "./text.ts";

const OPTIONS = { ...WORLD_OPTIONS, "--json": "flag" } as const satisfies Record<string, OptionKind>;

/** `drydock trace`: the way of a packet, hop by hop, to what decided. */
export const trace: Command = {
  summary: "shows the way of a packet from somewhere to something",
  usage:
    "trace [--lab ID | --cluster PRESET | --world NAME] [--seed N] [--json] (pod/NAME[.NAMESPACE] | HOST | HOST/NETNS | outside) (URL | HOST:PORT | icmp:ADDRESS)",
  async run(words) {
    const args = new Arguments("trace", words, OPTIONS);
    const [from, to, ...more] = args.operands;
    if (from === undefined || to === undefined || more.length > 0)
      throw new UsageError("trace: FROM and TO are needed");
    const { world } = await openWorld(worldChoice(args));
    const scene = new Scene(world);
    try {
      const place = placeOf(scene, from);
      const targets = resolveTargets(scene, to);
      if ("missing" in targets) throw new UsageError(`trace: ${targets.missing}`);
      const [target] = targets.targets;
      if (!target) throw new UsageError(`trace: there is nothing at ${to}`);
      const made = probe(scene, place, target);
      process.stdout.write(args.has("--json") ? `${JSON.stringify(plain(scene, made))}\n` : told(scene, place, made));
      return made.outcome === "connected" ? 0 : 1;
    } catch (error) {
      if (error instanceof Broken) throw new UsageError(`trace: ${error.message}`);
      throw error;
    }
  },
};

/** The Trace, with what was asked for the name, and the objects of the cluster that hops' rules were made of. */
function plain(scene: Scene, made: Probe): object {
  const names = made.lookup?.lookup?.asked ?? [];
  const { decisions } = made;
  const shown = shownTrace(made);
  const trace = shown ? new KubernetesNames(scene).trace(shown) : { verdict: made.outcome, hops: [] };
  return { ...trace, ...(names.length > 0 ? { names } : {}), ...(decisions.length > 0 ? { decisions } : {}) };
}

/** In words. Of a name that was not found, the way to the name server tells more. */
export function told(scene: Scene, place: Place, made: Probe): string {
  const unknown = made.outcome === "name not found";
  const explanation = unknown ? explainLookup(scene, place, made.target.host, made.lookup) : explainProbe(scene, made);
  return traceText(placeWords(place), made, explanation, new KubernetesNames(scene));
}

function placeOf(scene: Scene, from: string): Place {
  const pod = /^pod\/([^./]+)(?:\.([^./]+))?$/.exec(from);
  if (pod) {
    const [place] = scene.places({ pod: pod[1]!, namespace: pod[2] ?? "default" });
    if (!place) throw new UsageError(`trace: there is no Pod ${pod[1]!} in namespace ${pod[2] ?? "default"}`);
    return place;
  }
  const [host, netns] = from.split("/") as [string, string?];
  return scene.machine(host, netns);
}
