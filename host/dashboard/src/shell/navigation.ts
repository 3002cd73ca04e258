// Where one can go: the side, the palette and the keyboard read it. A new page stands here and in `pages.tsx`.
import {
  IconBox, IconCalendarRepeat, IconHistory, IconKey, IconLayoutDashboard, IconListDetails, IconLockPassword, IconServer, IconSettings,
  IconWebhook, type Icon,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import { allows, ownTokenQuery, type Scope } from "../api/rights";
import { useToken } from "../api/session";

export interface Place {
  path: string;
  name: string;
  icon: Icon;
  /** After `g`. */
  key: string;
  group: "work" | "administration";
  /** Without it a token sees nothing there. */
  scope?: Scope;
}

export const PLACES: Place[] = [
  { path: "/", name: "Overview", icon: IconLayoutDashboard, key: "o", group: "work", scope: "jobs:read" },
  { path: "/jobs", name: "Jobs", icon: IconListDetails, key: "j", group: "work", scope: "jobs:read" },
  { path: "/modules", name: "Modules", icon: IconBox, key: "m", group: "work", scope: "modules:read" },
  { path: "/schedules", name: "Schedules", icon: IconCalendarRepeat, key: "c", group: "work", scope: "jobs:read" },
  { path: "/nodes", name: "Nodes", icon: IconServer, key: "n", group: "administration", scope: "jobs:read" },
  { path: "/webhooks", name: "Webhooks", icon: IconWebhook, key: "w", group: "administration", scope: "webhooks:read" },
  { path: "/secrets", name: "Secrets", icon: IconLockPassword, key: "s", group: "administration", scope: "admin" },
  { path: "/tokens", name: "Tokens", icon: IconKey, key: "t", group: "administration", scope: "admin" },
  { path: "/audit", name: "Audit", icon: IconHistory, key: "a", group: "administration", scope: "admin" },
  { path: "/settings", name: "Settings", icon: IconSettings, key: ",", group: "administration" },
];

/** Those that the token of this tab can do something with; none of them as long as it is not known. */
export function usePlaces(): Place[] {
  const token = useToken();
  const { data: own } = useQuery(ownTokenQuery);
  if (own === undefined && token !== null) return [];
  return PLACES.filter(({ scope }) => scope === undefined || allows(own, scope));
}
