// One module: what it takes, what it reaches for, what it may do, its versions.
import { Box, Button, Group, Modal, Paper, SimpleGrid, Stack, Tabs, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBolt, IconDownload, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams, useSearchParams } from "react-router";

import { answer, api, problemIn, type Module } from "../api/client";
import { moduleQuery, queries, reportQuery } from "../api/queries";
import { useOnwards } from "../shell/onwards";
import { Allowed } from "../show/Allowed";
import { bytes } from "../show/format";
import { Json } from "../show/Json";
import { Copy, Fact, Heading, Time } from "../show/pieces";
import { save } from "../show/save";
import { Failure, Rows, Shown } from "../show/states";
import { GrantEditor } from "./grants/GrantEditor";
import { RecentRuns } from "./RecentRuns";
import { Report } from "./Report";
import { Versions } from "./Versions";

async function fetchComponent(module: Module): Promise<void> {
  const params = { path: { module_id: module.id } };
  const body = await answer(api.GET("/v1/modules/{module_id}/component", { params, parseAs: "blob" }));
  save([body as unknown as Blob], "application/wasm", `${module.name}-${module.version}.wasm`);
}

function Remove({ module }: { module: Module }) {
  const [asking, setAsking] = useState(false);
  const onwards = useOnwards();
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE("/v1/modules/{module_id}", { params: { path: { module_id: module.id } } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["modules"] });
      notifications.show({ color: "green", message: `${module.id} is gone.` });
      void onwards("/modules");
    },
  });
  return (
    <>
      <Allowed scope="modules:write"><Button size="xs" variant="default" leftSection={<IconTrash size={15} aria-hidden />} onClick={() => setAsking(true)}>Remove</Button></Allowed>
      <Modal opened={asking} onClose={() => setAsking(false)} title={`Remove ${module.id}?`}>
        <Stack>
          <Text fz="sm">Its bytes and its grants go. While a job needs it, the host refuses.</Text>
          {remove.error !== null && <Failure error={remove.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => setAsking(false)}>Cancel</Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>Remove</Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

function Header({ module }: { module: Module }) {
  const get = useMutation({
    mutationFn: () => fetchComponent(module),
    onError: (error) => notifications.show({ color: "red", message: problemIn(error).detail }),
  });
  return (
    <>
      <Group justify="space-between" gap="sm">
        <Title order={1}>{module.id}</Title>
        <Group gap="xs">
          <Allowed scope="jobs:write"><Button size="xs" component={Link} to={`/modules/${encodeURIComponent(module.id)}/start`} leftSection={<IconBolt size={15} aria-hidden />}>Start job</Button></Allowed>
          <Button size="xs" variant="default" leftSection={<IconDownload size={15} aria-hidden />} loading={get.isPending} onClick={() => get.mutate()}>Component</Button>
          <Remove module={module} />
        </Group>
      </Group>
      <Text c="dimmed" fz="sm">{module.description}</Text>
      <Paper p="sm">
        <SimpleGrid component="dl" cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm" verticalSpacing="xs">
          <Fact term="Digest"><Group gap={2} wrap="nowrap"><Text span inherit ff="monospace">{module.digest.slice(7, 19)}</Text><Copy text={module.digest} what="the digest" /></Group></Fact>
          <Fact term="Size">{bytes(module.size_bytes)}</Fact>
          <Fact term="Added"><Time at={module.created_at} /></Fact>
          <Fact term="Signed by">{module.signed_by ?? "nobody"}</Fact>
          {module.source !== null && <Fact term="Source"><Text span inherit style={{ overflowWrap: "anywhere" }}>{module.source}</Text></Fact>}
          <Fact term="Last runs"><RecentRuns module={module.id} /></Fact>
        </SimpleGrid>
      </Paper>
    </>
  );
}

const TABS = ["report", "grants", "schemas", "limits", "versions"];

function Parts({ module }: { module: Module }) {
  const [search, setSearch] = useSearchParams();
  const report = useQuery(reportQuery(module.id));
  const asked = search.get("tab") ?? "report";
  return (
    <Tabs value={TABS.includes(asked) ? asked : "report"} onChange={(tab) => setSearch(tab === null || tab === "report" ? {} : { tab }, { replace: true })} keepMounted={false}>
      <Tabs.List style={{ flexWrap: "nowrap", overflowX: "auto", overflowY: "hidden" }}>
        <Tabs.Tab value="report">What it reaches for</Tabs.Tab>
        <Tabs.Tab value="grants">Grants</Tabs.Tab>
        <Tabs.Tab value="schemas">Inputs and settings</Tabs.Tab>
        <Tabs.Tab value="limits">Limits</Tabs.Tab>
        <Tabs.Tab value="versions">Versions</Tabs.Tab>
      </Tabs.List>
      <Paper p="md" mt="sm">
        <Tabs.Panel value="report"><Shown of={report}>{(known) => <Report report={known} size={module.size_bytes} />}</Shown></Tabs.Panel>
        <Tabs.Panel value="grants"><GrantEditor key={module.digest} module={module} /></Tabs.Panel>
        <Tabs.Panel value="schemas">
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <Box><Heading>Inputs</Heading><Json value={module.inputs_schema} name="inputs schema" /></Box>
            <Box><Heading>Settings</Heading><Json value={module.settings_schema} name="settings schema" /></Box>
          </SimpleGrid>
        </Tabs.Panel>
        <Tabs.Panel value="limits"><Json value={module.limits} name="limits" /></Tabs.Panel>
        <Tabs.Panel value="versions"><Versions module={module} /></Tabs.Panel>
      </Paper>
    </Tabs>
  );
}

export function Page() {
  const { moduleId = "" } = useParams();
  const { data: module, error, refetch } = useQuery(moduleQuery(moduleId));
  if (module === undefined) return error === null ? <Rows count={8} /> : <Failure error={error} retry={() => void refetch()} />;
  return (
    <Stack gap="sm">
      <Header key={module.id} module={module} />
      <Parts module={module} />
    </Stack>
  );
}
