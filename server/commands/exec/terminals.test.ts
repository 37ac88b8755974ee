import { beforeEach, expect, test } from "vitest";
import { pass, run, SECOND } from "../../sim/kernel/index.ts";
import type { World } from "../../sim/world/index.ts";
import { Terminal } from "../../sessions/actor/terminal.ts";
import { Picture } from "../../shell/fixtures/sessions.ts";
import { freshCluster } from "./testing.ts";

/** Learners close the page, or a terminal of it, in the middle of things; they kill what runs there; they spoil it. */
let world: World;

beforeEach(async () => {
  world = await freshCluster();
}, 60_000);

/** Types lines at a new terminal and cuts it; the command lines of the processes that this has left on all machines. */
async function leftAfter(...lines: string[]): Promise<string[]> {
  const before = new Set(processes().map(({ key }) => key));
  const { type, terminal } = await open();
  await type(...lines.map((line) => `${line}\n`));
  terminal.hangUp();
  await pass(world.kernel, world.now + 2 * SECOND);
  return processes().flatMap(({ key, text }) => (before.has(key) ? [] : [text]));
}

/** A terminal on controlplane; `type` gives what it shows of these keys, typed one after the other. */
async function open() {
  const { host } = world.hosts.machine("controlplane");
  const picture = new Picture(100, 30);
  let drawn = Promise.resolve();
  const display = (bytes: string): void => {
    drawn = picture.write(Buffer.from(bytes, "latin1"));
  };
  const terminal = new Terminal(world, host, host.users.byName("root")!, { cols: 100, rows: 30, display });
  await run(world.kernel, () => terminal.waitingFor?.what === "command", world.now + 60 * SECOND);
  const type = async (...keys: readonly string[]): Promise<string[]> => {
    for (const key of keys) {
      terminal.type(key);
      await pass(world.kernel, world.now + 2 * SECOND);
    }
    await drawn;
    return [...picture.take({ type: "" }).lines];
  };
  return { terminal, type };
}

function processes(): { key: string; text: string }[] {
  return ["controlplane", "node01"].flatMap((name) =>
    world.hosts
      .machine(name)
      .processes()
      .map(({ pid, argv }) => ({ key: `${name}/${pid}`, text: argv.join(" ") })),
  );
}

test("whatever runs in the foreground ends with its terminal, through ssh and kubectl exec, and so do the jobs", async () => {
  await leftAfter("kubectl run web --image=nginx; kubectl wait --for=condition=Ready pod/web");
  expect(await leftAfter("kubectl logs -f web")).toEqual([]);
  expect(await leftAfter("kubectl exec -it web -- bash", "sleep 1000")).toEqual([]);
  expect(await leftAfter("ssh node01", "sleep 1000")).toEqual([]);
  expect(await leftAfter("ssh node01", "kubectl() { :; }; trap 'echo bye' EXIT; read x")).toEqual([]);
  expect(await leftAfter("sleep 1000 &", "cat &", "vi /tmp/x", "ihello")).toEqual([]);
  expect(await leftAfter("kubectl exec -it web -- sh -c 'exec cat'", "a")).toEqual([]);
});

test("what was started with nohup, disowned or in a session of its own goes on", async () => {
  expect(await leftAfter("nohup sleep 101 &", "sleep 102 & disown -h", "setsid sleep 103", "nohup sleep 104")).toEqual([
    "sleep 101",
    "sleep 102",
    "sleep 103",
    "sleep 104",
  ]);
});

test("a program that was killed leaves no raw terminal behind", async () => {
  const { type } = await open();
  const other = await open();
  await type("vi /tmp/x\n");
  await other.type("kill -9 $(pgrep vi)\n");
  expect((await type("clear\n", "cat\n", "abx\x7fc\n", "\x04")).slice(-4)).toEqual([
    "root@controlplane:~# cat",
    "abc",
    "abc",
    "root@controlplane:~#",
  ]);
});

test("stty shows and changes the modes; reset puts them right", async () => {
  const { type } = await open();
  expect(await type("clear\n", "stty size; stty; stty -echo -icanon; stty; stty rows 20; stty size; reset\n")).toEqual([
    "root@controlplane:~#",
  ]);
  expect(await type("clear\n", "stty -echo; stty -a | tail -1; stty sane cols 80; stty; stty size\n")).toEqual([
    "root@controlplane:~# stty -echo; stty -a | tail -1; stty sane cols 80; stty; stty size",
    "isig icanon -echo -tostop echoctl",
    "speed 38400 baud; line = 0;",
    "20 80",
    "root@controlplane:~#",
  ]);
  expect(
    await type("clear\n", "stty -ixon -echo; cat\n", "unseen\n", "\x04", "stty echo; stty ixon; stty foo\n"),
  ).toEqual([
    "root@controlplane:~# stty -ixon -echo; cat",
    "unseen",
    "root@controlplane:~# stty echo; stty ixon; stty foo",
    "drydock: stty: 'ixon' is not simulated",
    "stty: invalid argument ‘foo’",
    "Try 'stty --help' for more information.",
    "root@controlplane:~#",
  ]);
});

test("^] leads to telnet's own prompt at once and is not sent", async () => {
  const { type } = await open();
  expect(await type("clear\n", "telnet localhost 6443\n", "GET /\x1d", "\n", "\x1d", "quit\n")).toEqual([
    "root@controlplane:~# telnet localhost 6443",
    "Trying 127.0.0.1...",
    "Connected to localhost.",
    "Escape character is '^]'.",
    "GET /^]",
    "telnet>",
    "^]",
    "telnet> quit",
    "Connection closed.",
    "root@controlplane:~#",
  ]);
});

test("a command through ssh or kubectl exec without -t has no terminal, and ls gives one name a line", async () => {
  const { type } = await open();
  const tests = "test -t 0 || echo none in; test -t 1 || echo none out; ls -d /etc /home; read x; echo got $x";
  await type("kubectl run web --image=nginx; kubectl wait --for=condition=Ready pod/web\n", "clear\n");
  const shown = ["none in", "none out", "/etc", "/home", "word", "got word", "root@controlplane:~#"];
  expect((await type(`ssh node01 '${tests}'\n`, "word\n")).slice(-7)).toEqual(shown);
  expect((await type(`kubectl exec -i web -- sh -c '${tests}'\n`, "word\n")).slice(-7)).toEqual(shown);
  expect((await type("clear\n", "ssh node01 sleep 100\n", "\x03", "echo $?\n")).slice(-2)).toEqual([
    "130",
    "root@controlplane:~#",
  ]);
});
