import { pino, type DestinationStream, type Logger } from "pino";
import { mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import manifest from "../package.json" with { type: "json" };
import type { Attempts } from "./attempts/attempts.ts";
import type { Config } from "./config.ts";
import { createServer, inUrl } from "./http/index.ts";

export { Config, ConfigError, readConfig } from "./config.ts";

const PAGE = join(import.meta.dirname, "../web/dist");

/** A server that cannot be: the port is taken, or the data cannot be used. `message` says what to do. */
export class CannotServe extends Error {
  override readonly name = "CannotServe";
}

export interface App {
  /** `http://127.0.0.1:8080/` */
  readonly address: string;
  /** Stops listening, says goodbye to browsers, writes what is not written yet, and ends the workers. */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly config: Config;
  /** Where log lines go; stderr by default. */
  readonly logTo?: DestinationStream;
  /** Folder of the built page. */
  readonly page?: string;
  /** Instead of real ones, for tests. */
  readonly attempts?: Attempts;
}

/** The server, listening. Throws CannotServe. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config } = options;
  const log = pino({ name: "drydock", level: config.log }, options.logTo ?? pino.destination({ fd: 2, sync: false }));
  const attempts = options.attempts ?? (await openAttempts(config, log));
  try {
    const server = await createServer({ attempts, log, version: manifest.version, page: options.page ?? PAGE });
    await server.listen({ host: config.host, port: config.port, listenTextResolver: () => "listening" });
    const { port } = server.server.address() as AddressInfo;
    return {
      address: `http://${inUrl(config.host)}:${port}/`,
      async close() {
        await server.close();
        await attempts.stop();
      },
    };
  } catch (error) {
    await attempts.stop();
    throw explain(error, config);
  }
}

async function openAttempts(config: Config, _log: Logger): Promise<Attempts> {
  try {
    mkdirSync(config.data, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new CannotServe(
      `the folder of attempts, ${config.data}, cannot be made: ${(error as Error).message}. Choose another: --data DIR`,
    );
  }
  throw new Error("not there yet");
}

function explain(error: unknown, { host, port }: Config): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE")
    return new CannotServe(
      `port ${port} of ${host} is taken by another program, perhaps another Drydock. Choose another: --port ${port + 1}`,
    );
  if (code === "EACCES")
    return new CannotServe(`port ${port} may not be used by this user. Choose one from 1024 on: --port 8080`);
  return error;
}
