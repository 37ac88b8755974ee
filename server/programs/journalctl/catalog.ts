import type { JournalLine } from "../../sim/host/index.ts";

/** Explanations that `-x` puts under systemd's own messages (systemd catalog/systemd.catalog). */
const EXPLANATIONS: readonly (readonly [RegExp, (unit: string, match: RegExpExecArray) => readonly [subject: string, body: string]])[] = [
  [/^Started |^Finished /, (unit) => [`A start job for unit ${unit} has finished successfully`, `A start job for unit ${unit} has finished successfully.\n\nThe job identifier is @.`]],
  [/^Starting /, (unit) => [`A start job for unit ${unit} has begun execution`, `A start job for unit ${unit} has begun execution.\n\nThe job identifier is @.`]],
  [/^Failed to start /, (unit) => [`A start job for unit ${unit} has failed`, `A start job for unit ${unit} has finished with a failure.\n\nThe job identifier is @ and the job result is failed.`]],
  [/^Stopping /, (unit) => [`A stop job for unit ${unit} has begun execution`, `A stop job for unit ${unit} has begun execution.\n\nThe job identifier is @.`]],
  [/^Stopped /, (unit) => [`A stop job for unit ${unit} has finished`, `A stop job for unit ${unit} has finished.\n\nThe job identifier is @ and the job result is done.`]],
  [/: Scheduled restart job, restart counter/, (unit) => [`Automatic restarting of a unit has been scheduled`, `Automatic restarting of the unit ${unit} has been scheduled, as the result for\nthe configured Restart= setting for the unit.`]],
  [/: Main process exited, code=(\w+), status=(\d+)/, (unit, match) => [`Unit process exited`, `An ExecStart= process belonging to unit ${unit} has exited.\n\nThe process' exit code is '${match[1]!}' and its exit status is ${match[2]!}.`]],
  [/: Failed with result '([^']+)'/, (unit, match) => [`Unit failed`, `The unit ${unit} has entered the 'failed' state with result '${match[1]!}'.`]],
  [/: Deactivated successfully/, (unit) => [`Unit succeeded`, `The unit ${unit} has successfully entered the 'dead' state.`]],
  [/: Consumed /, (unit) => [`Resources consumed by unit runtime`, `The unit ${unit} completed and consumed the indicated resources.`]],
]; // prettier-ignore

/** The lines under a message; none if there is nothing to say. `job` numbers what systemd did. */
export function explanation(line: JournalLine, job: number): string[] {
  if (line.identifier !== "systemd" || line.unit === undefined) return [];
  for (const [pattern, explain] of EXPLANATIONS) {
    const match = pattern.exec(line.message);
    if (!match) continue;
    const [subject, body] = explain(line.unit, match);
    const text = `Subject: ${subject}\nDefined-By: systemd\nSupport: http://www.ubuntu.com/support\n\n${body.replace("@", String(job))}`;
    return text.split("\n").map((row) => `░░ ${row}`);
  }
  return [];
}
