import type { Time } from "../../../sim/kernel/index.ts";
import { GoError, isReason } from "../errors/go-error.ts";
import { nameOf, type Info } from "../resource/info.ts";
import type { Factory } from "./factory.ts";
import { untilWithSync } from "./until.ts";

/** Waits until a thing is gone, or another one of its name is there (kubectl pkg/cmd/wait/delete.go IsDeleted). */
export async function waitUntilDeleted(
  factory: Factory,
  info: Info,
  uid: string | undefined,
  deadline: Time,
  timeout: number,
): Promise<void> {
  const { mapping, namespace, name } = info;
  const helper = await factory.helper();
  const notMet = (why: string): GoError => new GoError(`${why} ${objectName(info)}`);
  let found;
  try {
    found = await helper.get({ mapping, namespace, name });
  } catch (error) {
    if (isReason(error, "NotFound")) return;
    throw error;
  }
  if (uid !== undefined && (found["metadata"] as { uid?: string }).uid !== uid) return;
  if (timeout === 0) throw notMet("condition not met for");
  const { process } = factory;
  if (process.kernel.now >= deadline) throw notMet("timed out waiting for the condition on");
  const result = await untilWithSync(
    process,
    helper,
    { place: { mapping, namespace }, fieldSelector: `metadata.name=${name}`, deadline },
    ({ type }) => (type === "DELETED" ? true : undefined),
    (objects) => (objects.some((object) => nameOf(object) === name) ? undefined : true),
  );
  if (result === "deadline") throw notMet("timed out waiting for the condition on");
}

/** `pods/web`, `deployments.apps/web` */
export function objectName({ mapping, name }: Info): string {
  return `${mapping.resource}/${name}`;
}
