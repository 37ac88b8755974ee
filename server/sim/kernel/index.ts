export { decode, encode, fromUint8Array, incompleteTail, toUint8Array, type Bytes } from "./bytes.ts";
export {
  calendar,
  fromCalendar,
  MONTHS,
  pad,
  parseRfc3339,
  rfc3339,
  rfc3339Micro,
  WEEKDAYS,
  type Calendar,
} from "./calendar.ts";
export type { EnteredAnswer, JournalEntry } from "./journal.ts";
export { Kernel, type KernelOptions, type KernelSnapshot, type Wake } from "./kernel.ts";
export { leap, pass, run, settle, WallPacing, type WallTimer } from "./pacing.ts";
export type { Random } from "./random.ts";
export type { SharedRows, State } from "./state.ts";
export type { Table } from "./table.ts";
export type { TableIndex } from "./table-index.ts";
export { DAY, HOUR, MICROSECOND, MILLISECOND, MINUTE, SECOND, type Duration, type Time } from "./time.ts";
