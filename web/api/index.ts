export { api, kubeconfigUrl } from "./api.ts";
export { request } from "./request.ts";
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
