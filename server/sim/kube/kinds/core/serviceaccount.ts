import { age, AGE, NAME, names, type Column, type Kind, type ServiceAccount } from "../../api/index.ts";
import { token } from "./service-account-token.ts";

const COLUMNS: readonly Column[] = [NAME, { name: "Secrets" }, AGE];

export const serviceAccounts: Kind<ServiceAccount> = {
  group: "",
  version: "v1",
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  singular: "serviceaccount",
  shortNames: ["sa"],
  namespaced: true,
  columns: COLUMNS,
  cells: ({ metadata, secrets = [] }, now) => [metadata.name, secrets.length, age(metadata.creationTimestamp, now)],
  nameRule: names.forNames(names.subdomain),
  returnsDeleted: true,
  subresources: { token },
};
