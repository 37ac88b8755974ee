import type { NodeSpec } from "../checks/node-spec.ts";
import { describeMatcher, matches } from "../matcher.ts";
import type { Finding } from "../result.ts";
import { commandAt } from "../scene/place.ts";
import type { Scene } from "../scene/scene.ts";
import { machineFact, type Fact } from "./node-facts.ts";
import { quoted, shorten } from "./words.ts";

/** What a machine's system says of itself. */
export async function evaluateNode(scene: Scene, spec: NodeSpec): Promise<Finding> {
  const place = scene.place(spec.on);
  if (!place) return { holds: false, expected: "a place to look at", observed: scene.absent(spec.on) };
  const { what, value, command } = await machineFact(scene, place, spec);
  return {
    holds: matches(spec.is, value),
    expected: `${what} on ${place.name}: ${describeMatcher(spec.is)}`,
    observed: valueWords(value),
    see: commandAt(place, command),
  };
}

function valueWords(value: Fact["value"]): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return quoted(value);
  return value.length === 0 ? "an empty list" : shorten(value.join("; "));
}
