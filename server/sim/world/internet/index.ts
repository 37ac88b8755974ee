export { bindInternet, internet, INTERNET_ADDRESSES } from "./internet.ts";
