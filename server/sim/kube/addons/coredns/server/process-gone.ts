/** The process has ended while one of its queries was under way. */
export class ProcessGone extends Error {}
