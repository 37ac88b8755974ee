import { attempt, journalOf } from "../../server/sim/host/index.ts";
import type { Pod } from "../../server/sim/kube/api/index.ts";
import type { LogSpec } from "../checks/schemas.ts";
import { describeMatcher, matches } from "../matcher.ts";
import type { Finding } from "../result.ts";
import { commandAt } from "../scene/place.ts";
import type { Scene } from "../scene/scene.ts";
import { excerpt, quoted } from "./words.ts";

/** A log: whose, its text if there is one, and the command that shows it. */
interface Log {
  readonly whose: string;
  readonly text: string | undefined;
  readonly see: string;
}

/** What was logged; of several Pods, each must have it. */
export function evaluateLog(scene: Scene, spec: LogSpec): Finding {
  const logs = logsOf(scene, spec);
  const expected = describeMatcher(spec.is, "a log");
  if (logs.length === 0) return { holds: false, expected, observed: "no such Pod" };
  const wrong = logs.filter(({ text }) => !matches(spec.is, text));
  const [shown] = wrong.length > 0 ? wrong : logs;
  const { whose, text, see } = shown!;
  return {
    holds: wrong.length === 0,
    expected: `${whose}: ${expected}`,
    observed:
      text === undefined
        ? "there is no log"
        : text === ""
          ? "an empty log"
          : `its last line: ${quoted(text.split("\n").at(-1)!)}`,
    see,
    evidence: [{ kind: "text", title: whose, text: tail(text ?? "") }],
    share: (logs.length - wrong.length) / logs.length,
  };
}

function logsOf(scene: Scene, spec: LogSpec): readonly Log[] {
  if ("unit" in spec) {
    const place = scene.machine(spec.on);
    const name = spec.unit.includes(".") ? spec.unit : `${spec.unit}.service`;
    const lines = journalOf(place.host.machine)
      .read()
      .filter(({ unit }) => unit === name);
    const text = lines.map(({ message }) => message).join("\n");
    return [{ whose: `the journal of ${name} on ${spec.on}`, text, see: commandAt(place, `journalctl -u ${name}`) }];
  }
  if ("file" in spec) {
    const place = scene.place(spec.on);
    if (!place) return [];
    const text = place.host.readText(spec.file)?.replace(/\n+$/, "");
    return [{ whose: `${spec.file} on ${place.name}`, text, see: commandAt(place, `tail ${spec.file}`) }];
  }
  const { namespace } = spec;
  const one = "pod" in spec ? scene.objects.pod(namespace, spec.pod) : undefined;
  const pods = "pods" in spec ? scene.objects.podsOf(namespace, spec.pods) : one ? [one] : [];
  return pods.map((pod) => {
    const container = spec.container ?? pod.spec.containers[0]?.name ?? "";
    const which = spec.container === undefined ? "" : ` -c ${container}`;
    return {
      whose: `the log of Pod ${pod.metadata.name}`,
      text: containerLog(scene, pod, container),
      see: `kubectl -n ${namespace} logs ${pod.metadata.name}${which}`,
    };
  });
}

/** The newest log file of a container on its node, without the head that a container runtime gives each line. */
function containerLog(scene: Scene, { metadata, spec }: Pod, container: string): string | undefined {
  const machine = scene.world.hosts.machines().find(({ name }) => name === spec.nodeName);
  if (!machine) return undefined;
  const { host } = machine;
  const directory = `/var/log/pods/${metadata.namespace ?? ""}_${metadata.name}_${metadata.uid}/${container}`;
  const names = attempt(() => host.files.list(directory));
  if (!Array.isArray(names)) return undefined;
  const newest = names
    .flatMap((name) => /^(\d+)\.log$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a)[0];
  const text = newest === undefined ? undefined : host.readText(`${directory}/${newest}.log`);
  return text
    ?.split("\n")
    .map((line) => line.replace(/^\S+ (?:stdout|stderr) [FP] /, ""))
    .join("\n")
    .replace(/\n+$/, "");
}

const TAIL = 40;

function tail(text: string): string {
  return excerpt(text.split("\n").slice(-TAIL).join("\n"));
}
