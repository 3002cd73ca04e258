// What only some tokens allow: a button that says which scope is missing, a page that says it in its place.
import { Code, Tooltip } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { cloneElement, type ReactElement, type ReactNode } from "react";

import { lacking, useMay, type Scope } from "../api/rights";
import { Empty } from "./states";

/** A button as it is, or one that does nothing and says why. */
export function Allowed({ scope, children }: { scope: Scope; children: ReactElement<Record<string, unknown>> }) {
  const may = useMay();
  if (may(scope)) return children;
  // Not `disabled`: a disabled button has no tooltip and no place for the keyboard.
  const off = { component: "button", to: undefined, type: "button", onClick: (event: Event) => event.preventDefault(), "data-disabled": true, "aria-disabled": true };
  return <Tooltip label={lacking(scope)} events={{ hover: true, focus: true, touch: true }}>{cloneElement(children, off)}</Tooltip>;
}

/** What stands in a page, or which scope its reader lacks. */
export function ForScope({ scope, what, children }: { scope: Scope; what: string; children: ReactNode }) {
  const may = useMay();
  if (may(scope)) return <>{children}</>;
  return <Empty icon={IconLock} title={`Your token does not show ${what}`}>It would need the scope <Code>{scope}</Code>. Whoever runs the host can make one that has it.</Empty>;
}
