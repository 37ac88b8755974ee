import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { pass, SECOND } from "../../sim/kernel/index.ts";
import { wallTimer } from "../../sessions/actor/wall-timer.ts";
import { kubeconfig, KubernetesFront, readBody } from "../../http/kubernetes/index.ts";
import { Arguments, type OptionKind } from "../arguments.ts";
import { wallPacing, type Pacing } from "../exec/pacing.ts";
import type { Command } from "../main.ts";
import { openWorld } from "../open-world.ts";
import type { OpenWorld } from "../terminal-of.ts";
import { UsageError } from "../usage.ts";
import { WORLD_OPTIONS, worldChoice, type WorldChoice } from "../world-options.ts";
import { runLine } from "./line.ts";
import { LocalApi } from "./local-api.ts";

const OPTIONS = {
  ...WORLD_OPTIONS,
  "--port": "value",
  "--kubeconfig": "value",
} as const satisfies Record<string, OptionKind>;

const Line = z.strictObject({ line: z.string(), stdin: z.string().nullish() });
const BODY_LIMIT = 1024 * 1024;

interface Served extends OpenWorld {
  readonly pacing: Pacing;
  readonly api: LocalApi;
}

/** `drydock cluster`: a world's Kubernetes API for real clients, and lines of its shell, over HTTP on this machine. */
export const cluster: Command = {
  summary: "serves the Kubernetes API of a world on 127.0.0.1 for real clients",
  usage: "cluster [--lab ID | --cluster PRESET] [--on HOST] --port P --kubeconfig FILE [--seed N]",
  async run(words) {
    const args = new Arguments("cluster", words, OPTIONS);
    const file = args.value("--kubeconfig");
    if (!args.has("--port") || file === undefined)
      throw new UsageError("cluster: --port P and --kubeconfig FILE are needed");
    const port = args.number("--port", 0);
    if (port > 65_535) throw new UsageError(`cluster: --port ${port}: ports end at 65535`);
    const fresh = new FreshWorlds(worldChoice(args));
    let served = serve(await fresh.next());
    const front = new KubernetesFront({ burst: Infinity, perSecond: 0 });
    const server = createServer((request, response) => {
      void answer(front, served, request, response, async () => {
        close(served);
        served = serve(await fresh.next());
      });
    });
    server.on("upgrade", (request, socket, head) => {
      front.upgrade(request, socket, head, { api: served.api, key: "", url: request.url ?? "/" });
    });
    const refused = (await listen(server, port)) ?? writeKubeconfig(file, server);
    if (refused !== undefined) {
      process.stderr.write(`drydock: cluster: ${refused}\n`);
      close(served);
      front.close();
      server.close();
      return 1;
    }
    process.stdout.write(`cluster on ${urlOf(server)}, kubeconfig in ${file}\n`);
    await new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    });
    close(served);
    front.close();
    server.closeAllConnections();
    server.close();
    return 0;
  },
};

const LISTEN_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program listens on it",
  EACCES: "this user may not listen on it",
};

/** Why the port cannot be had; nothing if it was. */
function listen(server: Server, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once("error", ({ code = "", message }: NodeJS.ErrnoException) => {
      resolve(`port ${port} of 127.0.0.1: ${LISTEN_PROBLEMS[code] ?? message}`);
    });
    server.listen(port, "127.0.0.1", () => resolve(undefined));
  });
}

function writeKubeconfig(file: string, server: Server): string | undefined {
  try {
    writeFileSync(file, kubeconfig(urlOf(server)), { mode: 0o600 });
    return undefined;
  } catch (error) {
    return `the kubeconfig: ${(error as Error).message}`;
  }
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** How long a booted world is forked for: it is to be five days old whenever one asks. */
const FRESH = 10 * 60 * SECOND;

/** New worlds of one kind and seed: each a fork of one that was booted a short while ago. */
class FreshWorlds {
  readonly #choice: WorldChoice;
  #booted: OpenWorld | undefined;

  constructor(choice: WorldChoice) {
    this.#choice = choice;
  }

  async next(): Promise<OpenWorld> {
    const now = wallTimer.now();
    if (!this.#booted || now - this.#booted.world.now > FRESH) this.#booted = await openWorld(this.#choice, now);
    const { world: booted, host, user } = this.#booted;
    if (booted.clusters.list().length === 0) throw new UsageError("cluster: that world has no cluster");
    const world = booted.fork({ resume: true });
    await pass(world.kernel, wallTimer.now());
    const { host: forked } = world.hosts.machine(host.machine.name);
    return { world, host: forked, user: forked.users.byName(user.name)! };
  }
}

function serve(opened: OpenWorld): Served {
  const pacing = wallPacing(opened.world);
  return { ...opened, pacing, api: new LocalApi(opened.world, pacing) };
}

function close({ api, pacing }: Served): void {
  api.close();
  pacing.stop();
}

async function answer(
  front: KubernetesFront,
  served: Served,
  request: IncomingMessage,
  response: ServerResponse,
  reset: () => Promise<void>,
): Promise<void> {
  try {
    if (request.method === "POST" && request.url === "/reset") {
      await reset();
      return json(response, 200, {});
    }
    if (request.method === "POST" && request.url === "/line") {
      const parsed = Line.safeParse(parse(await textOf(request)));
      if (!parsed.success) return json(response, 400, { error: 'expected {"line": "TEXT", "stdin": "TEXT"}' });
      return json(response, 200, await runLine(served, parsed.data.line, parsed.data.stdin ?? ""));
    }
    await front.request(request, response, { api: served.api, key: "", url: request.url ?? "/" });
  } catch (error) {
    if (response.headersSent) response.destroy();
    else json(response, 500, { error: error instanceof Error ? error.message : String(error) });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function json(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** The body; nothing if it is too long. */
async function textOf(request: IncomingMessage): Promise<string> {
  const read = await readBody(request, BODY_LIMIT);
  return typeof read === "string" ? "" : read.body.toString("utf8");
}
