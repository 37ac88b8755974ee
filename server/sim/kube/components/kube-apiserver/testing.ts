import {
  errors,
  parseTarget,
  StatusError,
  type AccessAttributes,
  type ApiSettings,
  type Status,
  type UserInfo,
} from "../../api/index.ts";
import { TestCluster } from "../../kinds/testing.ts";
import { authorize, reviewRules } from "./authorize.ts";
import { missingInStorage, resolve, rulesOf } from "./rbac/resolver.ts";

export const MASTER: UserInfo = { name: "root", groups: ["system:masters", "system:authenticated"] };

/** An API server that asks its authorizers, with `--authorization-mode` as given. */
export class GuardedCluster extends TestCluster {
  constructor(modes: readonly string[] = ["Node", "RBAC"]) {
    const settings: Partial<ApiSettings> = {
      authorizationModes: modes,
      authorize: (attributes: AccessAttributes) => {
        // What the test sets up is done by someone who may everything.
        if (attributes.user.name === "kubernetes-admin") return { allowed: true };
        return authorize(this.api, modes, attributes);
      },
      access: {
        rulesFor: (user, namespace) =>
          resolve(this.api.store, user.name === "kubernetes-admin" ? MASTER : user, namespace, missingInStorage),
        rulesOf: (role, namespace) => rulesOf(this.api.store, role, namespace),
        reviewRules: (user, namespace) => reviewRules(this.api, modes, user, namespace),
        reviewToken: () => ({}),
      },
    };
    super({ settings });
  }

  /** What the server answers a user; a Status if it refuses. */
  as(user: UserInfo, method: string, url: string, body?: unknown): Record<string, unknown> & Partial<Status> {
    const request = { ...this.request(method, url, body), ...parseTarget(method, url), user };
    const response = this.api.handle(request);
    if (response.kind !== "object") throw new StatusError(errors.unknownError(response.kind).status);
    return response.object as Record<string, unknown>;
  }
}

export function user(name: string, ...groups: string[]): UserInfo {
  return { name, groups: [...groups, "system:authenticated"] };
}

export function account(namespace: string, name: string): UserInfo {
  return user(
    `system:serviceaccount:${namespace}:${name}`,
    "system:serviceaccounts",
    `system:serviceaccounts:${namespace}`,
  );
}
