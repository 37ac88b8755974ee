import type { Program } from "../sim/host/index.ts";

export const yes: Program = { name: "true", summary: "do nothing, successfully", run: async () => 0 };

export const no: Program = { name: "false", summary: "do nothing, unsuccessfully", run: async () => 1 };
