import { describe, expect, test } from "vitest";
import { MILLISECOND, run, SECOND } from "../../kernel/index.ts";
import { runProgram, testHosts } from "../testing.ts";
import { LineInput } from "./line-input.ts";
import { exitCode } from "./process-row.ts";
import { Interrupted } from "./process.ts";
import type { Daemon, Program } from "./program.ts";
import { exec, fork, spawnChild } from "./spawn.ts";

function program(name: string, main: Program["run"]): Program {
  return { name, summary: "", run: main };
}

const echo = program("echo", async (process, args) => {
  await process.print(`${args.join(" ")}\n`);
  return 0;
});
const upper = program("upper", async (process) => {
  for await (const line of new LineInput(process, process.fds.get(0))) await process.write(1, line.toUpperCase());
  return 0;
});

describe("programs", () => {
  test("are found by what their file says, with interpreters before them", async () => {
    const { host } = testHosts([echo]);
    host.files.write("/tmp/script", "#!/usr/bin/echo -x\n");
    host.files.chmod("/tmp/script", 0o755);
    host.files.write("/tmp/copy", host.files.read("/usr/bin/echo"), { mode: 0o777 });
    expect(await runProgram(host, ["/tmp/script", "a"])).toEqual({ code: 0, stdout: "-x /tmp/script a\n", stderr: "" });
    expect(await runProgram(host, ["/tmp/copy", "b"])).toEqual({ code: 0, stdout: "b\n", stderr: "" });
    host.files.chmod("/tmp/copy", 0o644);
    await expect(runProgram(host, ["/tmp/copy"])).rejects.toThrow("Permission denied");
    host.files.write("/tmp/text", "echo hi\n", { mode: 0o777 });
    await expect(runProgram(host, ["/tmp/text"])).rejects.toThrow("Exec format error");
  });

  test("a system call error that nobody handles is reported in the program's name", async () => {
    const { host } = testHosts([program("bad", async (process) => process.host.files.read("/nope").length)]);
    expect(await runProgram(host, ["bad"])).toEqual({
      code: 1,
      stdout: "",
      stderr: "bad: /nope: No such file or directory\n",
    });
  });

  test("one that is not simulated says so", async () => {
    const { host } = testHosts([], [{ path: "/usr/bin/perl", program: "perl" }]);
    expect(await runProgram(host, ["perl"])).toEqual({
      code: 64,
      stdout: "",
      stderr: "drydock: perl: this program is not simulated\n",
    });
  });
});

describe("pipes and children", () => {
  const pipeline = program("pipeline", async (process) => {
    const { reader, writer } = process.pipe();
    const fds = process.fds.copy();
    fds.set(0, reader);
    const sink = spawnChild(process, { path: "/usr/bin/upper", argv: ["upper"], fds });
    const source = fork(process, async (child) => {
      child.fds.set(1, writer);
      for (let at = 0; at < 3; at++) await child.print(`line ${at}\n`);
      return 3;
    });
    reader.retain().drop();
    writer.retain().drop();
    const news = [await process.wait(), await process.wait()].map(
      (change) => `${change.pid === sink ? "sink" : "source"} ${exitCode(change.status!)}`,
    );
    expect(news.sort()).toEqual(["sink 0", "source 3"]);
    expect(process.machine.process(source.pid)).toBeUndefined();
    return 0;
  });

  test("a pipeline streams and ends when its writer does", async () => {
    const { host } = testHosts([pipeline, upper]);
    expect(await runProgram(host, ["pipeline"])).toEqual({ code: 0, stdout: "LINE 0\nLINE 1\nLINE 2\n", stderr: "" });
  });

  test("a writer without reader dies of SIGPIPE, and a full pipe makes it wait", async () => {
    const yes = program("yes", async (process) => {
      for (;;) await process.write(1, "y\n".repeat(4096));
    });
    const main = program("main", async (process) => {
      const { reader, writer } = process.pipe();
      const fds = process.fds.copy();
      fds.set(1, writer);
      reader.retain();
      spawnChild(process, { path: "/usr/bin/yes", argv: ["yes"], fds });
      const first = await reader.read(process, 4);
      reader.drop();
      const { status } = await process.wait();
      await process.print(`${first}${exitCode(status!)}\n`);
      return 0;
    });
    const { host } = testHosts([yes, main]);
    expect((await runProgram(host, ["main"])).stdout).toBe("y\ny\n141\n");
  });

  test("exec replaces the program in the same process", async () => {
    const main = program("main", async (process) => exec(process, "/usr/bin/echo", ["echo", "done"], {}));
    expect((await runProgram(testHosts([main, echo]).host, ["main"])).stdout).toBe("done\n");
  });
});

describe("signals", () => {
  const sleeper = program("sleeper", async (process, [mode]) => {
    if (mode === "ignore") process.on("SIGTERM", "ignore");
    if (mode === "catch") process.on("SIGTERM", () => process.interrupt());
    try {
      await process.sleep(10 * SECOND);
    } catch (error) {
      if (error instanceof Interrupted) return 7;
      throw error;
    }
    return 0;
  });
  const killer = program("killer", async (process, [mode]) => {
    const pid = spawnChild(process, { path: "/usr/bin/sleeper", argv: ["sleeper", mode!] });
    const start = process.kernel.now;
    await process.sleep(SECOND);
    process.machine.signal(pid, "SIGTERM");
    const { status } = await process.wait([pid]);
    await process.print(`${exitCode(status!)} after ${Math.round((process.kernel.now - start) / SECOND)} s`);
    return 0;
  });

  test.each([
    ["default", "143 after 1 s"],
    ["ignore", "0 after 10 s"],
    ["catch", "7 after 1 s"],
  ])("SIGTERM, %s", async (mode, told) => {
    expect((await runProgram(testHosts([sleeper, killer]).host, ["killer", mode])).stdout).toBe(told);
  });

  test("a stopped process goes on after SIGCONT", async () => {
    const main = program("main", async (process) => {
      const pid = spawnChild(process, { path: "/usr/bin/sleeper", argv: ["sleeper", ""] });
      process.machine.signal(pid, "SIGSTOP");
      await process.print(`${(await process.wait()).change} ${process.machine.process(pid)!.state}\n`);
      await process.sleep(20 * SECOND);
      process.machine.signal(pid, "SIGCONT");
      await process.print(`${(await process.wait()).change} ${(await process.wait()).change}\n`);
      return 0;
    });
    expect((await runProgram(testHosts([main, sleeper]).host, ["main"])).stdout).toBe(
      "stopped stopped\ncontinued exited\n",
    );
  });
});

test("work takes simulated time, so a busy loop lets timers through", async () => {
  const loop = program("loop", async (process) => {
    for (;;) if (process.spend(5)) await process.pause();
  });
  const main = program("main", async (process) => {
    const pid = spawnChild(process, { path: "/usr/bin/loop", argv: ["loop"] });
    await process.sleep(50 * MILLISECOND);
    process.machine.signal(pid, "SIGKILL");
    return exitCode((await process.wait()).status!);
  });
  expect((await runProgram(testHosts([loop, main]).host, ["main"])).code).toBe(137);
});

describe("daemons", () => {
  const nginx: Daemon = {
    name: "nginx",
    summary: "",
    start(self) {
      self.data = { requests: 0 };
      self.log("starting");
      self.fork(["nginx: worker process"]);
    },
    signal(self, signal) {
      if (signal !== "SIGQUIT") return false;
      self.log("gracefully shutting down");
      self.exit(0);
      return true;
    },
  };

  test("run without a task, log to where they were started, and end with their workers", async () => {
    const main = program("main", async (process) => {
      const pid = spawnChild(process, { path: "/usr/bin/nginx", argv: ["nginx"] });
      await process.print(
        `${process.machine
          .processes()
          .map((row) => row.comm)
          .join(" ")}\n`,
      );
      process.machine.signal(pid, "SIGQUIT");
      await process.print(`${exitCode((await process.wait()).status!)} ${process.machine.processes().length}\n`);
      return 0;
    });
    const ran = await runProgram(testHosts([main, nginx]).host, ["main"]);
    expect(ran).toEqual({ code: 0, stdout: "main nginx nginx\n0 1\n", stderr: "starting\ngracefully shutting down\n" });
  });

  test("an exec into a daemon keeps the process and its parent hears of its end", async () => {
    const entry = program("entry", async (process) => exec(process, "/usr/bin/nginx", ["nginx"], {}));
    const main = program("main", async (process) => {
      const pid = spawnChild(process, { path: "/usr/bin/entry", argv: ["entry"] });
      await process.sleep(SECOND);
      expect(process.machine.process(pid)!.daemon).toBe("nginx");
      process.machine.signal(pid, "SIGTERM");
      return exitCode((await process.wait()).status!);
    });
    expect((await runProgram(testHosts([main, entry, nginx]).host, ["main"])).code).toBe(143);
  });

  test("survive a fork of the world, while programs stay behind", async () => {
    const { host, hosts } = testHosts([nginx]);
    void runProgram(host, ["nginx"]);
    await run(hosts.kernel, () => true);
    const copy = hosts.kernel.fork();
    expect(
      [...copy.state.table("processes/controlplane").values()].map((row) => (row as { comm: string }).comm),
    ).toEqual(["nginx", "nginx"]);
  });
});
