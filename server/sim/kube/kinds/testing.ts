import {
  ApiServer, Client, KUBEADM_SETTINGS, parseTarget, type ApiRequest, type ApiResponse, type ApiSettings, type Status, type Table, type WatchEvent,
} from "../api/index.ts"; // prettier-ignore
import type { Duration, Kernel } from "../../kernel/index.ts";
import { testKernel } from "../../kernel/testing.ts";
import { KINDS, namespaces, serviceAccounts } from "./index.ts";

const ADMIN = { name: "kubernetes-admin", groups: ["kubeadm:cluster-admins", "system:authenticated"] };
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

export interface TestClusterOptions {
  readonly kernel?: Kernel;
  readonly settings?: Partial<ApiSettings>;
  readonly history?: number;
  /** Freeze what is stored (usual), so that who changes it fails. */
  readonly freeze?: boolean;
  /** Do not make the namespace `default` with its service account: they are there already, or shall not be. */
  readonly bare?: boolean;
}

export interface CallOptions {
  readonly accept?: string;
  readonly contentType?: string;
  readonly userAgent?: string;
}

/** An API server with the namespace `default`, and the ways that tests speak to it. */
export class TestCluster {
  readonly kernel: Kernel;
  readonly api: ApiServer;
  readonly client: Client;

  constructor(options: TestClusterOptions = {}) {
    this.kernel = options.kernel ?? testKernel();
    const settings = { ...KUBEADM_SETTINGS, ...options.settings };
    this.api = new ApiServer(this.kernel, {
      cluster: "test",
      kinds: KINDS,
      settings: () => settings,
      freeze: options.freeze ?? true,
      ...(options.history !== undefined && { history: options.history }),
    });
    this.client = new Client(this.api, { user: ADMIN, userAgent: "test" });
    if (options.bare) return;
    this.client.create(namespaces, { metadata: { name: "default" } });
    this.client.create(serviceAccounts, { metadata: { name: "default", namespace: "default" } });
  }

  request(method: string, url: string, body?: unknown, options: CallOptions = {}): ApiRequest {
    return {
      ...parseTarget(method, url),
      accept: options.accept ?? "application/json",
      contentType: options.contentType ?? (body === undefined ? "" : "application/json"),
      userAgent: options.userAgent ?? "kubectl/v1.33.1",
      user: ADMIN,
      body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    };
  }

  call(method: string, url: string, body?: unknown, options?: CallOptions): ApiResponse {
    return this.api.handle(this.request(method, url, body, options));
  }

  /** The object that the server answers with. Fails with its words if it refuses. */
  ok<T = Record<string, unknown>>(method: string, url: string, body?: unknown, options?: CallOptions): T {
    const response = this.call(method, url, body, options);
    if (response.kind !== "object" || response.code >= 400) throw new Error(`refused: ${JSON.stringify(response)}`);
    return response.object as T;
  }

  /** The Status of a refusal. */
  refusal(method: string, url: string, body?: unknown, options?: CallOptions): Status & { message: string } {
    const response = this.call(method, url, body, options);
    if (response.kind !== "object" || response.code < 400) throw new Error(`not refused: ${JSON.stringify(response)}`);
    return response.object as Status & { message: string };
  }

  /** Code and message of a refusal. */
  refused(method: string, url: string, body?: unknown, options?: CallOptions): string {
    const { code, message } = this.refusal(method, url, body, options);
    return `${code} ${message}`;
  }

  /** What a create with these warnings is told. */
  warnings(method: string, url: string, body?: unknown): readonly string[] {
    const response = this.call(method, url, body);
    return response.kind === "object" ? response.warnings : [];
  }

  /** Lets time pass, with all that is due in it. */
  run(span: Duration): void {
    const end = this.kernel.now + span;
    while (this.kernel.step(end));
  }

  table(url: string): Table {
    return this.ok("GET", url, undefined, { accept: TABLE });
  }

  /** Cells of the one object of a table, by column. */
  cells(url: string): Record<string, unknown> {
    const { columnDefinitions, rows } = this.table(url);
    return Object.fromEntries(columnDefinitions!.map(({ name }, at) => [name, rows[0]!.cells[at]]));
  }

  /** The events of a watch as they come, for instance `ADDED web`. */
  watch(url: string, options?: CallOptions): { readonly events: WatchEvent[]; readonly ended: boolean; stop(): void } {
    const response = this.call("GET", url, undefined, options);
    if (response.kind !== "watch") throw new Error(`no watch: ${JSON.stringify(response)}`);
    const seen = { events: [] as WatchEvent[], ended: false, stop: () => response.watch.stop() };
    response.watch.start(
      (event) => seen.events.push(event),
      () => (seen.ended = true),
    );
    return seen;
  }
}

/** `TYPE name` of each event. */
export function told(events: readonly WatchEvent[]): string[] {
  return events.map(({ type, object }) => `${type} ${(object as { metadata: { name: string } }).metadata.name}`);
}
