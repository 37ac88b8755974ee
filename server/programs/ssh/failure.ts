/** ssh gives up: says why and exits with 255. */
export class SshFailure extends Error {}
