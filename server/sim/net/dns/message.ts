/** Types of resource records that have a form of their own here; others travel as numbers with raw data. */
export type RecordType = "A" | "AAAA" | "CNAME" | "SRV" | "PTR" | "TXT" | "NS" | "SOA" | "MX" | "ANY" | `TYPE${number}`;

export type Rcode = "NOERROR" | "FORMERR" | "SERVFAIL" | "NXDOMAIN" | "NOTIMP" | "REFUSED" | `RCODE${number}`;

/** Names are text with their final dot, in the case in which they were asked or stored. */
export interface DnsQuestion {
  readonly name: string;
  readonly type: RecordType;
  readonly class: "IN" | "CH" | `CLASS${number}`;
}

interface RecordBase {
  readonly name: string;
  readonly ttl: number;
  /** IN if missing. */
  readonly class?: "CH";
}

export type DnsRecord = RecordBase &
  (
    | { readonly type: "A" | "AAAA"; readonly address: string }
    | { readonly type: "CNAME" | "PTR" | "NS"; readonly target: string }
    | {
        readonly type: "SRV";
        readonly priority: number;
        readonly weight: number;
        readonly port: number;
        readonly target: string;
      }
    | { readonly type: "MX"; readonly preference: number; readonly target: string }
    | { readonly type: "TXT"; readonly texts: readonly string[] }
    | {
        readonly type: "SOA";
        readonly mname: string;
        readonly rname: string;
        readonly serial: number;
        readonly refresh: number;
        readonly retry: number;
        readonly expire: number;
        readonly minimum: number;
      }
    | { readonly type: `TYPE${number}`; readonly data: string }
  );

/** EDNS(0), RFC 6891. */
export interface Edns {
  readonly udpSize: number;
  readonly dnssecOk: boolean;
  /** Option code and data as bytes: a cookie is 10. */
  readonly options: readonly { readonly code: number; readonly data: string }[];
}

export interface DnsMessage {
  readonly id: number;
  readonly response: boolean;
  readonly opcode: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  readonly authenticData: boolean;
  readonly checkingDisabled: boolean;
  readonly rcode: Rcode;
  readonly questions: readonly DnsQuestion[];
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
  readonly edns?: Edns;
}

/** A question as a stub resolver asks it. */
export function dnsQuery(
  id: number,
  name: string,
  type: RecordType,
  options: { recursionDesired?: boolean; edns?: Edns; authenticData?: boolean } = {},
): DnsMessage {
  return {
    id,
    response: false,
    opcode: 0,
    authoritative: false,
    truncated: false,
    recursionDesired: options.recursionDesired ?? true,
    recursionAvailable: false,
    authenticData: options.authenticData ?? false,
    checkingDisabled: false,
    rcode: "NOERROR",
    questions: [{ name: name.endsWith(".") ? name : `${name}.`, type, class: "IN" }],
    answers: [],
    authorities: [],
    additionals: [],
    ...(options.edns ? { edns: options.edns } : {}),
  };
}

/** An answer to a query: its id, question and wish for recursion, and what is said besides. */
export function dnsReply(query: DnsMessage, fields: Partial<DnsMessage> = {}): DnsMessage {
  return {
    id: query.id,
    response: true,
    opcode: query.opcode,
    authoritative: false,
    truncated: false,
    recursionDesired: query.recursionDesired,
    recursionAvailable: false,
    authenticData: false,
    checkingDisabled: query.checkingDisabled,
    rcode: "NOERROR",
    questions: query.questions,
    answers: [],
    authorities: [],
    additionals: [],
    ...fields,
  };
}
