// The host's functions inside a component: its imports.
export * from "cofferdam:module/job-context@0.1.0";

export const isComponent = true;
