export { api } from "./api.ts";
export { ApiError, wordsOf } from "./api-error.ts";
export {
  createQueryClient,
  keys,
  useAttempt,
  useCatalogue,
  useCheck,
  useReport,
  useStart,
  useSubmit,
} from "./queries.ts";
