import type { Check, CheckKind, ForbidSpec } from "../checks/schemas.ts";
import { Broken } from "../broken.ts";
import type { Finding } from "../result.ts";
import type { Scene } from "../scene/scene.ts";
import { evaluateDns } from "./dns.ts";
import { evaluateEvent } from "./event.ts";
import { evaluateFile } from "./file.ts";
import { evaluateLog } from "./log.ts";
import { evaluateMatrix } from "./matrix.ts";
import { evaluateNode } from "./node.ts";
import { evaluateObject } from "./object.ts";
import { evaluateForbiddenReach, evaluateReach } from "./reach.ts";
import { evaluateRun } from "./run.ts";
import { evaluateUnchanged } from "./unchanged.ts";

type Conditions = { readonly [K in CheckKind]?: Check[K] | undefined };

/** What a check finds in a world that is at rest. Throws Broken if it cannot be judged. */
export async function evaluate(scene: Scene, check: Conditions): Promise<Finding> {
  if (check.object) return evaluateObject(scene, check.object);
  if (check.reach) return evaluateReach(scene, check.reach);
  if (check.matrix) return evaluateMatrix(scene, check.matrix);
  if (check.event) return evaluateEvent(scene, check.event);
  if (check.log) return evaluateLog(scene, check.log);
  if (check.dns) return evaluateDns(scene, check.dns);
  if (check.file) return evaluateFile(scene, check.file);
  if (check.node) return evaluateNode(scene, check.node);
  if (check.run) return evaluateRun(scene, check.run);
  if (check.unchanged) return evaluateUnchanged(scene, check.unchanged);
  if (check.forbid) return forbid(scene, check.forbid);
  throw new Broken("the check asks for nothing");
}

async function forbid(scene: Scene, inner: ForbidSpec): Promise<Finding> {
  if (inner.reach) return evaluateForbiddenReach(scene, inner.reach);
  const finding = await evaluate(scene, inner);
  const { why: _, share: __, ...rest } = finding;
  return { ...rest, holds: !finding.holds, expected: `not: ${finding.expected}` };
}
