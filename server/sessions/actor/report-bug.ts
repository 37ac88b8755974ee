/** Tells what went wrong in our own code to whoever looks for it: with DRYDOCK_DEBUG set, on standard error. */
export function reportBug(where: string, error: unknown): void {
  if (process.env["DRYDOCK_DEBUG"]) console.error(where, error);
}
