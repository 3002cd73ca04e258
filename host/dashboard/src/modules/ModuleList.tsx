// The modules that there are, each with its versions, and the place to drop more.
import { Anchor, Badge, Box, Button, Card, Group, SimpleGrid, Text, TextInput, Title } from "@mantine/core";
import { IconBolt, IconBox, IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link, useSearchParams } from "react-router";

import type { Module } from "../api/client";
import { modulesQuery } from "../api/queries";
import { useMay } from "../api/rights";
import { Allowed } from "../show/Allowed";
import { bytes, plural } from "../show/format";
import { Time } from "../show/pieces";
import { Empty, Shown } from "../show/states";
import { RecentRuns } from "./RecentRuns";
import { Upload } from "./Upload";
import type { Choice } from "./upload";
import { byName, type Named } from "./versions";

function ModuleCard({ named: { name, versions, newest } }: { named: Named }) {
  const id = encodeURIComponent(newest.id);
  return (
    <Card withBorder padding="md" component="article" aria-label={name}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Anchor component={Link} to={`/modules/${id}`} fw={650} className="ellipsis">{name}</Anchor>
        <Badge variant="default" size="sm" tt="none">{newest.version}</Badge>
      </Group>
      <Text fz="sm" c="dimmed" mt={4} lineClamp={2} mih={42}>{newest.description || "It says nothing about itself."}</Text>
      <Box mt="xs" mih={20}><RecentRuns module={name} /></Box>
      <Group justify="space-between" mt="sm" gap="xs">
        <Text fz="xs" c="dimmed" component="div">{versions.length > 1 && `${plural(versions.length, "version")} · `}{bytes(newest.size_bytes)} · <Time at={newest.created_at} /></Text>
        <Allowed scope="jobs:write"><Button size="compact-sm" variant="light" component={Link} to={`/modules/${id}/start`} leftSection={<IconBolt size={14} aria-hidden />}>Start job</Button></Allowed>
      </Group>
    </Card>
  );
}

export function Page() {
  const modules = useQuery(modulesQuery);
  const [search, setSearch] = useSearchParams();
  const [text, setText] = useState("");
  const named = useMemo(() => byName(modules.data ?? []), [modules.data]);
  const fits = ({ name, newest }: Named): boolean => `${name} ${newest.description}`.toLowerCase().includes(text.trim().toLowerCase());
  const adds = search.has("add");
  const may = useMay();
  const [choices, setChoices] = useState<Choice[]>([]);
  return (
    <Box>
      <Group justify="space-between" mb="sm">
        <Title order={1}>Modules</Title>
        <Group gap="xs">
          <TextInput size="xs" aria-label="Search" placeholder="Name or description" value={text} onChange={(event) => setText(event.currentTarget.value)} leftSection={<IconSearch size={14} />} data-search />
          <Allowed scope="modules:write"><Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setSearch(adds ? {} : { add: "" })} aria-expanded={adds}>Add a module</Button></Allowed>
        </Group>
      </Group>
      {(adds || choices.length > 0 || modules.data?.length === 0) && may("modules:write") && <Upload choices={choices} setChoices={setChoices} />}
      <Shown<Module[]> of={modules} rows={6}>
        {(all) => all.length === 0 && choices.length > 0 ? null : all.length === 0 ? (
          <Empty icon={IconBox} title="No modules yet" command="cofferdam module add MODULE.wasm">
            A module is a WebAssembly component that jobs run. Drop its file above, or add it on the command line.
          </Empty>
        ) : (
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
            {named.filter(fits).map((each) => <ModuleCard key={each.name} named={each} />)}
          </SimpleGrid>
        )}
      </Shown>
    </Box>
  );
}
