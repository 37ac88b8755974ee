/** Whether two JSON values are the same; an undefined member counts as missing. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let at = 0; at < a.length; at++) if (!sameJson(a[at], b[at])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  let members = 0;
  for (const key in left) {
    if (left[key] === undefined) continue;
    if (!sameJson(left[key], right[key])) return false;
    members++;
  }
  for (const key in right) if (right[key] !== undefined) members--;
  return members === 0;
}

/**
 * `next` with the parts of `old` that did not change in place of its own copies of them, and without undefined members:
 * versions of an object share what they have in common. `next` is changed on the way and must not be used any more.
 */
export function share<T>(old: unknown, next: T): T {
  if (old === next || typeof next !== "object" || next === null) return next;
  if (Array.isArray(next)) {
    const before = Array.isArray(old) ? (old as unknown[]) : [];
    let same = before.length === next.length;
    for (let at = 0; at < next.length; at++) {
      next[at] = share(before[at], next[at] as unknown);
      if (next[at] !== before[at]) same = false;
    }
    return same && Array.isArray(old) ? (old as T) : next;
  }
  const record = next as Record<string, unknown>;
  const before =
    typeof old === "object" && old !== null && !Array.isArray(old) ? (old as Record<string, unknown>) : undefined;
  let same = before !== undefined;
  let members = 0;
  for (const key in record) {
    if (record[key] === undefined) {
      delete record[key];
      continue;
    }
    const kept = share(before?.[key], record[key]);
    if (kept !== record[key]) record[key] = kept;
    if (kept !== before?.[key]) same = false;
    members++;
  }
  if (!same) return next;
  for (const key in before) if (before[key] !== undefined) members--;
  return members === 0 ? (before as T) : next;
}

/** A deep copy of a JSON value. */
export function copyJson<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJson) as T;
  const out: Record<string, unknown> = {};
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key];
    if (inner !== undefined) out[key] = copyJson(inner);
  }
  return out as T;
}
