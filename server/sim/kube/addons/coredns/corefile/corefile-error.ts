/** A Corefile that CoreDNS does not take, in its words. */
export class CorefileError extends Error {}

/** Something in a Corefile that Drydock does not play: CoreDNS itself would. */
export class NotSimulated extends Error {
  constructor(what: string) {
    super(`drydock: coredns: ${what} is not simulated`);
  }
}
