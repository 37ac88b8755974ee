import type { Caller } from "./files/mount-namespace.ts";

/** A line of /etc/passwd. */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
}

/** A line of /etc/group. */
export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

export type Credentials = Pick<Caller, "uid" | "gid" | "groups">;

export function parsePasswd(text: string): User[] {
  return lines(text, 7).map(([name, , uid, gid, comment, home, shell]) => ({
    name: name!,
    uid: Number(uid),
    gid: Number(gid),
    comment: comment!,
    home: home!,
    shell: shell || "/bin/sh",
  }));
}

export function parseGroup(text: string): Group[] {
  return lines(text, 4).map(([name, , gid, members]) => ({
    name: name!,
    gid: Number(gid),
    members: members === "" ? [] : members!.split(","),
  }));
}

/** Files that were parsed: containers of one image have the same ones. */
const passwds = new Map<string, readonly User[]>();
const groups = new Map<string, readonly Group[]>();
const REMEMBERED = 64;

function parsed<T>(
  known: Map<string, readonly T[]>,
  text: string,
  parse: (text: string) => readonly T[],
): readonly T[] {
  let rows = known.get(text);
  if (!rows) {
    if (known.size >= REMEMBERED) known.clear();
    known.set(text, (rows = parse(text)));
  }
  return rows;
}

/** The user and group databases of a host: its /etc/passwd and /etc/group, read whenever they are asked, parsed when they differ. */
export class Users {
  readonly #read: (path: string) => string;
  #passwd: { readonly text: string; readonly users: readonly User[] } = { text: "", users: [] };
  #group: { readonly text: string; readonly groups: readonly Group[] } = { text: "", groups: [] };

  constructor(read: (path: string) => string) {
    this.#read = read;
  }

  all(): readonly User[] {
    const text = this.#read("/etc/passwd");
    if (text !== this.#passwd.text) this.#passwd = { text, users: parsed(passwds, text, parsePasswd) };
    return this.#passwd.users;
  }

  groups(): readonly Group[] {
    const text = this.#read("/etc/group");
    if (text !== this.#group.text) this.#group = { text, groups: parsed(groups, text, parseGroup) };
    return this.#group.groups;
  }

  byName(name: string): User | undefined {
    return this.all().find((user) => user.name === name);
  }

  byUid(uid: number): User | undefined {
    return this.all().find((user) => user.uid === uid);
  }

  groupByGid(gid: number): Group | undefined {
    return this.groups().find((group) => group.gid === gid);
  }

  groupByName(name: string): Group | undefined {
    return this.groups().find((group) => group.name === name);
  }

  /** What a login as that user gets: its primary group first. */
  credentials(user: User): Credentials {
    const others = this.groups().filter((group) => group.members.includes(user.name) && group.gid !== user.gid);
    return { uid: user.uid, gid: user.gid, groups: [user.gid, ...others.map((group) => group.gid)] };
  }
}

function lines(text: string, fields: number): string[][] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(":"))
    .filter((parts) => parts.length === fields);
}
