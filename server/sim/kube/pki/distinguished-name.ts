import { DerReader, readSingle, readText } from "./der-reader.ts";
import { nameText, oid, sequence, setOf, TAG, type Der } from "./der-writer.ts";
import { OID } from "./oid.ts";

export interface NameAttribute {
  readonly type: string;
  readonly value: string;
}

/** A subject or an issuer: relative names in order, each of one attribute or several. */
export type DistinguishedName = readonly (readonly NameAttribute[])[];

/** Attribute types as OpenSSL and RFC 4514 abbreviate them. */
export const ATTRIBUTE_NAMES: Readonly<Record<string, string>> = {
  [OID.country]: "C",
  [OID.province]: "ST",
  [OID.locality]: "L",
  [OID.organization]: "O",
  [OID.organizationalUnit]: "OU",
  [OID.commonName]: "CN",
  [OID.serialNumber]: "serialNumber",
  [OID.emailAddress]: "emailAddress",
};

/** A user and its groups, as Kubernetes reads them. All organizations stand in one relative name (Go crypto/x509/pkix ToRDNSequence). */
export function identity(commonName: string, organizations: readonly string[] = []): DistinguishedName {
  const name: NameAttribute[][] = [];
  if (organizations.length > 0) name.push(organizations.map((value) => ({ type: OID.organization, value })));
  name.push([{ type: OID.commonName, value: commonName }]);
  return name;
}

export function commonName(name: DistinguishedName): string {
  return nameValues(name, "commonName").at(-1) ?? "";
}

export function organizations(name: DistinguishedName): string[] {
  return nameValues(name, "organization");
}

export function encodeName(name: DistinguishedName): Der {
  return sequence(
    ...name.map((relative) => setOf(...relative.map(({ type, value }) => sequence(oid(type), nameText(value))))),
  );
}

/** Undefined if the bytes are no Name. */
export function readName(raw: Uint8Array): DistinguishedName | undefined {
  const body = readSingle(raw, TAG.sequence);
  if (!body) return undefined;
  const reader = new DerReader(body.content);
  const name: NameAttribute[][] = [];
  while (!reader.atEnd) {
    const relative = reader.enter(TAG.set);
    if (!relative) return undefined;
    const parts: NameAttribute[] = [];
    while (!relative.atEnd) {
      const pair = relative.enter();
      const type = pair?.oid();
      const value = pair?.next();
      if (!type || !value) return undefined;
      parts.push({ type, value: readText(value) });
    }
    name.push(parts);
  }
  return name;
}

/** All values of an attribute, in the order in which the name has them. */
export function nameValues(name: DistinguishedName, attribute: keyof typeof OID): string[] {
  const wanted = OID[attribute];
  return name.flat().flatMap(({ type, value }) => (type === wanted ? [value] : []));
}
