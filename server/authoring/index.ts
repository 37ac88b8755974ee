export type { Authoring } from "./authoring.ts";
export { createAuthoring } from "./create-authoring.ts";
export { draftsApart } from "./drafts-apart.ts";
export { authoringThread } from "./thread-port.ts";
