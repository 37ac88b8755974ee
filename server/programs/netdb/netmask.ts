/** `255.255.255.0` of 24. */
export function maskText(length: number): string {
  const value = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}

/** 24 of `255.255.255.0`; undefined if it is no mask. */
export function maskLength(text: string): number | undefined {
  for (let length = 0; length <= 32; length++) if (maskText(length) === text) return length;
  return undefined;
}
