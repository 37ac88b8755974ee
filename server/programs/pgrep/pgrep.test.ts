import { expect, test } from "vitest";
import { freshCluster, typed } from "../../commands/exec/testing.ts";

test("pkill, which is a link to pgrep, ends what it finds", async () => {
  const out = await typed(await freshCluster(), [
    "bash -c 'readlink /usr/bin/pkill; sleep 99 & sleep 1; pkill -x sleep; echo $?; wait; pgrep -x sleep; echo $?'",
  ]);
  expect(out).toEqual(["pgrep\n0\n1\n"]);
});
