import { DerReader, nameValues, readText, type Certificate } from "../../sim/kube/pki/index.ts";

interface Subtree {
  readonly tag: number;
  readonly value: string;
}

/** Why an authority's name constraints refuse a certificate: 47 not permitted, 48 excluded (crypto/x509/v3_ncons.c). */
export function withinConstraints(certificate: Certificate, authority: Certificate): 47 | 48 | undefined {
  const extension = authority.extensions.find(({ id }) => id === "2.5.29.30");
  if (!extension) return undefined;
  const { permitted, excluded } = read(extension.value);
  const names: Subtree[] = [
    ...certificate.dnsNames.map((value) => ({ tag: 0x82, value })),
    ...certificate.emails.map((value) => ({ tag: 0x81, value })),
    ...certificate.uris.map((value) => ({ tag: 0x86, value })),
    // Without other names, a common name that looks like a host counts as one (NAME_CONSTRAINTS_check_CN).
    ...(certificate.dnsNames.length === 0
      ? nameValues(certificate.subject, "commonName")
          .filter((value) => /^[\w-]+(?:\.[\w-]+)+$/.test(value))
          .map((value) => ({ tag: 0x82, value }))
      : []),
  ];
  for (const name of names) {
    const limits = permitted.filter(({ tag }) => tag === name.tag);
    if (limits.length > 0 && !limits.some((limit) => within(name, limit))) return 47;
    if (excluded.some((limit) => limit.tag === name.tag && within(name, limit))) return 48;
  }
  return undefined;
}

function within({ tag, value }: Subtree, { value: limit }: Subtree): boolean {
  const [name, base] = [value.toLowerCase(), limit.toLowerCase()];
  if (base === "") return true;
  if (tag === 0x82) return base.startsWith(".") ? name.endsWith(base) : name === base || name.endsWith(`.${base}`);
  const host = tag === 0x81 ? (name.split("@")[1] ?? "") : (/^[a-z][\w+.-]*:\/\/([^/:]*)/.exec(name)?.[1] ?? "");
  return base.startsWith(".") ? host.endsWith(base) : base.includes("@") ? name === base : host === base;
}

function read(value: Uint8Array): { permitted: Subtree[]; excluded: Subtree[] } {
  const out = { permitted: [] as Subtree[], excluded: [] as Subtree[] };
  const body = new DerReader(value).enter();
  while (body && !body.atEnd) {
    const tree = body.next();
    if (!tree) break;
    const subtrees = new DerReader(tree.content);
    while (!subtrees.atEnd) {
      const base = subtrees.enter()?.next();
      if (!base) break;
      out[tree.tag === 0xa0 ? "permitted" : "excluded"].push({ tag: base.tag, value: readText(base) });
    }
  }
  return out;
}
