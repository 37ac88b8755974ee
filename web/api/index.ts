export { api, kubeconfigUrl, reportUrl } from "./api.ts";
export { ApiError, wordsOf } from "./api-error.ts";
export {
  createQueryClient,
  keys,
  useAttempt,
  useCatalogue,
  useCheck,
  useEarlier,
  useGradings,
  useKubernetes,
  useManagement,
  useReport,
  useStart,
  useSubmit,
} from "./queries.ts";
