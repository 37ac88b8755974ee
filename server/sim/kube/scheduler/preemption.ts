import { parseRfc3339, type Time } from "../../kernel/index.ts";
import type { Pod } from "../api/index.ts";
import { filterOf, priorityOf, type Filtered, type NamedRejection } from "./filtering.ts";
import { fitError } from "./fit-error.ts";
import { unresolvable, type Rejection } from "./plugin.ts";
import type { NodeInfo, Snapshot } from "./snapshot.ts";

/** The Pods that would have to go from a node. */
export interface Candidate {
  readonly node: string;
  readonly victims: readonly Pod[];
}

/** Either who has to go, or why that does not help, in the words of the message. */
export type Preemption = Candidate | { readonly why: string };

const NOT_HELPFUL = unresolvable("Preemption is not helpful for scheduling");
const NO_VICTIMS = unresolvable("No preemption victims found for incoming pod");

/** Looks for Pods of lower priority whose place would do (pkg/scheduler/framework/preemption, plugins/defaultpreemption). */
export function findPreemption(pod: Pod, snapshot: Snapshot, { rejected }: Filtered): Preemption {
  if (pod.spec.preemptionPolicy === "Never") return { why: "not eligible due to preemptionPolicy=Never." };
  if (waitsForVictims(pod, snapshot, rejected))
    return { why: "not eligible due to terminating pod on the nominated node." };
  const candidates: Candidate[] = [];
  const rejections: Rejection[] = [];
  for (const node of snapshot.nodes) {
    const found = rejected.get(node.name)?.code === "unschedulable" ? victimsOn(pod, snapshot, node) : NOT_HELPFUL;
    if ("victims" in found) candidates.push(found);
    else rejections.push(found);
  }
  const best = candidates.toSorted(compare)[0];
  return best ?? { why: fitError(snapshot.nodes.length, rejections) };
}

/** Victims of this Pod are still on their way out. */
function waitsForVictims(pod: Pod, snapshot: Snapshot, rejected: ReadonlyMap<string, NamedRejection>): boolean {
  const { nominatedNodeName } = pod.status;
  if (!nominatedNodeName || rejected.get(nominatedNodeName)?.code === "unresolvable") return false;
  const node = snapshot.nodes.find(({ name }) => name === nominatedNodeName);
  return (node?.pods ?? []).some(
    (other) =>
      other.metadata.deletionTimestamp !== undefined &&
      priorityOf(other) < priorityOf(pod) &&
      other.status.conditions?.some(
        ({ type, status, reason }) =>
          type === "DisruptionTarget" && status === "True" && reason === "PreemptionByScheduler",
      ),
  );
}

/** All Pods of lower priority go, then those come back for which there is room after all, the more important first. */
function victimsOn(pod: Pod, snapshot: Snapshot, node: NodeInfo): Candidate | Rejection {
  const lower = node.pods.filter((other) => priorityOf(other) < priorityOf(pod));
  if (lower.length === 0) return NO_VICTIMS;
  let staying = node.pods.filter((other) => !lower.includes(other));
  const fits = (assigned: readonly Pod[]): Rejection | undefined => {
    const info = node.with(assigned);
    return filterOf(pod, snapshot.with(info))(info);
  };
  const rejection = fits(staying);
  if (rejection) return rejection;
  const victims: Pod[] = [];
  for (const other of lower.sort(byImportance)) {
    if (fits([...staying, other])) victims.push(other);
    else staying = [...staying, other];
  }
  return { node: node.name, victims };
}

function byImportance(a: Pod, b: Pod): number {
  return priorityOf(b) - priorityOf(a) || startOf(a) - startOf(b);
}

function startOf({ status }: Pod): Time {
  return (status.startTime ? parseRfc3339(status.startTime) : undefined) ?? Infinity;
}

/** The node that loses least: low priorities, few Pods, young ones (pickOneNodeForPreemption). */
function compare(a: Candidate, b: Candidate): number {
  const highest = ({ victims }: Candidate): number => Math.max(...victims.map(priorityOf));
  const sum = ({ victims }: Candidate): number =>
    victims.reduce((all, victim) => all + priorityOf(victim) + 2 ** 31, 0);
  const eldest = (one: Candidate): Time =>
    Math.min(...one.victims.filter((victim) => priorityOf(victim) === highest(one)).map(startOf));
  return (
    highest(a) - highest(b) ||
    sum(a) - sum(b) ||
    a.victims.length - b.victims.length ||
    eldest(b) - eldest(a) ||
    (a.node < b.node ? -1 : 1)
  );
}
