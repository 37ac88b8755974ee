export { Accounts } from "./accounts.ts";
export { AccountError } from "./errors.ts";
export { LIFE } from "./sessions.ts";
export { newId, type Random } from "./secret.ts";
