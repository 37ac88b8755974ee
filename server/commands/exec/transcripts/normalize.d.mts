/** Masks what differs between a recording and a replay: times, ports, random addresses. Idempotent. */
export function normalize(text: string): string;
