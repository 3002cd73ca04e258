// Where one can go: the side, the palette and the keyboard read it. A new page stands here and in `pages.tsx`.
import {
  IconBox, IconCalendarRepeat, IconHistory, IconKey, IconLayoutDashboard, IconListDetails, IconLockPassword, IconServer, IconSettings,
  IconWebhook, type Icon,
} from "@tabler/icons-react";

export interface Place {
  path: string;
  name: string;
  icon: Icon;
  /** After `g`. */
  key: string;
  group: "work" | "administration";
}

export const PLACES: Place[] = [
  { path: "/", name: "Overview", icon: IconLayoutDashboard, key: "o", group: "work" },
  { path: "/jobs", name: "Jobs", icon: IconListDetails, key: "j", group: "work" },
  { path: "/modules", name: "Modules", icon: IconBox, key: "m", group: "work" },
  { path: "/schedules", name: "Schedules", icon: IconCalendarRepeat, key: "c", group: "work" },
  { path: "/nodes", name: "Nodes", icon: IconServer, key: "n", group: "administration" },
  { path: "/webhooks", name: "Webhooks", icon: IconWebhook, key: "w", group: "administration" },
  { path: "/secrets", name: "Secrets", icon: IconLockPassword, key: "s", group: "administration" },
  { path: "/tokens", name: "Tokens", icon: IconKey, key: "t", group: "administration" },
  { path: "/audit", name: "Audit", icon: IconHistory, key: "a", group: "administration" },
  { path: "/settings", name: "Settings", icon: IconSettings, key: ",", group: "administration" },
];
