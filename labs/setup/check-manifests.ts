import { Kernel } from "../../server/sim/kernel/index.ts";
import { ApiServer, KUBEADM_SETTINGS } from "../../server/sim/kube/api/index.ts";
import type { PlacedLab } from "../load/lab-source.ts";
import { readManifest } from "../load/manifests.ts";
import { kindsOf } from "../load/preset-kinds.ts";
import { drawn } from "../schema/variants.ts";
import { Admin, Refused } from "./admin.ts";
import { refusalProblems } from "./refusal.ts";

/** Complaints that an object deserves in any cluster; others (no such namespace yet) may be right where the lab runs. */
const ALWAYS = new Set(["Invalid", "BadRequest"]);

/** What an API server has against a lab's manifests, without a cluster: unknown fields, values that are refused. */
export async function checkManifests(placed: PlacedLab): Promise<readonly string[]> {
  const kernel = new Kernel({ seed: placed.seed, now: 0, turn: () => Promise.resolve() });
  const kinds = kindsOf(placed.lab.preset);
  const api = new ApiServer(kernel, { cluster: "lint", kinds, settings: () => KUBEADM_SETTINGS });
  const admin = new Admin(api);
  const { path } = placed.source.folder;
  const problems: string[] = [];
  for (const { manifest, when } of placed.lab.setup) {
    if (manifest === undefined || !drawn(placed.values, when)) continue;
    const read = readManifest(`${path}/${manifest}`, placed.text(manifest), kinds);
    problems.push(...read.problems);
    for (const object of read.objects) {
      try {
        await admin.apply(object.kind, object.object);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (ALWAYS.has(error.status?.reason ?? "")) problems.push(...refusalProblems(object, error));
      }
    }
  }
  return problems;
}
