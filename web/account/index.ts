export { AccountPage } from "./account-page.tsx";
export { AccountsPage } from "./accounts-page.tsx";
export { InvitationPage } from "./invitation-page.tsx";
export { SignInPage } from "./sign-in-page.tsx";
