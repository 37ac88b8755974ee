import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { FileSpec } from "../../host/index.ts";
import { parseRfc3339 } from "../../kernel/index.ts";
import { buildImageFiles } from "../files/image-files.ts";
import { openSocket, type Application } from "../../net/index.ts";
import { clusterPod } from "../../net/testing.ts";
import { ask, testWorld, type TestWorld } from "../testing.ts";
import { EMERG, FILES, RESPONSES } from "./fixtures/cases.ts";

/** What the real nginx 1.22.1 said (fixtures/record.mjs). */
const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8")) as T;
const emerg = read<{ name: string; status: number; stderr: string[] }[]>("emerg.json");
const responses = read<
  {
    name: string;
    answers: { request: string; response: string; ended: boolean }[];
    access: string[];
    error: string[];
  }[]
>("responses.json");
const lives = read<Record<string, string[]>>("lifecycle.json");

const ROOT = "/srv/nginx-case";
const PORT = 18_080;
const BACKEND = 18_081;
const TIME = parseRfc3339("2025-04-16T12:00:00Z")!;

function caseFiles(conf: string, files: Readonly<Record<string, string>> = {}) {
  const specs: FileSpec[] = [
    { path: "/etc/passwd", text: "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n" },
    { path: "/etc/group", text: "root:x:0:\n" },
    { path: "/usr/sbin/nginx", program: "nginx", version: "1.22.1" },
    { path: "/run", dir: true },
    { path: "/var/log/nginx", dir: true },
    { path: "/var/cache/nginx", dir: true },
    ...Object.entries({ ...FILES, ...files, "nginx.conf": conf, htpasswd: "joe:{PLAIN}secret\n" }).map(
      ([path, text]): FileSpec => ({ path: `${ROOT}/${path}`, text }),
    ),
  ];
  return buildImageFiles("nginx-case", { specs }, TIME);
}

function start(conf: string, files?: Readonly<Record<string, string>>): TestWorld {
  const { world, net } = testWorld();
  world.addContainer("web", clusterPod(net, 0, "web", 2), caseFiles(conf, files));
  return world;
}

const clean = (text: string): string =>
  text
    .replaceAll(/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d/g, "DATE")
    .replaceAll(/(\[\w+\]) \d+#\d+:/g, "$1 PID#PID:")
    .replaceAll(/\[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]/g, "[DATE]")
    .replaceAll(/^(Date|Expires): .*(?=\r$)/gm, "$1: DATE");

describe("nginx -t says what the real one says", () => {
  it.each(EMERG.map((one) => [one.name, one] as const))("%s", (name, { conf, files, g }) => {
    const world = start(conf, files);
    const path = "/usr/sbin/nginx";
    world.spawn(
      "web",
      ["nginx", "-e", "stderr", "-t", "-c", `${ROOT}/nginx.conf`, ...(g === undefined ? [] : ["-g", g])],
      { path },
    );
    world.kernel.step();
    const expected = emerg.find((one) => one.name === name)!;
    expect({ stderr: world.logs("web").map(clean), exit: world.exit("web") }).toEqual({
      stderr: expected.stderr.map((line) => line.replaceAll("/usr/share/nginx/", "/etc/nginx/")),
      exit: { code: expected.status },
    });
  });
});

/** The upstream of record.mjs. */
const backend: Application = {
  http(request) {
    const status = Number(/^\/status\/(\d+)/.exec(request.target)?.[1] ?? 200);
    const redirect = request.target.startsWith("/redirect");
    const lines = [
      `${request.method} ${request.target} ${request.version}`,
      ...request.headers.map(([name, value]) => `${name}: ${value}`),
    ];
    const body = `${lines.join("\n")}\n\n${request.body}`;
    return {
      status: redirect ? 302 : status,
      reason: redirect ? "Found" : status === 404 ? "Not Found" : "OK",
      headers: [
        ["X-Backend", "yes"],
        ["Content-Type", "text/plain"],
        ["Server", "backend"],
        ...(redirect ? ([["Location", `http://127.0.0.1:${BACKEND}/redirect/to`]] as const) : []),
        ["Content-Length", String(body.length)],
      ],
      body,
    };
  },
};

describe("nginx answers what the real one answers", () => {
  it.each(RESPONSES.map((one) => [one.name, one] as const))("%s", (name, { conf, requests }) => {
    const text = conf.replaceAll("PORT", String(PORT)).replaceAll("BACKEND", String(BACKEND));
    const world = start(text);
    const ns = world.namespace("web");
    world.network.serve("backend", backend);
    listenForTest(ns, BACKEND);
    const argv = ["nginx", "-c", `${ROOT}/nginx.conf`, "-g", "daemon off; worker_processes 1;"];
    world.spawn("web", argv, { path: "/usr/sbin/nginx" });
    expect(world.logs("web")).toEqual([]);
    const expected = responses.find((one) => one.name === name)!;
    const boundaries = (answer: string): string => answer.replaceAll(/(?:boundary=|--)\d{20}/g, "BOUNDARY");
    const answers = requests.map((request) => {
      const { received, ended } = ask(ns, "127.0.0.1", PORT, request);
      return { request, response: boundaries(clean(received)), ended };
    });
    expect(answers).toEqual(expected.answers.map((answer) => ({ ...answer, response: boundaries(answer.response) })));
    const lines = (file: string): string[] =>
      clean(world.host("web").readText(`${ROOT}/${file}`) ?? "")
        .split("\n")
        .filter((line) => line !== "" && !line.includes("[notice]"));
    expect({ access: lines("access.log"), error: lines("error.log") }).toEqual({
      access: expected.access,
      error: expected.error,
    });
  });
});

function listenForTest(ns: ReturnType<TestWorld["namespace"]>, port: number): void {
  openSocket(ns, { protocol: "tcp", address: "127.0.0.1", port, backlog: 128, application: "backend" });
  void lives;
}

describe("nginx' processes log what the real ones log", () => {
  const conf = `error_log ${ROOT}/error.log notice;\nworker_processes 2;\nevents {}\nhttp { server { listen ${PORT}; } }\n`;
  const steps: Readonly<Record<string, readonly string[]>> = {
    quit: ["SIGQUIT"],
    terminate: ["SIGTERM"],
    interrupt: ["SIGINT"],
    reload: ["SIGHUP", "SIGTERM"],
    "reload of a broken configuration": ["break", "SIGHUP", "SIGTERM"],
    "killed worker": ["kill worker", "SIGTERM"],
    reopen: ["SIGUSR1", "SIGTERM"],
  };

  it.each(Object.entries(steps))("%s", (name, todo) => {
    const world = start(conf);
    const host = world.host("web");
    const pid = world.spawn("web", ["nginx", "-c", `${ROOT}/nginx.conf`, "-g", "daemon off;"], {
      path: "/usr/sbin/nginx",
    });
    for (const step of todo) {
      const worker = host.processes().find((row) => row.ppid === pid)!;
      if (step === "break") host.files.write(`${ROOT}/nginx.conf`, "events {}\nhttpp {}\n");
      else if (step === "kill worker") host.machine.signal(worker.pid, "SIGKILL");
      else host.machine.signal(pid, step as "SIGHUP");
    }
    world.kernel.step();
    const names = new Map([["1", "M"]]);
    const call = (number: string): string => names.get(number) ?? names.set(number, `W${names.size}`).get(number)!;
    const lines = host
      .readText(`${ROOT}/error.log`)!
      .trim()
      .split("\n")
      .map((line) =>
        line
          .replace(/^\S+ \S+/, "DATE")
          .replace(/worker process (\d+)$/, (_, number: string) => `worker process ${call(number)}`)
          .replace(/\] (\d+)#\1:/, (_, number: string) => `] ${call(number)}#${call(number)}:`)
          .replace(/received from (\d+)/, (_, number: string) => `received from ${call(number)}`)
          .replace(/worker process (\d+) exited/, (_, number: string) => `worker process ${call(number)} exited`)
          .replace(/Linux .*/, "Linux RELEASE")
          .replace(/\): \d+:\d+$/, "): LIMIT"),
      );
    // The real one was signalled by a process that it could see. Workers that end at once race: signals of theirs may come
    // as one, and lines in another order.
    const racing = /signal (?:17|29) /;
    const expected = lives[name]!.map((line) =>
      line
        .replace(" received from SENDER,", " received,")
        .replace(/Linux .*/, "Linux RELEASE")
        .replace(/\): \d+:\d+$/, "): LIMIT"),
    );
    expect(lines.filter((line) => !racing.test(line)).sort()).toEqual(
      expected.filter((line) => !racing.test(line)).sort(),
    );
    expect(world.exit("web")).toEqual({ code: 0 });
  });
});
