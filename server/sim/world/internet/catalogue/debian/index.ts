export { BASE } from "./bookworm.ts";
export { debianFile } from "./repository.ts";
export { ubuntuFile } from "./ubuntu.ts";
