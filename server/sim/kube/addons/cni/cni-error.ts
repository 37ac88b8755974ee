/** Error codes of the specification (containernetworking/cni pkg/types/types.go). */
export const CODE = {
  incompatibleVersion: 1,
  unknownContainer: 3,
  environment: 4,
  decoding: 6,
  config: 7,
  namespace: 8,
  /** A plugin's own. */
  unsimulated: 100,
  internal: 999,
} as const;

/** Why a plugin gives up. Thrown as Errno is, and printed as JSON at one place (skel.ts). */
export class CniError extends Error {
  readonly code: number;
  readonly details: string;

  constructor(message: string, code: number = CODE.internal, details = "") {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** The plugin or its option exists, but not here. */
export class Unsimulated extends CniError {
  constructor(plugin: string, what: string) {
    super(`drydock: ${plugin}: '${what}' is not simulated`, CODE.unsimulated);
  }
}

/** The words of an error behind what was tried, as `fmt.Errorf("…: %v", err)` joins them. */
export function wrapped<T>(context: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CniError && !(error instanceof Unsimulated))
      throw new CniError(`${context}: ${error.message}`, CODE.internal);
    throw error;
  }
}
