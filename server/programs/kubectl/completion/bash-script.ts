export const BASH_SCRIPT = "";
