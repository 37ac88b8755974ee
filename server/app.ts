import { pino, type DestinationStream, type Logger } from "pino";
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import manifest from "../package.json" with { type: "json" };
import { Accounts } from "./accounts/index.ts";
import { createAttempts, createSessionLog, type Attempts } from "./attempts/index.ts";
import { authoringThread, createAuthoring, draftsApart, type Authoring } from "./authoring/index.ts";
import { Classes } from "./classes/index.ts";
import { ConfigError, type Config } from "./config.ts";
import { inUrl, isLoopback } from "./http/loopback.ts";
import { replayThread, Reviews } from "./reviews/index.ts";
import { createSessions, threadPort, wallClock, type WorkerPort } from "./sessions/pool/index.ts";
import { openStore, StorageError, type OpenStore } from "./store/index.ts";

export { AccountError } from "./accounts/index.ts";
export { Config, ConfigError, readConfig } from "./config.ts";
export { StorageError } from "./store/index.ts";

const WORKER = new URL("sessions/actor/worker.ts", import.meta.url);
const REPLAY_WORKER = new URL("sessions/actor/review/worker.ts", import.meta.url);
const AUTHOR = new URL("commands/labs/author/thread.ts", import.meta.url);
const LABS = join(import.meta.dirname, "../labs");
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

/** The server, listening. Throws CannotServe, and ConfigError if nobody would have to sign in. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config } = options;
  const log = pino({ name: "drydock", level: config.log }, options.logTo ?? pino.destination({ fd: 2, sync: false }));
  // The database opens in a thread of its own: Fastify is loaded meanwhile.
  const [{ attempts, people, reviews, authoring, close }, { createServer }] = await Promise.all([
    options.attempts ? onlyAttempts(options.attempts) : openAttempts(config, log),
    import("./http/index.ts"),
  ]);
  try {
    const server = await createServer({
      attempts,
      ...(people === undefined ? {} : { people }),
      reviews,
      authoring,
      log,
      version: manifest.version,
      page: options.page ?? PAGE,
      host: config.host,
      url: config.url,
      trustProxy: config.trustProxy,
    });
    await server.listen({ host: config.host, port: config.port, listenTextResolver: () => "listening" });
    const { port } = server.server.address() as AddressInfo;
    return {
      address: `http://${inUrl(config.host)}:${port}/`,
      async close() {
        await server.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw explain(error, config);
  }
}

interface OpenAttempts {
  readonly attempts: Attempts;
  readonly people?: { readonly accounts: Accounts; readonly classes: Classes };
  readonly reviews?: Reviews;
  readonly authoring?: Authoring;
  close(): Promise<void>;
}

/** Attempts of the store in the data folder, with their sessions in workers that begin to boot now. */
async function openAttempts(config: Config, logger: Logger): Promise<OpenAttempts> {
  const store = await openData(config.data);
  const people = await openAccounts(store, config);
  const log = createSessionLog({ store, clock: wallClock, logger });
  const drafts = join(config.data, "drafts");
  const presets = join(config.data, "presets");
  const workerData = { labs: config.labs, authoring: config.authoring, drafts, presets };
  const spawn = (): WorkerPort => threadPort(WORKER, { workerData });
  const pool = { spawn, log, clock: wallClock, logger };
  const sessions = draftsApart(createSessions({ ...pool, workers: config.workers }), () =>
    createSessions({ ...pool, workers: 1 }),
  );
  const nameOf = (id: string): string | undefined =>
    people.user(id)?.name ?? (people.exist ? "a removed account" : undefined);
  try {
    const attempts = await createAttempts({
      store,
      sessions,
      log,
      clock: wallClock,
      random: randomBytes,
      logger,
      kubernetesApi: config.kubernetesApi,
      idleAfter: config.idleMinutes * 60_000,
      mostSessions: config.sessions,
      nameOf,
    });
    const classes = new Classes({ store, attempts, accounts: people, clock: wallClock, random: randomBytes });
    const replay = (): ReturnType<typeof replayThread> => replayThread(REPLAY_WORKER, workerData);
    const reviews = new Reviews({
      store,
      log,
      clock: wallClock,
      spawn: replay,
      nameOf,
    });
    const authoring = createAuthoring({
      attempts,
      spawn: () => authoringThread(AUTHOR),
      labs: config.labs ?? LABS,
      folder: config.authoring,
      kept: join(config.data, "authoring"),
      drafts,
      draftsInUse: () => draftsInUse(store),
      now: () => wallClock.now(),
    });
    return {
      attempts,
      people: { accounts: people, classes },
      reviews,
      authoring,
      async close() {
        classes.stop();
        await authoring.stop();
        await Promise.all([attempts.stop(), reviews.stop()]);
        await store.close();
      },
    };
  } catch (error) {
    await sessions.stop();
    await store.close();
    throw error instanceof StorageError ? new CannotServe(error.message) : error;
  }
}

async function draftsInUse(store: OpenStore): Promise<ReadonlySet<string>> {
  const open = await store.attempts({ states: ["open", "grading"] });
  const tried = open.filter(({ of }) => of.startsWith("draft:")).map(({ id }) => store.attempt(id));
  const labs = (await Promise.all(tried)).flatMap((found) => found?.parts.map(({ lab }) => lab) ?? []);
  return new Set(labs.map((lab) => lab.slice("draft:".length)));
}

/** The accounts in a data folder that no server uses. Throws CannotServe and StorageError. */
export async function openAccountsOf(data: string): Promise<{ readonly accounts: Accounts; close(): Promise<void> }> {
  const store = await openData(data);
  const accounts = await Accounts.open({ store: store.people, now: () => wallClock.now(), random: randomBytes });
  return { accounts, close: () => store.close() };
}

/** Throws ConfigError if people from elsewhere could come in without signing in. */
async function openAccounts(store: OpenStore, { host, data }: Config): Promise<Accounts> {
  const accounts = await Accounts.open({ store: store.people, now: () => wallClock.now(), random: randomBytes });
  if (accounts.exist || isLoopback(host)) return accounts;
  await store.close();
  throw new ConfigError(
    `--host ${host}: there are no accounts yet, so whoever reaches it could use it. Make one first: ` +
      `npm run -s drydock -- accounts add NAME --role admin --data ${data}; or listen on 127.0.0.1`,
  );
}

function onlyAttempts(attempts: Attempts): OpenAttempts {
  return { attempts, close: () => attempts.stop() };
}

async function openData(folder: string): Promise<OpenStore> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return await openStore(join(folder, "drydock.db"));
  } catch (error) {
    if (error instanceof StorageError) throw new CannotServe(error.message);
    throw new CannotServe(
      `attempts cannot be kept in ${folder}: ${(error as Error).message}. Choose another: --data DIR`,
    );
  }
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
