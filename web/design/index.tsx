import { type ReactNode, useState } from "react";
import { ApiError } from "../api/index.ts";
import { Page } from "../app/index.ts";
import {
  Button,
  ButtonLink,
  Clock,
  Copyable,
  Dialog,
  Disclosure,
  Empty,
  ErrorNotice,
  Icon,
  Level,
  Loading,
  Mark,
  MenuButton,
  MenuItem,
  Notice,
  Score,
  Tab,
  TabList,
  TabPanel,
  Tabs,
  toast,
  Tooltip,
} from "../ui/index.ts";
import { COLOURS, SIZES, SPACES } from "./tokens.ts";
import "./design.css";

/** All tokens and all parts of web/ui in their states: for whoever builds a page, and to see what a change does. */
export function DesignPage() {
  return (
    <Page title="Design">
      <div className="design">
        <h1>Design</h1>
        <p>
          What pages are built of: tokens of <code>web/theme/tokens.css</code> and parts of <code>web/ui</code>. Switch
          the theme above; press Tab to see focus, point at a part to see hover.
        </p>
        <Colours />
        <Type />
        <Buttons />
        <Words />
        <States />
        <Overlays />
      </div>
    </Page>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="design-part" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Colours() {
  return (
    <Part title="Colours">
      <ul className="design-colours">
        {COLOURS.map(([token, use]) => (
          <li key={token}>
            <span className="design-swatch" style={{ background: `var(${token})` }} aria-hidden="true" />
            <code>{token}</code>
            <span className="design-use">{use}</span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Type() {
  return (
    <Part title="Type and space">
      <ul className="design-list">
        {SIZES.map((token) => (
          <li key={token}>
            <code>{token}</code>
            <span style={{ fontSize: `var(${token})` }}>A Service sends to its endpoints</span>
            <span className="mono" style={{ fontSize: `var(${token})` }}>
              10.244.1.7:8080
            </span>
          </li>
        ))}
      </ul>
      <ul className="design-list">
        {SPACES.map((token) => (
          <li key={token}>
            <code>{token}</code>
            <span className="design-space" style={{ width: `var(${token})` }} aria-hidden="true" />
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Buttons() {
  const looks = ["primary", "plain", "quiet"] as const;
  return (
    <Part title="Buttons">
      <table className="design-table">
        <thead>
          <tr>
            <th scope="col">Look</th>
            <th scope="col">Default</th>
            <th scope="col">Small</th>
            <th scope="col">Disabled</th>
            <th scope="col">Pending</th>
            <th scope="col">Link</th>
          </tr>
        </thead>
        <tbody>
          {looks.map((look) => (
            <tr key={look}>
              <th scope="row">{look}</th>
              <td>
                <Button look={look}>Start</Button>
              </td>
              <td>
                <Button look={look} size="small">
                  <Icon name="flag" size={14} />
                  Flag
                </Button>
              </td>
              <td>
                <Button look={look} isDisabled>
                  Start
                </Button>
              </td>
              <td>
                <Button look={look} isPending>
                  Starting…
                </Button>
              </td>
              <td>
                <ButtonLink look={look} href="/design">
                  Continue
                </ButtonLink>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  );
}

function Words() {
  const [hidden, setHidden] = useState(false);
  return (
    <Part title="Names, numbers and marks">
      <ul className="design-row">
        <li>
          <Mark />
        </li>
        <li>
          namespace <Copyable text="shop" />
        </li>
        <li>
          <Score points={4} of={6} />
        </li>
        {(["easy", "medium", "hard"] as const).map((level) => (
          <li key={level}>
            <Level level={level} />
          </li>
        ))}
        <li>
          <Clock ms={401_000} hidden={hidden} onToggle={() => setHidden(!hidden)} />
        </li>
        <li>
          <Clock ms={59_000} lastMs={60_000} hidden={hidden} onToggle={() => setHidden(!hidden)} />
        </li>
      </ul>
      <Copyable look="line" text="kubectl -n shop get endpointslices" />
      <Disclosure title="More that is not always read" level={3}>
        What it is about.
      </Disclosure>
      <Tabs>
        <TabList aria-label="Tabs">
          <Tab id="task">Task</Tab>
          <Tab id="hints">Hints</Tab>
          <Tab id="off" isDisabled>
            Disabled
          </Tab>
        </TabList>
        <TabPanel id="task">What is to be done.</TabPanel>
        <TabPanel id="hints">What helps.</TabPanel>
      </Tabs>
    </Part>
  );
}

const OFFLINE = new ApiError(
  0,
  "offline",
  "Drydock does not answer.",
  "Your clusters and answers are kept on the server. Check that it runs, then try again.",
);

function States() {
  return (
    <Part title="States">
      <div className="design-states">
        <Notice kind="info" title="Something to know.">
          And what it means.
        </Notice>
        <Notice kind="warn" title="Something to mind." action={<Button>Try again</Button>}>
          What is safe, and what to do.
        </Notice>
        <Notice kind="fail" title="Something was not done.">
          Nothing of yours is lost.
        </Notice>
        <ErrorNotice error={OFFLINE} onRetry={() => toast({ kind: "info", title: "It is asked again." })} />
        <div className="design-frame design-empty">
          <Empty level={3} title="Nothing here yet" action={<Button>Make one</Button>}>
            What will stand here, in a sentence.
          </Empty>
        </div>
        <div className="design-frame">
          <Loading what="the list" />
        </div>
      </div>
    </Part>
  );
}

function Overlays() {
  const [asking, setAsking] = useState(false);
  return (
    <Part title="What opens">
      <ul className="design-row">
        <li>
          <Button onPress={() => setAsking(true)}>Dialog</Button>
        </li>
        <li>
          <MenuButton aria-label="A menu" button={<Button>Menu</Button>}>
            <MenuItem id="one" textValue="One">
              One
            </MenuItem>
            <MenuItem id="two" textValue="Two">
              Two
            </MenuItem>
          </MenuButton>
        </li>
        <li>
          <Tooltip words="What it does">
            <Button>Tooltip</Button>
          </Tooltip>
        </li>
        <li>
          <Button onPress={() => toast({ kind: "warn", title: "Something to mind.", more: "And what to do." })}>
            Toast
          </Button>
        </li>
      </ul>
      <Dialog
        title="Do it?"
        open={asking}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onPress={() => setAsking(false)}>Not now</Button>
            <Button look="primary" autoFocus onPress={() => setAsking(false)}>
              Do it
            </Button>
          </>
        }
      >
        <p>What it does, and what stays as it is.</p>
      </Dialog>
    </Part>
  );
}
