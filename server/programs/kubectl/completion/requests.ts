/** The hidden commands with which a shell asks what a line may become (cobra completions.go initCompleteCmd). */
export const REQUESTS: ReadonlySet<string> = new Set(["__complete", "__completeNoDesc"]);
