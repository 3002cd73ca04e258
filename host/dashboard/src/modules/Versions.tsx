// The versions of a module: what is other in each, and the way back to an earlier one.
import { Anchor, Badge, Button, Collapse, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";

import { answer, api, type Module } from "../api/client";
import { modulesQuery, queries, reportQuery } from "../api/queries";
import { Allowed } from "../show/Allowed";
import { bytes } from "../show/format";
import { Time } from "../show/pieces";
import { Records, type Column } from "../show/Records";
import { Failure, Shown } from "../show/states";
import { Difference } from "./Report";
import { byName, type Named } from "./versions";

function WhatChanged({ version }: { version: Module }) {
  const report = useQuery(reportQuery(version.id));
  return (
    <Shown of={report} rows={2}>
      {({ difference }) =>
        difference === null || difference === undefined
          ? <Text fz="sm" c="dimmed">It is the first version here: there is nothing to compare it with.</Text>
          : <Difference difference={difference} size={version.size_bytes} />}
    </Shown>
  );
}

/** One after another, the newest first: if the host refuses one, the name still means the highest that is left. */
async function removeAll(versions: Module[]): Promise<void> {
  for (const { id } of versions) await answer(api.DELETE("/v1/modules/{module_id}", { params: { path: { module_id: id } } }));
}

function RollBack({ to, named, onDone }: { to: Module; named: Named; onDone: () => void }) {
  const above = named.versions.slice(0, named.versions.indexOf(to));
  const work = useMutation({
    mutationFn: () => removeAll(above),
    onSuccess: () => {
      notifications.show({ color: "green", message: `${named.name} now means ${to.id}.` });
      onDone();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["modules"] }),
  });
  return (
    <Stack>
      <Text fz="sm">
        The name <b>{named.name}</b> alone stands for the highest version. So that it stands for {to.version} again,{" "}
        {above.map(({ version }) => version).join(" and ")} {above.length === 1 ? "is" : "are"} removed, with {above.length === 1 ? "its" : "their"} grants.
      </Text>
      <Text fz="sm" c="dimmed">Jobs that have ended keep their logs and results. While a job needs a version, the host refuses to remove it.</Text>
      {work.error !== null && <Failure error={work.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>Cancel</Button>
        <Button color="red" loading={work.isPending} onClick={() => work.mutate()}>Roll back to {to.version}</Button>
      </Group>
    </Stack>
  );
}

export function Versions({ module }: { module: Module }) {
  const modules = useQuery(modulesQuery);
  const [opened, setOpened] = useState<string | null>(null);
  const [back, setBack] = useState<Module | null>(null);
  const columnsOf = (named: Named): Column<Module>[] => [
    {
      head: "Version",
      plain: "title",
      cell: (version) => (
        <Group gap={6}>
          <Anchor component={Link} to={`/modules/${encodeURIComponent(version.id)}?tab=versions`} inherit fw={550}>{version.version}</Anchor>
          {version.digest === named.newest.digest && <Badge size="xs" variant="default" tt="none">what the name alone means</Badge>}
          {version.digest === module.digest && <Badge size="xs" variant="light" tt="none">shown</Badge>}
        </Group>
      ),
    },
    { head: "Added", cell: (version) => <Time at={version.created_at} /> },
    { head: "Size", cell: (version) => bytes(version.size_bytes) },
    { head: "Digest", cell: (version) => <Text span inherit ff="monospace">{version.digest.slice(7, 19)}</Text> },
    {
      head: "Actions",
      plain: "actions",
      cell: (version) => (
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          <Button size="compact-xs" variant="default" aria-expanded={opened === version.digest} onClick={() => setOpened(opened === version.digest ? null : version.digest)}>What changed</Button>
          {named.versions.indexOf(version) > named.versions.indexOf(named.newest) && (
            <Allowed scope="modules:write"><Button size="compact-xs" variant="default" leftSection={<IconArrowBackUp size={13} aria-hidden />} onClick={() => setBack(version)}>Roll back</Button></Allowed>
          )}
        </Group>
      ),
    },
  ];
  const below = (version: Module) => <Collapse expanded={opened === version.digest}><div style={{ padding: 12 }}>{opened === version.digest && <WhatChanged version={version} />}</div></Collapse>;
  return (
    <Shown of={modules} rows={3}>
      {(all) => {
        const named = byName(all).find(({ name }) => name === module.name);
        return (
          <>
            {named !== undefined && <Records rows={named.versions} columns={columnsOf(named)} id={(version) => version.digest} minWidth={640} below={below} />}
            <Modal opened={back !== null} onClose={() => setBack(null)} title={`Roll back to ${back?.id}?`}>
              {back !== null && named !== undefined && <RollBack to={back} named={named} onDone={() => setBack(null)} />}
            </Modal>
          </>
        );
      }}
    </Shown>
  );
}
