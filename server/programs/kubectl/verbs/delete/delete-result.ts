import { HOUR, type Duration } from "../../../../sim/kernel/index.ts";
import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import type { Factory } from "../../client/factory.ts";
import { waitUntilDeleted } from "../../client/wait-deleted.ts";
import { addSource } from "../../errors/add-source.ts";
import { aggregate, GoError, isReason } from "../../errors/go-error.ts";
import { exitOnInterrupt } from "../../interrupt.ts";
import type { DryRun } from "../../printing/dry-run.ts";
import { operationOf } from "../../printing/dry-run.ts";
import type { Info } from "../../resource/info.ts";
import type { Result } from "../../resource/result.ts";
import { withoutNotFound } from "../get/not-found.ts";
import type { PropagationPolicy } from "./cascade.ts";

export interface DeleteOptions {
  readonly ignoreNotFound: boolean;
  /** Seconds; negative leaves it to the server. */
  readonly gracePeriod: number;
  readonly force: boolean;
  readonly cascade: PropagationPolicy;
  readonly dryRun: DryRun;
  /** `name` prints names only. */
  readonly output: string;
  /** Say nothing of what was deleted. */
  readonly quiet: boolean;
  readonly wait: boolean;
  /** 0 waits for a week. */
  readonly timeout: Duration;
  /** `-n` was given, which means nothing to things outside of namespaces. */
  readonly warnClusterScope: boolean;
}

interface Deleted {
  readonly info: Info;
  uid: string | undefined;
}

/** Deletes things one by one, then waits for their end (kubectl pkg/cmd/delete/delete.go DeleteResult). */
export async function deleteResult(factory: Factory, result: Result, options: DeleteOptions): Promise<void> {
  const { process } = factory;
  if (options.gracePeriod === 0 && options.force)
    await process.error(
      "Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n",
    );
  const deleted: Deleted[] = [];
  let warn = options.warnClusterScope;
  let found = 0;
  try {
    await result.visit(async (info) => {
      found++;
      if (warn && !info.mapping.namespaced) {
        warn = false;
        await process.error("Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n");
      }
      // What was not there is waited for, too.
      const one: Deleted = { info, uid: undefined };
      deleted.push(one);
      if (options.dryRun !== "client") one.uid = await deleteOne(factory, info, options);
      if (!options.quiet) await process.print(lineOf(info, options));
    });
  } catch (error) {
    const left = options.ignoreNotFound && error instanceof GoError ? withoutNotFound(error) : error;
    if (left) throw left;
  }
  if (found === 0) return process.print("No resources found\n");
  if (options.wait && options.dryRun === "none") await waitForAll(factory, deleted, options.timeout);
}

async function deleteOne(factory: Factory, info: Info, options: DeleteOptions): Promise<string | undefined> {
  const { mapping, namespace, name, source } = info;
  const helper = await factory.helper();
  const body: JsonObject = {
    ...(options.dryRun === "server" ? { dryRun: ["All"] } : {}),
    ...(options.gracePeriod >= 0 ? { gracePeriodSeconds: options.gracePeriod } : {}),
    propagationPolicy: options.cascade,
  };
  try {
    const answer = await helper.delete({ mapping, namespace, name }, body);
    const { uid } = (answer["kind"] === "Status" ? answer["details"] : answer["metadata"]) as { uid?: string };
    return uid;
  } catch (error) {
    throw addSource("deleting", source, error);
  }
}

function lineOf({ mapping, name }: Info, options: DeleteOptions): string {
  const { group, kind } = mapping;
  const type = `${kind.toLowerCase()}${group === "" ? "" : `.${group}`}`;
  if (options.output === "name") return `${type}/${name}\n`;
  const operation = operationOf(options.gracePeriod === 0 ? "force deleted" : "deleted", options.dryRun);
  return `${type} "${name}" ${operation}\n`;
}

async function waitForAll(factory: Factory, deleted: readonly Deleted[], timeout: Duration): Promise<void> {
  exitOnInterrupt(factory.process);
  const span = timeout === 0 ? 168 * HOUR : timeout;
  const deadline = factory.process.kernel.now + span;
  const errors: GoError[] = [];
  for (const { info, uid } of deleted) {
    try {
      await waitUntilDeleted(factory, info, uid, deadline, span);
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      // Who may delete but not look is not told that he may not look.
      if (!isReason(error, "Forbidden") && !isReason(error, "MethodNotAllowed")) errors.push(error);
    }
  }
  const all = aggregate(errors);
  if (all) throw all;
}
