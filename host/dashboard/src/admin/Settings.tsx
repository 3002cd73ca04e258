// What can be set in the browser, who one is here, what is kept, and every setting of the host with where it was written.
import { Anchor, Code, Group, Paper, SegmentedControl, Stack, Text, Title, useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { statusQuery } from "../api/queries";
import { ownTokenQuery, useMay } from "../api/rights";
import { useToken } from "../api/session";
import { ForScope } from "../show/Allowed";
import { Heading, Time } from "../show/pieces";
import { HostSettings } from "./HostSettings";
import { Retention } from "./Retention";

function Own() {
  const token = useToken();
  const { data: own } = useQuery(ownTokenQuery);
  if (token === null || own === undefined) return <>This host let you in without a token: everybody who reaches it may do everything.</>;
  const modules = own.modules ?? null;
  return (
    <>
      You are in as <b>{own.name}</b>, which may {own.scopes.includes("admin") ? "do everything" : own.scopes.join(", ")}
      {modules !== null && <> with jobs of {modules.join(", ")}</>}
      {own.expires_at !== null && <>; it expires <Time at={own.expires_at ?? null} /></>}. This tab alone keeps the token until it is closed.
    </>
  );
}

export function Page() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const may = useMay();
  const { data: host } = useQuery({ ...statusQuery, enabled: may("jobs:read") });
  const token = useToken();
  return (
    <Stack gap="md">
      <Title order={1}>Settings</Title>
      <Paper p="md">
        <Heading>This browser</Heading>
        <Group justify="space-between" maw={640}>
          <Text fz="sm">Colours</Text>
          <SegmentedControl
            size="xs"
            aria-label="Colours"
            value={colorScheme}
            onChange={(value) => setColorScheme(value as "light" | "dark" | "auto")}
            data={[{ value: "auto", label: "As the system" }, { value: "light", label: "Light" }, { value: "dark", label: "Dark" }]}
          />
        </Group>
        <Text fz="sm" mt="sm" component="div"><Own /></Text>
      </Paper>
      <Paper p="md">
        <Heading>What is kept</Heading>
        <Text fz="sm" mb="sm" c="dimmed" maw={760}>
          What an ended job leaves is kept until it is too old, there are too many, or the database is too full. A job that is to stay is kept on its own page. The
          settings <Code>retention.*</Code> below say how much; what changed takes effect at a reload.
        </Text>
        <ForScope scope="jobs:read" what="what is kept"><Retention /></ForScope>
      </Paper>
      <Paper p="md">
        <Heading>This host</Heading>
        <Text fz="sm" mb="sm" c="dimmed" maw={760}>
          {host === undefined ? "Cofferdam" : `Cofferdam ${host.version}`}. Flags win over the environment, the environment over the file, the file over
          the defaults. They are changed where the host is started; some take effect at a reload (SIGHUP).{" "}
          {token === null && <Anchor href="/openapi.json" inherit underline="always">The API&apos;s description</Anchor>}
        </Text>
        <ForScope scope="admin" what="the host's settings"><HostSettings /></ForScope>
      </Paper>
    </Stack>
  );
}
