// Every page, by its path. The host knows the same paths: `PAGES` in `host/src/api/dashboard/pages.rs`.
import { createBrowserRouter, type RouteObject } from "react-router";

import { Layout } from "./shell/Layout";
import { Login } from "./shell/Login";
import { Mistake, NotFound } from "./shell/Mistake";

/** Loaded when it is first opened. */
function page(path: string, load: () => Promise<{ Page: React.ComponentType }>): RouteObject {
  return { path, lazy: async () => ({ Component: (await load()).Page }) };
}

export const router = createBrowserRouter([
  { path: "/login", element: <Login /> },
  {
    element: <Layout />,
    errorElement: <Mistake />,
    hydrateFallbackElement: <></>,
    children: [
      page("/", () => import("./overview/Overview")),
      page("/jobs", () => import("./jobs/JobList")),
      page("/jobs/:jobId", () => import("./job/JobPage")),
      page("/modules", () => import("./modules/ModuleList")),
      page("/modules/:moduleId", () => import("./modules/ModulePage")),
      page("/modules/:moduleId/start", () => import("./modules/start/StartJob")),
      page("/webhooks", () => import("./webhooks/WebhookList")),
      page("/webhooks/:webhookId", () => import("./webhooks/WebhookPage")),
      page("/schedules", () => import("./schedules/Schedules")),
      page("/secrets", () => import("./admin/Secrets")),
      page("/tokens", () => import("./admin/Tokens")),
      page("/audit", () => import("./admin/Audit")),
      page("/nodes", () => import("./admin/Nodes")),
      page("/settings", () => import("./admin/Settings")),
      { path: "*", element: <NotFound /> },
    ],
  },
]);
