import { fieldsOf, type Fields } from "./fields.ts";

/**
 * Sets of fields in the form in which metadata.managedFields holds them (FieldsV1). A member without children is `{}`, one
 * with children says so by `.`; the set itself is a node that is never a member. All functions return their first argument
 * where nothing changes, so that writes share what they do not touch (structured-merge-diff/fieldpath/set.go).
 */
export const MEMBER: Fields = Object.freeze({});

/** The set without fields. */
export const NOTHING: Fields = Object.freeze({});

const DOT = ".";

export function isEmpty(set: Fields): boolean {
  for (const _ in set) return false;
  return true;
}

function isMember(node: Fields): boolean {
  return DOT in node || isEmpty(node);
}

/** A node from its children, and whether it is a member itself; undefined if it is neither. */
export function node(member: boolean, children: Record<string, Fields> | undefined): Fields | undefined {
  if (children === undefined || isEmpty(children)) return member ? MEMBER : undefined;
  return member ? { [DOT]: MEMBER, ...children } : children;
}

export function union(a: Fields, b: Fields): Fields {
  if (isEmpty(b) || a === b) return a;
  if (isEmpty(a)) return b;
  return join(a, b, false);
}

function unionNode(a: Fields, b: Fields): Fields {
  if (a === b) return a;
  return join(a, b, isMember(a) || isMember(b));
}

function join(a: Fields, b: Fields, member: boolean): Fields {
  let out: Record<string, Fields> | undefined;
  let added = false;
  if (member && !(DOT in a)) out = { [DOT]: MEMBER, ...a };
  for (const key in b) {
    if (key === DOT) continue;
    const mine = a[key];
    const both = mine === undefined ? b[key]! : unionNode(mine, b[key]!);
    if (both === mine) continue;
    out ??= { ...a };
    out[key] = both;
    added ||= mine === undefined;
  }
  if (!out) return a;
  // A member without children needs no dot.
  if (member && hasOnly(out, DOT)) return isEmpty(a) ? a : MEMBER;
  return added ? fieldsOf(out) : out;
}

function hasOnly(record: Record<string, unknown>, key: string): boolean {
  for (const other in record) if (other !== key) return false;
  return key in record;
}

/** The members of `a` that are none of `b`. */
export function difference(a: Fields, b: Fields): Fields {
  if (a === b) return NOTHING;
  return isEmpty(b) ? a : (subtract(a, b, false, false) ?? NOTHING);
}

/** The same without whatever lies below a member of `b`. */
export function recursiveDifference(a: Fields, b: Fields): Fields {
  return isEmpty(b) ? a : (subtract(a, b, false, true) ?? NOTHING);
}

function subtract(a: Fields, b: Fields, member: boolean, deep: boolean): Fields | undefined {
  let out: Record<string, Fields> | undefined;
  const wasMember = member && isMember(a);
  for (const key in a) {
    if (key === DOT) continue;
    const theirs = b[key];
    if (theirs === undefined) continue;
    const mine = a[key]!;
    const left = deep && isMember(theirs) ? undefined : subtractNode(mine, theirs, deep);
    if (left === mine) continue;
    out ??= { ...a };
    if (left === undefined) delete out[key];
    else out[key] = left;
  }
  if (!out) return a;
  if (wasMember && hasOnly(out, DOT)) return MEMBER;
  return isEmpty(out) ? undefined : out;
}

function subtractNode(a: Fields, b: Fields, deep: boolean): Fields | undefined {
  const mine = isMember(a);
  const left = mine && !isMember(b);
  if (mine === left) return subtract(a, b, mine, deep);
  // It ceases to be a member; its children may stay.
  const { [DOT]: _, ...children } = a;
  return isEmpty(children) ? undefined : subtract(children, b, false, deep);
}

/** The members that both have. */
export function intersection(a: Fields, b: Fields): Fields {
  return common(a, b, false) ?? NOTHING;
}

function common(a: Fields, b: Fields, member: boolean): Fields | undefined {
  const children: Record<string, Fields> = {};
  for (const key in a) {
    if (key === DOT || b[key] === undefined) continue;
    const both = common(a[key]!, b[key], isMember(a[key]!) && isMember(b[key]));
    if (both) children[key] = both;
  }
  return node(member, children);
}

/** What of `a` is a member of `b` or lies below one. */
export function within(a: Fields, b: Fields): Fields {
  const children: Record<string, Fields> = {};
  for (const key in a) {
    const theirs = b[key];
    if (key === DOT || theirs === undefined) continue;
    const part = isMember(theirs) ? a[key]! : within(a[key]!, theirs);
    if (isMember(theirs) || !isEmpty(part)) children[key] = part;
  }
  return children;
}

/** Whether the path names a member. */
export function has(set: Fields, path: readonly string[]): boolean {
  let at: Fields | undefined = set;
  for (const element of path) at = at?.[element];
  return path.length > 0 && at !== undefined && isMember(at);
}

/** Whether this element of the set is a member of it. */
export function hasElement(set: Fields, element: string): boolean {
  const found = set[element];
  return found !== undefined && isMember(found);
}

/** What the set has below an element. */
export function below(set: Fields, element: string): Fields {
  const found = set[element];
  if (found === undefined || !(DOT in found)) return found ?? NOTHING;
  const { [DOT]: _, ...children } = found;
  return children;
}

/** All members, those of a level before those below it (Set.Iterate). */
export function paths(set: Fields, prefix: readonly string[] = []): string[][] {
  const found: string[][] = [];
  for (const key in set) if (key !== DOT && isMember(set[key]!)) found.push([...prefix, key]);
  for (const key in set) if (key !== DOT) found.push(...paths(set[key]!, [...prefix, key]));
  return found;
}

/** A set of paths of field names: `["metadata", "labels"]`. */
export function setOf(...names: readonly (readonly string[])[]): Fields {
  let set: Fields = NOTHING;
  for (const path of names) {
    let one: Fields = MEMBER;
    for (let at = path.length - 1; at >= 0; at--) one = { [`f:${path[at]!}`]: one };
    set = union(set, one);
  }
  return set;
}
