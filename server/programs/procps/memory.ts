import type { Host } from "../../sim/host/index.ts";

/** /proc/meminfo in KiB. */
export interface Memory {
  readonly total: number;
  readonly free: number;
  readonly available: number;
  readonly buffers: number;
  readonly cached: number;
  readonly shared: number;
  readonly swapTotal: number;
  readonly swapFree: number;
}

export function memoryOf(host: Host): Memory {
  const text = host.readText("/proc/meminfo") ?? "";
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
  return {
    total: field("MemTotal"),
    free: field("MemFree"),
    available: field("MemAvailable"),
    buffers: field("Buffers"),
    cached: field("Cached") + field("SReclaimable"),
    shared: field("Shmem"),
    swapTotal: field("SwapTotal"),
    swapFree: field("SwapFree"),
  };
}
