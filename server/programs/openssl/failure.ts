/** The command is over: what it says on standard error, and its exit code. */
export class Failure extends Error {
  readonly text: string;
  readonly code: number;

  constructor(text: string, code = 1) {
    super(text);
    this.text = text;
    this.code = code;
  }
}

/** One entry of OpenSSL's error queue, as ERR_print_errors writes it behind the number of the thread. */
export interface QueuedError {
  readonly code: string;
  readonly library: string;
  readonly function: string;
  readonly reason: string;
  readonly at: string;
  readonly data?: string;
}

export function queued(
  code: string,
  library: string,
  name: string,
  reason: string,
  at: string,
  data = "",
): QueuedError {
  return { code, library, function: name, reason, at, data };
}

/** What BIO_new_file leaves behind for a file that cannot be opened. */
export function openErrors(path: string, mode: string, words: string, errno: number): QueuedError[] {
  const number = (0x80000000 + errno).toString(16).toUpperCase();
  return [
    queued(
      number,
      "system library",
      "BIO_new_file",
      words,
      "../crypto/bio/bss_file.c:67",
      `calling fopen(${path}, ${mode})`,
    ),
    errno === 2
      ? queued("10000080", "BIO routines", "BIO_new_file", "no such file", "../crypto/bio/bss_file.c:75")
      : queued("10080002", "BIO routines", "BIO_new_file", "system lib", "../crypto/bio/bss_file.c:77"),
  ];
}

/** The same for files that are read through OSSL_STORE: certificates and keys. */
export function storeErrors(path: string, words: string, errno: number): QueuedError[] {
  const number = (0x80000000 + errno).toString(16).toUpperCase();
  return [
    queued(
      "16000069",
      "STORE routines",
      "ossl_store_get0_loader_int",
      "unregistered scheme",
      "../crypto/store/store_register.c:237",
      "scheme=file",
    ),
    queued(
      number,
      "system library",
      "file_open",
      words,
      "../providers/implementations/storemgmt/file_store.c:266",
      `calling stat(${path})`,
    ),
  ];
}

/** An algorithm that the providers do not have. */
export function unsupportedAlgorithm(name: string): QueuedError {
  return queued(
    "0308010C",
    "digital envelope routines",
    "inner_evp_generic_fetch",
    "unsupported",
    "../crypto/evp/evp_fetch.c:386",
    `Global default library context, Algorithm (${name} : 0), Properties (<null>)`,
  );
}
