// What can be set in the browser, and where the host's own settings are.
import { Anchor, Code, Group, Paper, SegmentedControl, Stack, Text, Title, useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { statusQuery } from "../api/queries";
import { useToken } from "../api/session";
import { Copy, Heading } from "../show/pieces";

const SHOW = "cofferdam serve --print-config";

export function Page() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { data: host } = useQuery(statusQuery);
  const token = useToken();
  return (
    <Stack maw={720}>
      <Title order={1}>Settings</Title>
      <Paper p="md">
        <Heading>This browser</Heading>
        <Group justify="space-between">
          <Text fz="sm">Colours</Text>
          <SegmentedControl
            size="xs"
            aria-label="Colours"
            value={colorScheme}
            onChange={(value) => setColorScheme(value as "light" | "dark" | "auto")}
            data={[{ value: "auto", label: "As the system" }, { value: "light", label: "Light" }, { value: "dark", label: "Dark" }]}
          />
        </Group>
        <Text fz="sm" mt="sm">
          {token === null ? "This host let you in without a token." : "You are in with a token, which this tab alone keeps until it is closed."}
        </Text>
      </Paper>
      <Paper p="md">
        <Heading>This host</Heading>
        <Text fz="sm" mb="xs">
          {host === undefined ? "Cofferdam" : `Cofferdam ${host.version}`}. Its settings come from flags, the environment and a file; where
          it runs, this prints all of them, with where each one came from:
        </Text>
        <Group gap={4} wrap="nowrap"><Code className="command">{SHOW}</Code><Copy text={SHOW} what="the command" /></Group>
        <Text fz="sm" mt="sm">
          {token === null ? <Anchor href="/openapi.json" inherit>The API's description</Anchor> : "The API's description, for programs, is at /openapi.json."}
        </Text>
      </Paper>
    </Stack>
  );
}
