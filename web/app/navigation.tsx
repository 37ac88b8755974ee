import { useQueryClient } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import type { Role } from "../../server/sessions/protocol/index.ts";
import { people, useMe } from "../api/index.ts";
import { Button, Icon, MenuButton, MenuItem, toastError } from "../ui/index.ts";

const TEACHES: readonly Role[] = ["instructor", "admin"];

const PLACES = [
  { href: "/", name: "Catalogue", roles: ["learner", ...TEACHES] },
  { href: "/review", name: "Review", roles: TEACHES },
  { href: "/authoring", name: "Authoring", roles: TEACHES },
  { href: "/classes", name: "Classes", roles: TEACHES },
] as const;

/** The places that are for whoever is here. A learner has the catalogue only, which the mark leads to. */
function usePlaces() {
  const role = useMe().data?.user?.role;
  const places = PLACES.filter(({ roles }) => role !== undefined && (roles as readonly Role[]).includes(role));
  return places.length > 1 ? places : [];
}

/** Links to the other pages; where there is no room for them they are in a menu. */
export function Navigation() {
  const places = usePlaces();
  const [location] = useLocation();
  if (places.length === 0) return null;
  const isHere = (href: string): boolean => (href === "/" ? location === "/" : location.startsWith(href));
  return (
    <>
      <nav className="page-nav" aria-label="Pages">
        {places.map(({ href, name }) => (
          <Link key={href} href={href} aria-current={isHere(href) ? "page" : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      <div className="page-nav-menu">
        <MenuButton
          aria-label="Pages"
          button={
            <Button look="quiet" size="small" aria-label="Pages">
              <Icon name="menu" />
            </Button>
          }
        >
          {places.map(({ href, name }) => (
            <MenuItem key={href} id={href} href={href} textValue={name}>
              {name}
            </MenuItem>
          ))}
        </MenuButton>
      </div>
    </>
  );
}

/** Who one is, one's account, and signing out. */
export function AccountMenu() {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const me = useMe().data;
  if (!me?.user) return null;
  const signOut = (): void => {
    people
      .signOut()
      .then(() => {
        navigate("/");
        // Nothing of one person is shown to the next.
        client.clear();
        window.location.reload();
      })
      .catch(toastError);
  };
  const { name, role } = me.user;
  return (
    <MenuButton
      aria-label="Account"
      button={
        <Button look="quiet" size="small" className="page-account" aria-label={`Account: ${name}`}>
          <Icon name="person" />
          <span className="page-account-name">{name}</span>
        </Button>
      }
      onAction={(key) => (key === "out" ? signOut() : navigate(String(key)))}
    >
      {me.accounts ? (
        <MenuItem id="/account" textValue="My account">
          My account
        </MenuItem>
      ) : null}
      {role === "admin" ? (
        <MenuItem id="/accounts" textValue="Accounts">
          Accounts
        </MenuItem>
      ) : null}
      {me.accounts ? (
        <MenuItem id="out" textValue="Sign out">
          Sign out
        </MenuItem>
      ) : null}
    </MenuButton>
  );
}
