import { expect, test } from "vitest";
import { Kernel } from "../../sim/kernel/index.ts";
import { testKernel, turn } from "../../sim/kernel/testing.ts";
import { shellHost, shOn } from "../testing.ts";

const WORDS = "Resource temporarily unavailable\n";
const RETRY = `bash: line 1: fork: retry: ${WORDS}`;

const PROCESSES = 50;

/** A script on a machine that has filled the process table with sleepers of so many seconds, and goes on. */
function crowded(seconds: number, then: string) {
  const kernel = new Kernel({ seed: 1, now: 0, turn, limits: { ...testKernel().limits, processes: PROCESSES } });
  const { host } = shellHost([], [], kernel);
  const room = PROCESSES - host.machine.processes().length - 1;
  return shOn(host, `for ((i = 0; i < ${room}; i++)); do sleep ${seconds} & done; ${then}`);
}

test("a fork waits for room in the process table, and says so", async () => {
  expect(await crowded(2.5, "(echo in)")).toEqual({ code: 0, stdout: "in\n", stderr: RETRY + RETRY });
});

test.each(["(echo in)", "x=$(echo in)", "sleep 1", "sleep 1 &", "echo in | cat", "cat <(echo in)", "coproc cat"])(
  "without room for 15 seconds the line is given up: %s",
  async (command) => {
    expect(await crowded(1000, `${command}\necho never`)).toEqual({
      code: 254,
      stdout: "",
      stderr: `${RETRY.repeat(4)}bash: line 1: fork: ${WORDS}`,
    });
  },
);

test("a trap that runs while a fork waits for room ends its wait", async () => {
  const { code, stdout, stderr } = await crowded(1000, "trap 'echo trapped' ALRM; kill -ALRM $$; (echo in)");
  expect([code, stdout, stderr]).toEqual([254, "trapped\n", `${RETRY.repeat(4)}bash: line 1: fork: ${WORDS}`]);
});

test("forks without end fill the process table, others have their turns meanwhile, and a signal to the group ends them", async () => {
  const { host } = shellHost();
  let turns = 0;
  let ended = false;
  let most = 0;
  const count = (): void => {
    turns++;
    most = Math.max(most, host.machine.processes().length);
    if (!ended) setImmediate(count);
  };
  setImmediate(count);
  const ran = await shOn(host, "f() { f | f & }; f; sleep 1; trap '' TERM; kill 0; exec sleep 1");
  ended = true;
  expect(ran.stderr.replaceAll("environment: line 1", "bash: line 1").replaceAll(RETRY, "")).toBe("");
  expect(most).toBe(host.kernel.limits.processes);
  expect(turns).toBeGreaterThan(host.kernel.limits.processes / 16);
  expect(host.machine.processes().length).toBeLessThan(10);
});
