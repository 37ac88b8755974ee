import { expect, test } from "vitest";
import type { Pod } from "../../server/sim/kube/api/index.ts";
import { scriptAt, type Place } from "./place.ts";

const node01 = { name: "node01", host: { name: "node01" } } as Place;
const pod = {
  metadata: { namespace: "shop", name: "client" },
  spec: { containers: [{ name: "client" }] },
} as unknown as Pod;
const AWK = "ip route | awk '{print $1}'";

test.each<[string, Partial<Place>, string, string]>([
  ["plain words need no quotes", {}, "ip route show dev eth0", "ssh node01 ip route show dev eth0"],
  ["the shell of the terminal leaves it alone", {}, AWK, String.raw`ssh node01 'ip route | awk '\''{print $1}'\'''`],
  ["at the terminal nothing is quoted", { atTerminal: true }, AWK, AWK],
  ["a Pod needs a shell", { pod }, "nc -z db 5432 && echo ok", "kubectl -n shop exec client -- sh -c 'nc -z db 5432 && echo ok'"],
  ["so does a network namespace", { atTerminal: true, netns: "red" }, "ip a | wc -l", "ip netns exec red sh -c 'ip a | wc -l'"],
  ["behind ssh as well", { netns: "red" }, "ip a | wc -l", String.raw`ssh node01 'ip netns exec red sh -c '\''ip a | wc -l'\'''`],
])("a script as it is run there: %s", (_, place, script, command) => {
  expect(scriptAt({ ...node01, ...place }, script)).toBe(command);
}); // prettier-ignore
