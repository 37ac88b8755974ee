import { listLinks } from "../../server/sim/net/index.ts";
import { Broken } from "../broken.ts";
import type { Answer } from "../checks/answer-spec.ts";
import { copyOf } from "../copy.ts";
import { scriptAt } from "../scene/place.ts";
import { Scene } from "../scene/scene.ts";
import { runCommand } from "./command.ts";
import { valueAt } from "./object.ts";

/** The right answer in this world. Throws Broken if it cannot be computed. */
export async function rightAnswer(scene: Scene, answer: Answer): Promise<string> {
  if (typeof answer !== "object") return String(answer);
  if ("field" in answer) return String(fieldValue(scene, answer.field));
  if ("object" in answer) {
    const { kind, object } = scene.objects.find(answer.object, answer.namespace);
    const value = object && valueAt(kind, object, answer.path);
    if (value === undefined) throw new Broken(`${answer.object} has nothing at ${answer.path}`);
    return typeof value === "string" ? value : JSON.stringify(value);
  }
  const { on, run } = answer.command;
  const world = copyOf(scene.world);
  const place = new Scene(world).place(on);
  if (!place) throw new Broken(`the right answer cannot be computed: ${scene.absent(on)}`);
  const { exitCode, stdout, stderr } = await runCommand(world, place, run);
  const text = stdout.trim();
  if (exitCode !== 0 || text === "")
    throw new Broken(
      `the right answer cannot be computed: ${run} on ${place.name}: exit code ${exitCode ?? "none"}${stderr === "" ? "" : `, ${stderr.trim()}`}`,
    );
  return text;
}

/** The command that shows the right answer, where there is one. */
export function answerCommand(scene: Scene, answer: Answer): string | undefined {
  if (typeof answer !== "object") return undefined;
  if ("command" in answer) {
    const place = scene.place(answer.command.on);
    const { run } = answer.command;
    return !place || run.includes("\n") ? undefined : scriptAt(place, run);
  }
  if ("object" in answer) {
    const { kind, namespace, name } = scene.objects.find(answer.object, answer.namespace);
    return `kubectl${namespace === "" ? "" : ` -n ${namespace}`} get ${kind.singular} ${name} -o yaml`;
  }
  return undefined;
}

/** `hosts.node01.links.eth0.address`: what a machine's links say of themselves. */
function fieldValue(scene: Scene, field: string): string | number {
  const match = /^hosts\.([^.]+)\.links\.([^.]+(?:\.\d+)?)\.(address|mtu|state|inet)$/.exec(field);
  if (!match)
    throw new Broken(
      `${JSON.stringify(field)} is no field; there are hosts.NAME.links.LINK.address, .mtu, .state and .inet`,
    );
  const [, machine = "", name = "", what] = match;
  const { ns } = scene.machine(machine);
  const link = listLinks(ns).find((candidate) => candidate.name === name);
  if (!link) throw new Broken(`${machine} has no link ${name}`);
  switch (what) {
    case "address":
      return link.address;
    case "mtu":
      return link.mtu;
    case "state":
      return link.up ? "UP" : "DOWN";
    default: {
      const [first] = ns.addresses.get(link.index) ?? [];
      if (!first) throw new Broken(`${machine} has no address on ${name}`);
      return `${first.local}/${first.length}`;
    }
  }
}
