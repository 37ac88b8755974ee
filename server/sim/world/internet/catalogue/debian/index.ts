export { BASE } from "./bookworm.ts";
export { debianFile } from "./repository.ts";
