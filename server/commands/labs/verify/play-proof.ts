import { SECOND } from "../../../sim/kernel/index.ts";
import { ROOT } from "../../../sim/host/index.ts";
import type { World } from "../../../sim/world/index.ts";
import { variables, type PlacedLab } from "../../../../labs/index.ts";
import { Driver, type PartResult } from "../../exec/driver.ts";
import { virtualPacing } from "../../exec/pacing.ts";

/** As a person types. */
const GAP = 2.6 * SECOND;

const ANSWERS = "/tmp/.answers";
const ANSWER = `#!/bin/bash
# answer QUESTION VALUE: notes an answer, as it would be typed into the page beside the terminal.
mkdir -p ${ANSWERS}
printf '%s' "$2" > "${ANSWERS}/\${1//\\//.}"
`;

export interface Played {
  /** What was answered, by `task/question`. */
  readonly answers: Readonly<Record<string, string>>;
  readonly parts: readonly PartResult[];
}

/** Types a proof's lines into the lab's terminal, one after the other. The lab's variants are variables there. */
export async function playProof(placed: PlacedLab, world: World, script: string): Promise<Played> {
  const { host: name, user: userName } = placed.lab.terminal;
  const { host } = world.hosts.machine(name);
  const user = host.users.byName(userName);
  if (!user) throw new Error(`${name} has no user ${userName}`);
  const machines = world.hosts.machines().filter(({ host: { files } }) => files.exists("/usr/local/bin"));
  const as = { ...ROOT, umask: 0 };
  for (const machine of machines) machine.host.files.write("/usr/local/bin/answer", ANSWER, { mode: 0o755 }, as);
  const pacing = virtualPacing(world);
  const driver = new Driver(world, pacing, { host, user });
  const exports = variables(placed.values).map(([key, value]) => `${key}='${value.replaceAll("'", "'\\''")}'`);
  // What stands at its head is for us.
  const typed = script.replace(/^(#.*\n)+/, "").trimEnd();
  const lines = [...(exports.length > 0 ? [`export ${exports.join(" ")}`] : []), ...typed.split("\n")];
  const parts: PartResult[] = [];
  for (const cmd of lines) {
    if (parts.length > 0) await pacing.pass(world.now + GAP);
    parts.push(await driver.play({ kind: "line", cmd }));
  }
  await driver.end();
  const answers: Record<string, string> = {};
  for (const task of placed.lab.tasks)
    for (const { id } of task.questions)
      for (const machine of machines) {
        const given = [`${task.id}.${id}`, id].map((file) => machine.host.readText(`${ANSWERS}/${file}`));
        const answer = given.find((text) => text !== undefined);
        if (answer !== undefined) answers[`${task.id}/${id}`] = answer;
      }
  return { answers, parts };
}
