import { isIPv4, parseAddress } from "../../net/index.ts";

/** A range of addresses, for `allow` and `deny`. */
export interface Cidr {
  readonly contains: (address: string) => boolean;
}

/** `10.0.0.0/8`, `10.1.2.3`, `fd00::/8`; undefined if it is none (ngx_ptocidr). */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf("/");
  const base = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (base === undefined) return undefined;
  const width = isIPv4(base) ? 32 : 128;
  const digits = slash < 0 ? String(width) : text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(digits) || Number(digits) > width) return undefined;
  const shift = BigInt(width - Number(digits));
  const prefix = toBigInt(base) >> shift;
  return {
    contains(address) {
      const other = parseAddress(address);
      return other !== undefined && isIPv4(other) === isIPv4(base) && toBigInt(other) >> shift === prefix;
    },
  };
}

function toBigInt(address: number | bigint): bigint {
  return typeof address === "bigint" ? address : BigInt(address >>> 0);
}
