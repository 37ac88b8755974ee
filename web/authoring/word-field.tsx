import type { ReactNode } from "react";
import { FieldError, Input, Label, Text, TextField } from "react-aria-components";

export interface WordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Why it cannot be that. */
  readonly problem?: string | undefined;
  readonly children?: ReactNode;
  readonly autoFocus?: boolean;
  readonly suggestions?: readonly string[];
}

/** A line to type a name into. */
export function WordField({
  label,
  value,
  onChange,
  problem,
  children,
  suggestions,
  autoFocus = false,
}: WordFieldProps) {
  const list = suggestions ? `${label.replaceAll(/\W+/g, "-").toLowerCase()}-suggestions` : undefined;
  return (
    <TextField
      className="word-field"
      value={value}
      onChange={onChange}
      isInvalid={problem !== undefined}
      autoFocus={autoFocus}
    >
      <Label>{label}</Label>
      <Input className="word-input" autoComplete="off" spellCheck="false" list={list} />
      {suggestions ? (
        <datalist id={list}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      ) : null}
      {children === undefined ? null : (
        <Text slot="description" className="word-help">
          {children}
        </Text>
      )}
      <FieldError className="word-problem">{problem}</FieldError>
    </TextField>
  );
}
