/** How a sysctl's text is read: one integer (with bounds where the kernel has them), several, a lower and an upper end, or as it is. */
export type SysctlType = "integer" | "integers" | "range" | "text";

export interface SysctlDefinition {
  readonly value: string;
  readonly type: SysctlType;
  readonly min?: number;
  readonly max?: number;
  /** What a range becomes whose ends are the wrong way round; without, such a one is refused. */
  readonly emptied?: string;
  readonly readOnly?: true;
  /** Not to be read, as what only makes something happen. */
  readonly writeOnly?: true;
  /** Only root reads it. */
  readonly secret?: true;
  /** It is kept under another path. */
  readonly stands?: string;
  /** Only the machine's own namespace has it. */
  readonly machineOnly?: true;
  /** Comes with this kernel module. */
  readonly module?: string;
  /** Kept and shown, but nothing in this simulation depends on it. */
  readonly inert?: true;
}

export function integer(value: number, min?: number, max?: number): SysctlDefinition {
  const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  return { value: String(value), type: "integer", ...bounds };
}

export function inert(value: number | string): SysctlDefinition {
  return { value: String(value), type: typeOf(String(value)), inert: true };
}

function typeOf(value: string): SysctlType {
  if (/^-?\d+$/.test(value)) return "integer";
  return /^-?\d+(\t-?\d+)+$/.test(value) ? "integers" : "text";
}
