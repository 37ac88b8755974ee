export { BASE } from "./bookworm.ts";
export { NOBLE_BASE } from "./noble.ts";
export { debianFile } from "./repository.ts";
export { ubuntuFile } from "./ubuntu.ts";
