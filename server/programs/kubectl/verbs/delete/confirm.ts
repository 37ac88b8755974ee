import { LineInput } from "../../../../sim/host/index.ts";
import { decode } from "../../../../sim/kernel/index.ts";
import type { Factory } from "../../client/factory.ts";
import { Aggregate, aggregate, GoError, isReason } from "../../errors/go-error.ts";
import type { Result } from "../../resource/result.ts";
import type { DeleteOptions } from "./delete-result.ts";

/** Whether the user wants to go on (kubectl pkg/cmd/delete/delete.go confirmation). Says so if not, or if there is nothing. */
export async function confirmed(
  { process }: Factory,
  result: Result,
  { ignoreNotFound }: Pick<DeleteOptions, "ignoreNotFound">,
): Promise<boolean> {
  const { infos, error } = await result.infos();
  const errors = error instanceof Aggregate ? error.errors : error ? [error] : [];
  const grave = aggregate(errors.filter((one: GoError) => !ignoreNotFound || !isReason(one, "NotFound")));
  if (grave) throw grave;
  if (infos.length === 0) {
    await process.print("No resources found\n");
    return false;
  }
  const lines = infos.map(({ mapping: { kind, group }, name }) => {
    const type = group === "" ? kind : `${kind}.${group}`;
    return `${type.toLowerCase()}/${name}\n`;
  });
  await process.print(`You are about to delete the following ${infos.length} resource(s):\n${lines.join("")}`);
  await process.print("Do you want to continue? (y/n): ");
  const stdin = process.fds.find(0);
  const line = stdin && (await new LineInput(process, stdin).next());
  const [answer = ""] = line === undefined ? [] : decode(line).trim().split(/\s+/);
  if (answer.toLowerCase() === "y") return true;
  await process.print("deletion is cancelled\n");
  return false;
}
