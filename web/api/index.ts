export { api, kubeconfigUrl } from "./api.ts";
export { ApiError, wordsOf } from "./api-error.ts";
export {
  createQueryClient,
  keys,
  useAttempt,
  useCatalogue,
  useCheck,
  useKubernetes,
  useReport,
  useStart,
  useSubmit,
} from "./queries.ts";
