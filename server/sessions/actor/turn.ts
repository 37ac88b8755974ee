/** The event loop's turn that kernels of this process yield with. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
