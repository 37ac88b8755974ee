import { rfc3339, type Kernel, type Random, type Time } from "../../kernel/index.ts";
import type { AnyKind } from "./kind.ts";
import type { Registry } from "./registry.ts";
import type { ApiRequest, UserInfo } from "./request.ts";
import type { ApiSettings } from "./settings.ts";
import { resourceGroup } from "./status-of.ts";
import type { GroupResource } from "./status.ts";
import type { Store } from "./store/store.ts";
import type { TimeText } from "./types/meta.ts";

export type Operation = "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

export interface ContextParts {
  readonly kernel: Kernel;
  readonly store: Store;
  readonly registry: Registry;
  readonly settings: ApiSettings;
}

/** One request under way: what strategies and admission may ask, and where warnings go. */
export class RequestContext {
  readonly kind: AnyKind;
  readonly request: ApiRequest;
  readonly store: Store;
  readonly registry: Registry;
  readonly settings: ApiSettings;
  readonly dryRun: boolean;
  readonly warnings: string[];
  readonly #kernel: Kernel;
  readonly #parts: ContextParts;

  constructor(parts: ContextParts, kind: AnyKind, request: ApiRequest, dryRun: boolean, warnings: string[] = []) {
    this.#kernel = parts.kernel;
    this.#parts = parts;
    this.store = parts.store;
    this.registry = parts.registry;
    this.settings = parts.settings;
    this.kind = kind;
    this.request = request;
    this.dryRun = dryRun;
    this.warnings = warnings;
  }

  /** The same request without effect: DeleteOptions can ask for that inside of a body. */
  asDryRun(): RequestContext {
    return new RequestContext(this.#parts, this.kind, this.request, true, this.warnings);
  }

  get now(): Time {
    return this.#kernel.now;
  }

  get nowText(): TimeText {
    return rfc3339(this.#kernel.now);
  }

  get random(): Random {
    return this.#kernel.random;
  }

  get user(): UserInfo {
    return this.request.user;
  }

  get namespace(): string {
    return this.request.namespace;
  }

  get subresource(): string {
    return this.request.subresource;
  }

  get resource(): GroupResource {
    return resourceGroup(this.kind);
  }

  /** A kind by group and resource, whatever version of it is served. */
  find(group: string, plural: string): AnyKind | undefined {
    return this.registry.storedBy(group, plural);
  }

  warn(message: string): void {
    if (!this.warnings.includes(message)) this.warnings.push(message);
  }
}
