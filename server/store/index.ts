export type { AccountRow, AccountSessionRow, AccountStore, InvitationRow } from "./account-store.ts";
export type { AssignmentRow } from "./class-store.ts";
export type { OpenStore } from "./create-store.ts";
export { openStore } from "./open.ts";
export * from "./store.ts";
