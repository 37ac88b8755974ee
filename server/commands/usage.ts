/** The words on the command line are off: exit 2. */
export class UsageError extends Error {}

/** A file that was given is not what it should be: exit 65. */
export class BadInput extends Error {}

/** Something that Drydock does not simulate: exit 64. */
export class NotSimulated extends Error {}

export const EXIT_USAGE = 2;
export const EXIT_NOT_SIMULATED = 64;
export const EXIT_BAD_INPUT = 65;
