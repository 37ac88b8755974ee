import { contains, parseAddress, parsePrefix } from "../../../../net/index.ts";
import type { Query } from "../query.ts";
import { typeText } from "../record-type.ts";
import { dnsMessageSize } from "../size.ts";

export type Value = string | number | boolean | readonly Value[];

interface ExpressionFunction {
  /** How many arguments. */
  readonly takes: number;
  readonly run: (query: Query, args: readonly Value[]) => Value;
}

function of(run: (query: Query) => Value): ExpressionFunction {
  return { takes: 0, run };
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

/** What expressions may ask of a query (plugin/pkg/expression). Without the metadata plugin no label has a value. */
export const FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = {
  bufsize: of((query) => query.bufferSize),
  class: of(({ question }) => question.class),
  client_ip: of(({ context }) => bracketed(context.remote.address)),
  do: of((query) => query.dnssecOk),
  id: of(({ message }) => message.id),
  name: of(({ name }) => name),
  opcode: of(({ message }) => message.opcode),
  port: of(({ context }) => String(context.remote.port)),
  proto: of(({ protocol }) => protocol),
  server_ip: of(({ context }) => bracketed(context.local.address)),
  server_port: of(({ context }) => String(context.local.port)),
  size: of(({ message }) => dnsMessageSize(message)),
  type: of(({ type }) => typeText(type)),
  metadata: { takes: 1, run: () => "" },
  incidr: {
    takes: 2,
    run(_query, [ip, cidr]) {
      const address = parseAddress(String(ip));
      if (address === undefined) throw new Error("first argument is not an IP address");
      const prefix = parsePrefix(String(cidr));
      if (!prefix) throw new Error("second argument is not a CIDR");
      return typeof prefix.address === typeof address && contains(prefix, address);
    },
  },
};
