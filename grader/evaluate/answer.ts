import { listLinks } from "../../server/sim/net/index.ts";
import { Broken } from "../broken.ts";
import { sameAnswer, type Question } from "../question.ts";
import type { Finding } from "../result.ts";
import { Scene } from "../scene/scene.ts";
import { runCommand } from "./command.ts";
import { valueAt } from "./object.ts";

/** A question: the given answer against the right one, which is computed in the world unless the lab states it. */
export async function evaluateAnswer(scene: Scene, question: Question, given: string | undefined): Promise<Finding> {
  const right = await rightAnswer(scene, question);
  const holds = given !== undefined && sameAnswer(question.kind, given, right);
  const observed = given === undefined || given.trim() === "" ? "no answer" : given.trim();
  const { answer } = question;
  const see = typeof answer === "object" && "command" in answer ? commandWords(answer.command) : undefined;
  return { holds, expected: right, observed, ...(see === undefined ? {} : { see }) };
}

async function rightAnswer(scene: Scene, { id, answer }: Question): Promise<string> {
  if (typeof answer !== "object") return String(answer);
  if ("field" in answer) return String(fieldValue(scene, answer.field));
  if ("object" in answer) {
    const { kind, object } = scene.objects.find(answer.object, answer.namespace);
    const value = object && valueAt(kind, object, answer.path);
    if (value === undefined) throw new Broken(`${answer.object} has nothing at ${answer.path}`);
    return typeof value === "string" ? value : JSON.stringify(value);
  }
  const world = scene.world.fork();
  const place = new Scene(world).machine(answer.command.on);
  const { exitCode, stdout, stderr } = await runCommand(world, place, answer.command.run);
  const text = stdout.trim();
  if (exitCode !== 0 || text === "")
    throw new Broken(
      `the right answer of ${id} cannot be computed: ${answer.command.run} on ${answer.command.on}: exit code ${exitCode ?? "none"}${stderr === "" ? "" : `, ${stderr.trim()}`}`,
    );
  return text;
}

function commandWords({ on, run }: { readonly on: string; readonly run: string }): string {
  return on === "controlplane" ? run : `ssh ${on} ${JSON.stringify(run)}`;
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
