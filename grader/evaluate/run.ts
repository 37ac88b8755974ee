import type { RunSpec } from "../checks/schemas.ts";
import { copyOf } from "../copy.ts";
import { describeMatcher, matches } from "../matcher.ts";
import type { Finding } from "../result.ts";
import { scriptAt } from "../scene/place.ts";
import { Scene } from "../scene/scene.ts";
import { sentence } from "../why/explanation.ts";
import { runCommand } from "./command.ts";
import { excerpt, quoted } from "./words.ts";

/** A script in a copy of the world: its exit code and what it prints. */
export async function evaluateRun(scene: Scene, spec: RunSpec): Promise<Finding> {
  const world = copyOf(scene.world);
  const copy = new Scene(world);
  const place = copy.place(spec.on);
  const expected = [
    ...(spec.exitCode === 0 && spec.stdout !== undefined ? [] : [`exit code ${describeMatcher(spec.exitCode, "one")}`]),
    ...(spec.stdout === undefined ? [] : [describeMatcher(spec.stdout, "output")]),
  ].join(" and ");
  if (!place) return { holds: false, expected, observed: copy.absent(spec.on) };
  const { exitCode, stdout, stderr } = await runCommand(world, place, spec.run);
  const see = spec.run.includes("\n") ? undefined : scriptAt(place, spec.run);
  const base = { expected, ...(see === undefined ? {} : { see }) };
  if (exitCode === undefined) return { ...base, holds: false, observed: "the command does not end" };
  const codeFits = matches(spec.exitCode, exitCode);
  // What a shell's $(…) would give: line ends at the end do not matter.
  const text = stdout.replace(/\n+$/, "");
  const holds = codeFits && (spec.stdout === undefined || matches(spec.stdout, text));
  const observed = spec.stdout !== undefined && codeFits ? quoted(text) : `exit code ${exitCode}`;
  const message = stderr.trim().split("\n").at(-1)!;
  return {
    ...base,
    holds,
    observed,
    ...(!holds && message !== "" ? { why: sentence(message) } : {}),
    evidence: [{ kind: "text", title: "output", text: excerpt(stdout + stderr) }],
  };
}
