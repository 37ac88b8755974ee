import type { FileSpec } from "../file-spec.ts";
import { ACCOUNT_FILES } from "./accounts.ts";
import { NETWORK_FILES } from "./network.ts";
import { SHELL_FILES } from "./shell.ts";
import { SYSTEM_FILES } from "./system.ts";
import { UNIT_FILES } from "./units.ts";

/** What stands on every Ubuntu 24.04 node before anything of Kubernetes is installed. Programs are the registry's. */
export const ubuntu24Files: readonly FileSpec[] = [
  ...SYSTEM_FILES,
  ...ACCOUNT_FILES,
  ...SHELL_FILES,
  ...NETWORK_FILES,
  ...UNIT_FILES,
];
