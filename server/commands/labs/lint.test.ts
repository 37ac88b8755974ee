import { expect, test } from "vitest";
import { lintProblems, LabSource } from "../../../labs/index.ts";
import { presetWorld } from "../../sessions/actor/presets.ts";
import { readLab } from "./catalogue.ts";

/** The problems of lost-endpoints (its namespace is `shop` with seed 3) with another prompt, or another hint. */
async function problems({ prompt, hint }: { readonly prompt?: string; readonly hint?: string }): Promise<string[]> {
  const { folder } = readLab("lost-endpoints");
  const files = new Map(folder.files);
  if (prompt !== undefined) files.set("task.md", `${prompt}\n`);
  if (hint !== undefined)
    files.set("lab.yaml", files.get("lab.yaml")!.replace(/- Compare what .*/, `- ${JSON.stringify(hint)}`));
  return lintProblems(new LabSource({ path: folder.path, files }).place(3), await presetWorld("kubeadm"));
}

const TIME = 60_000;

test.each([
  ["Look at the Service `card` in namespace `{{ns}}`.", "1:22: this lab has no object card: did you mean cart?"],
  ["One line.\nThe Pods `client` and `clint` run.", "2:24: this lab has no object clint: did you mean client?"],
  ["`crt` Deployment: repair it.", "1:2: this lab has no object crt: did you mean cart?"],
  ["Everything in namespace `shap`.", "1:26: this lab has no namespace shap: did you mean shop?"],
  ["`ssh node02` takes you there.", "1:2: this lab has no host node02: did you mean node01?"],
  ["Read `kubectl -n stor get pods`.", "1:7: this lab has no namespace stor: did you mean"],
  ["Leave `/etc/kubernetes/admn.conf` as it is.", "1:8: this lab has no file /etc/kubernetes/admn.conf"],
])("a prompt that names what is not there: %s", { timeout: TIME }, async (prompt, problem) => {
  const found = await problems({ prompt });
  expect(found).toEqual([expect.stringContaining(`labs/services/lost-endpoints/task.md:${problem}`)]);
});

test("a hint that names what is not there", { timeout: TIME }, async () => {
  const found = await problems({ hint: "Look at the ConfigMap `corends`." });
  expect(found).toEqual([
    "labs/services/lost-endpoints/lab.yaml:24:9: tasks[0].hints[0]: this lab has no object corends: did you mean coredns?",
  ]);
});

test("what the lab, its world, or a proof has may be named", { timeout: TIME }, async () => {
  const prompt =
    "The Pods of Deployment `cart` in namespace `{{ns}}` on node `node01`, Service `kube-dns`, `/etc/kubernetes/admin.conf`,\n" +
    "`ssh node01`, `targetPort`, field `spec.ports`, the ConfigMap `coredns`, and a host `outside`.";
  expect(await problems({ prompt })).toEqual([]);
});
