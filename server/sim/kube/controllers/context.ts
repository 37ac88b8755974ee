import type { Kernel } from "../../kernel/index.ts";
import {
  Client, ControllerLoop, EventRecorder, Informers, StatusError, type ApiServer, type Controller, type UserInfo, type WatchFailure,
} from "../api/index.ts"; // prettier-ignore
import { events } from "../kinds/index.ts";
import { isEnabled, type ControllerName } from "./controller-names.ts";
import type { Heartbeats } from "./nodelifecycle/heartbeat.ts";
import type { ControllerManagerSettings } from "./settings.ts";
import { syncFailure, type SyncFailure } from "./sync-failure.ts";

export interface ControllerManagerOptions {
  readonly api: ApiServer;
  /** Whether the process runs and, where several do, leads. Loops rest while it does not. */
  readonly active: () => boolean;
  readonly settings: () => ControllerManagerSettings;
  readonly heartbeats: Heartbeats;
  /** Whether the way from the process to the server is open. */
  readonly reachable?: () => boolean;
  /** A list that the process is refused: what its log tells of. */
  readonly listFailed?: (failure: WatchFailure) => void;
  /** A sync that failed and is tried again: what its log tells of. */
  readonly syncFailed?: (failure: SyncFailure) => void;
  /** A file as the process sees it; none where there is no process. */
  readonly readFile?: (path: string) => string | undefined;
  /** `v1.33.1`, for the user agent. */
  readonly version?: string;
}

const MANAGER: UserInfo = { name: "system:kube-controller-manager", groups: ["system:authenticated"] };

function accountUser(account: string): UserInfo {
  return {
    name: `system:serviceaccount:kube-system:${account}`,
    groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
  };
}

/** Something of the controller manager that runs while its process does. */
export interface Runnable {
  start(): void;
  stop(): void;
}

/** What the loops of one kube-controller-manager stand on. */
export class ControllerContext {
  readonly api: ApiServer;
  readonly kernel: Kernel;
  readonly heartbeats: Heartbeats;
  readonly #options: ControllerManagerOptions;
  readonly #place: number;
  readonly #onStart: (() => void)[] = [];
  /** Loops write as their service accounts, but all read what the manager itself has listed (controllermanager.go). */
  readonly #informers: Informers;

  /** `place`: among the listeners of the store. */
  constructor(options: ControllerManagerOptions, place: number) {
    this.#options = options;
    this.#place = place;
    this.api = options.api;
    this.kernel = options.api.kernel;
    this.heartbeats = options.heartbeats;
    this.#informers = new Informers(
      this.#client("shared-informers", () => MANAGER),
      {
        name: "kube-controller-manager",
        active: options.active,
        failed: (failure) => options.listFailed?.(failure),
      },
    );
  }

  get settings(): ControllerManagerSettings {
    return this.#options.settings();
  }

  readFile(path: string): string | undefined {
    return this.#options.readFile?.(path);
  }

  /** A table for what a loop remembers while its process runs: `kube/<cluster>/<name>`. */
  tableName(name: string): string {
    return `kube/${this.api.cluster}/${name}`;
  }

  /** A client that speaks for a service account of kube-system under `--use-service-account-credentials`, else for the manager. */
  client(account: string): Client {
    const user = accountUser(account);
    const settings = (): ControllerManagerSettings => this.settings;
    return this.#client(`system:serviceaccount:kube-system:${account}`, () =>
      settings().serviceAccountCredentials ? user : MANAGER,
    );
  }

  /** A client that speaks for kube-controller-manager itself. */
  managerClient(): Client {
    return this.#client("tokens-controller", () => MANAGER);
  }

  #client(agent: string, user: () => UserInfo): Client {
    const { version = "v1.33.1", reachable } = this.#options;
    return new Client(this.api, {
      get user(): UserInfo {
        return user();
      },
      userAgent: `kube-controller-manager/${version} (linux/amd64) kubernetes/${agent}`,
      place: this.#place,
      ...(reachable && { reachable }),
    });
  }

  recorder(client: Client, component: string): EventRecorder {
    const recorder = new EventRecorder(client, events, { component });
    this.onStart(() => recorder.reset());
    return recorder;
  }

  loop(name: ControllerName, client: Client, controller: Controller): ControllerLoop {
    const reconcile = (key: string): void => {
      try {
        controller.reconcile(key);
      } catch (error) {
        const failure = error instanceof StatusError ? syncFailure(name, key, error) : undefined;
        if (failure) this.#options.syncFailed?.(failure);
        throw error;
      }
    };
    return new ControllerLoop(client, { ...controller, reconcile }, () => this.runs(name), this.#informers);
  }

  runs(name: ControllerName): boolean {
    return this.#options.active() && isEnabled(name, this.settings.controllers);
  }

  /** Says what a loop forgets when its process starts: what a real one keeps in memory. */
  onStart(forget: () => void): void {
    this.#onStart.push(forget);
  }

  started(): void {
    for (const forget of this.#onStart) forget();
    this.#informers.start();
  }
}
