import { expect, test } from "vitest";
import recorded from "../../programs/kubectl/fixtures/urls/recorded.json" with { type: "json" };
import { ANSWERS, URLS } from "../../programs/kubectl/fixtures/urls/servers.ts";
import { hostNamespace, networkOfHosts, openSocket } from "../../sim/net/index.ts";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, parts } from "./testing.ts";

const NAME = "answers of fixtures/urls";

/** The server of the recording on the controlplane's loopback; tells how often it was asked. */
function serve(world: World): { asked: number } {
  const counter = { asked: 0 };
  const { host } = world.hosts.machine("controlplane");
  networkOfHosts(world.hosts).serve(NAME, {
    stream: {
      receive(bytes) {
        counter.asked++;
        const { bytes: answer, end } = ANSWERS[bytes.split(" ")[1] ?? ""] ?? ANSWERS["/404"]!;
        return { bytes: answer, ...(end ? { close: end } : {}) };
      },
    },
  });
  openSocket(hostNamespace(host), {
    protocol: "tcp",
    address: "127.0.0.1",
    port: 38_080,
    backlog: 128,
    pid: 1,
    application: NAME,
  });
  return counter;
}

test.each(URLS)("kubectl reads %s as the real one", async (url) => {
  const world = await freshCluster();
  const counter = serve(world);
  // The loopback is left alone, and no object is sent: as in the recording, there is no server of an API.
  const line = `kubectl --kubeconfig=/dev/null create --dry-run=client --validate=false -o name -f '${url}'`;
  const [part] = await parts(world, [line]);
  expect({
    output: (part!.stdout + part!.stderr).replace(/127\.0\.0\.1:\d+->/, "127.0.0.1:PORT->"),
    code: part!.exitCode,
    asked: counter.asked,
  }).toEqual((recorded as Record<string, unknown>)[url]);
});
