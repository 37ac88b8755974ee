import { Button, Input, SearchField } from "react-aria-components";
import { Icon } from "../ui/index.ts";

export interface SearchBoxProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Labs that fit: said to screen readers. */
  readonly found: number;
}

export function SearchBox({ value, onChange, found }: SearchBoxProps) {
  return (
    <SearchField className="search-box" aria-label="Search labs" value={value} onChange={onChange}>
      <Icon name="search" />
      <Input placeholder="Search labs" />
      <Button className="search-box-clear" aria-label="Clear the search">
        <Icon name="close" size={14} />
      </Button>
      <span className="only-read" role="status">
        {value.trim() === "" ? "" : `${found} lab${found === 1 ? "" : "s"} found`}
      </span>
    </SearchField>
  );
}
