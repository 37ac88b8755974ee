import type { Host } from "../../server/sim/host/index.ts";
import type { Namespace } from "../../server/sim/net/index.ts";
import type { Pod } from "../../server/sim/kube/api/index.ts";

/** Somewhere that traffic starts or a command runs: a machine, a named network namespace of it, or a container of a Pod. */
export interface Place {
  /** `Pod client-7d9f`, `node01`, `netns red on node01`. */
  readonly name: string;
  readonly address: string | undefined;
  readonly host: Host;
  readonly ns: Namespace;
  readonly pod?: Pod;
  readonly container?: string;
  readonly netns?: string;
  /** The machine that the lab's terminals start on: nobody needs ssh to get there. */
  readonly atTerminal?: true;
  /** What ssh takes from the lab's terminal, where that is not the machine's name. */
  readonly login?: string;
}

/** `Pod client-7d9f (10.244.1.5)`. */
export function placeWords({ name, address }: Place): string {
  return address === undefined ? name : `${name} (${address})`;
}

/** A command as somebody at the lab's terminal runs it there. */
export function commandAt({ pod, container, host, netns, login, atTerminal }: Place, command: string): string {
  if (pod) {
    const { namespace = "default", name } = pod.metadata;
    const which = pod.spec.containers.length > 1 && container !== undefined ? ` -c ${container}` : "";
    return `kubectl -n ${namespace} exec ${name}${which} -- ${command}`;
  }
  const inside = netns === undefined ? command : `ip netns exec ${netns} ${command}`;
  return atTerminal ? inside : `ssh ${login ?? host.name} ${inside}`;
}

/** A script as somebody at the lab's terminal runs it there: the shell there gets it as it stands. */
export function scriptAt(place: Place, script: string): string {
  if (isPlain(script)) return commandAt(place, script);
  if (place.pod) return commandAt(place, `sh -c ${quotedWord(script)}`);
  const inside = place.netns === undefined ? script : `ip netns exec ${place.netns} sh -c ${quotedWord(script)}`;
  return place.atTerminal ? inside : `ssh ${place.login ?? place.host.name} ${quotedWord(inside)}`;
}

/** Nothing that a shell would read otherwise than as words. */
function isPlain(script: string): boolean {
  return /^[\w./:@%+=,-]+( [\w./:@%+=,-]+)*$/.test(script);
}

function quotedWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
