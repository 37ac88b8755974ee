import { SECOND } from "../../../../sim/kernel/index.ts";
import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import type { Factory } from "../../client/factory.ts";
import type { WriteOptions } from "../../client/helper.ts";
import { waitUntilDeleted } from "../../client/wait-deleted.ts";
import { GoError, isReason } from "../../errors/go-error.ts";
import { encodeJson } from "../../output/index.ts";
import { lastAppliedOf } from "../../patch/last-applied.ts";
import { threeWayPatch } from "../../patch/three-way.ts";
import type { Info } from "../../resource/info.ts";

export interface PatcherOptions {
  readonly write: WriteOptions;
  /** Delete and create anew what cannot be patched. */
  readonly force: boolean;
  readonly cascade: string;
  readonly gracePeriod: number;
}

export interface Patched {
  readonly object: JsonObject;
  /** There was nothing to change, and nothing was sent. */
  readonly unchanged: boolean;
}

/** The server did not take the patch. */
export interface NotPatched {
  readonly error: GoError;
  /** The patch as it was sent; empty if none could be made. */
  readonly patch: string;
}

const MOST_TRIES = 5;
const TRIES_WITHOUT_PAUSE = 1;
const A_WEEK = 168 * 3600 * SECOND;

/** Brings a live object to what a file says (kubectl pkg/cmd/apply/patcher.go). */
export async function patchLive(
  factory: Factory,
  info: Info,
  live: JsonObject,
  modified: JsonObject,
  options: PatcherOptions,
): Promise<Patched | NotPatched> {
  const helper = await factory.helper();
  const { mapping, namespace, name } = info;
  const place = { mapping, namespace, name };
  let current = live;
  for (let tried = 1; ; tried++) {
    const patched = await patchOnce(factory, info, current, modified, options.write);
    if (!("error" in patched)) return patched;
    const { error } = patched;
    if (isReason(error, "Conflict") && tried <= MOST_TRIES) {
      if (tried > TRIES_WITHOUT_PAUSE) await factory.process.sleep(SECOND);
      current = await helper.get(place);
      continue;
    }
    if (options.force && (isReason(error, "Conflict") || isReason(error, "Invalid")))
      return { object: await replaceLive(factory, info, current, modified, options), unchanged: false };
    return patched;
  }
}

async function patchOnce(
  factory: Factory,
  { mapping, namespace, name }: Info,
  current: JsonObject,
  modified: JsonObject,
  write: WriteOptions,
): Promise<Patched | NotPatched> {
  const { type, patch } = threeWayPatch(mapping, originalOf(current), modified, current);
  if (Object.keys(patch).length === 0) return { object: current, unchanged: true };
  const helper = await factory.helper();
  const text = encodeJson(patch);
  try {
    return { object: await helper.patch({ mapping, namespace, name }, type, text, write), unchanged: false };
  } catch (error) {
    if (error instanceof GoError) return { error, patch: text };
    throw error;
  }
}

/** What was applied last, as its annotation says. */
function originalOf(object: JsonObject): JsonObject | undefined {
  const text = lastAppliedOf(object);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as JsonObject;
  } catch (error) {
    throw new GoError((error as Error).message);
  }
}

/** `--force`: delete, wait, create; what was there comes back if that fails (deleteAndCreate). */
async function replaceLive(
  factory: Factory,
  info: Info,
  live: JsonObject,
  modified: JsonObject,
  options: PatcherOptions,
): Promise<JsonObject> {
  const helper = await factory.helper();
  const { mapping, namespace, name } = info;
  const grace: JsonObject = options.gracePeriod >= 0 ? { gracePeriodSeconds: options.gracePeriod } : {};
  await helper.delete({ mapping, namespace, name }, { ...grace, propagationPolicy: options.cascade });
  const deadline = factory.process.kernel.now + A_WEEK;
  await waitUntilDeleted(factory, info, (live["metadata"] as { uid?: string }).uid, deadline, A_WEEK);
  try {
    return await helper.create({ mapping, namespace }, modified, options.write);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    const { resourceVersion: _, uid: __, ...metadata } = live["metadata"] as JsonObject;
    await helper.create({ mapping, namespace }, { ...live, metadata }, options.write);
    throw new GoError(
      `An error occurred force-replacing the existing object with the newly provided one:\n\n${error.message}.\n\nAn error occurred attempting to restore the original object:\n`,
    );
  }
}
