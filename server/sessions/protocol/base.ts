/** The base of an exam: the host on which its terminals begin. It is opened like a lab, under a name that says all of it. */
export interface BaseOrder {
  readonly host: string;
  readonly user: string;
  /** The hosts of the exam's parts, in order: their names on the base, and who logs in there. */
  readonly hosts: readonly { readonly host: string; readonly user: string }[];
}

/** `base:candidate@base?root@cka1001,root@cka1002` */
export function baseName({ host, user, hosts }: BaseOrder): string {
  return `base:${user}@${host}?${hosts.map((each) => `${each.user}@${each.host}`).join(",")}`;
}

const WHO = "[a-z_][a-z0-9_-]*@[a-z0-9][a-z0-9-]*";
const NAME = new RegExp(`^base:(${WHO})\\?(${WHO}(?:,${WHO})*)$`);

/** What such a name says; undefined if it is a lab's. */
export function baseOrder(lab: string): BaseOrder | undefined {
  const [, own, hosts] = NAME.exec(lab) ?? [];
  if (own === undefined || hosts === undefined) return undefined;
  return { ...who(own), hosts: hosts.split(",").map(who) };
}

function who(text: string): { host: string; user: string } {
  const [user = "", host = ""] = text.split("@");
  return { host, user };
}
