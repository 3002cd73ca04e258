// What the token of this tab allows: the host says it, so that nothing is offered which would be refused.
import { queryOptions, useQuery } from "@tanstack/react-query";

import { answer, api, type Schemas } from "./client";

export type Scope =
  | "jobs:read" | "jobs:write" | "jobs:stop" | "logs:read" | "modules:read" | "modules:write" | "webhooks:read" | "webhooks:write" | "admin";
export type OwnToken = Schemas["OwnToken"];

export const ownTokenQuery = queryOptions({
  queryKey: ["own-token"],
  queryFn: ({ signal }) => answer(api.GET("/v1/tokens/self", { signal })),
  staleTime: 60_000,
});

/** Whether a token allows something; as long as nothing is known of it, the host is left to say no. */
export function allows(token: OwnToken | undefined, scope: Scope): boolean {
  return token === undefined || token.scopes.includes("admin") || token.scopes.includes(scope);
}

/** Tells for each scope whether the token of this tab has it. */
export function useMay(): (scope: Scope) => boolean {
  const { data } = useQuery(ownTokenQuery);
  return (scope) => allows(data, scope);
}

/** Why something is not possible, as it is said everywhere. */
export function lacking(scope: Scope): string {
  return `Your token does not have the scope ${scope}`;
}
