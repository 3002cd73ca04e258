// Asks for a token, tries it, and keeps it for this tab.
import { Anchor, Box, Button, Center, Code, Group, Paper, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";

import { ProblemError, problemIn, problemOf } from "../api/client";
import { queries } from "../api/queries";
import { allows, ownTokenQuery, type OwnToken } from "../api/rights";
import { keepToken } from "../api/session";
import { PLACES } from "./navigation";

/** Asks with the token what it allows: an answer shows that it holds. */
async function enter(token: string): Promise<OwnToken> {
  const asked = fetch("/v1/tokens/self", { headers: { authorization: `Bearer ${token}` } });
  const response = await asked.catch(() => {
    throw new Error("The host cannot be reached.");
  });
  if (!response.ok) throw new ProblemError(await problemOf(response));
  keepToken(token);
  return (await response.json()) as OwnToken;
}

/** Where one was going, or the first page that the token is for. */
function destination(next: string | null, own: OwnToken): string {
  const first = PLACES.find(({ scope }) => scope === undefined || allows(own, scope));
  const asked = safe(next);
  return asked === "/" ? (first?.path ?? "/") : asked;
}

/** Only to a page of this host. */
function safe(next: string | null): string {
  return next !== null && next.startsWith("/") && !next.startsWith("//") ? next : "/";
}

export function Login() {
  const [text, setText] = useState("");
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const login = useMutation({
    mutationFn: enter,
    onSuccess: (own) => {
      queries.clear();
      queries.setQueryData(ownTokenQuery.queryKey, own);
      void navigate(destination(search.get("next"), own), { replace: true });
    },
  });
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    login.mutate(text.trim());
  };
  return (
    <Center mih="100vh" p="md" component="main">
      <Box w="100%" maw={420}>
        <Group gap="sm" mb="lg" justify="center">
          <img src="/favicon.svg" width={34} height={34} alt="" />
          <Title order={1} fz={24}>Cofferdam</Title>
        </Group>
        <Paper p="lg">
          <form onSubmit={submit}>
            <Stack>
              <PasswordInput
                label="Token"
                description="This host asks for a token. It is kept in this tab alone, until you close it or log out."
                placeholder="cofferdam_…"
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
                error={login.error === null ? undefined : problemIn(login.error).detail}
                autoComplete="off"
                autoFocus
                required
              />
              <Button type="submit" loading={login.isPending} disabled={text.trim() === ""}>Log in</Button>
            </Stack>
          </form>
        </Paper>
        <Text fz="sm" c="dimmed" mt="md" ta="center">
          No token? Whoever runs the host makes one with <Code>cofferdam token create NAME --scope admin</Code>.{" "}
          <Anchor href="/healthz" fz="sm" underline="always">Is the host alive?</Anchor>
        </Text>
      </Box>
    </Center>
  );
}
