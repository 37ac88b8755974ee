import {
  Tab as AriaTab,
  TabList as AriaTabList,
  TabPanel as AriaTabPanel,
  Tabs as AriaTabs,
  type TabListProps,
  type TabPanelProps,
  type TabProps,
  type TabsProps,
} from "react-aria-components";
import "./tabs.css";

/** Tabs as React Aria's, in our look: `<Tabs><TabList><Tab/></TabList><TabPanel/></Tabs>`. */
export function Tabs(props: TabsProps) {
  return <AriaTabs {...props} className={`tabs ${typeof props.className === "string" ? props.className : ""}`} />;
}

export function TabList<T extends object>(props: TabListProps<T>) {
  return <AriaTabList {...props} className="tab-list" />;
}

export function Tab(props: TabProps) {
  return <AriaTab {...props} className="tab" />;
}

export function TabPanel(props: TabPanelProps) {
  return (
    <AriaTabPanel {...props} className={`tab-panel ${typeof props.className === "string" ? props.className : ""}`} />
  );
}
