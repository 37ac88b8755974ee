/** The bits of a packet's mark that felix uses (felix/dataplane/driver.go: the lowest ones of 0xffff0000, in this order). */
export const MARK = {
  /** A policy or profile has accepted the packet. */
  accept: 0x1_0000,
  /** A policy leaves the decision to the next tier. */
  pass: 0x2_0000,
  drop: 0x4_0000,
  /** For results within a chain. */
  scratch0: 0x8_0000,
  scratch1: 0x10_0000,
} as const;

/** rules/static.go allCalicoMarkBits */
export const ALL_MARKS = MARK.accept | MARK.pass | MARK.scratch0 | MARK.scratch1;
