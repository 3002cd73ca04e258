// Every setting of the host: its value, its default, and where it was written.
import { Badge, Code, Group, Switch, Table, Text, TextInput } from "@mantine/core";
import { IconAdjustmentsOff, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import type { Schemas } from "../api/client";
import { settingsQuery } from "../api/queries";
import { plural } from "../show/format";
import { Empty, Shown } from "../show/states";
import classes from "./HostSettings.module.css";

type Setting = Schemas["Setting"];

/** As it would be written, but for the quotes. */
function written(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(written).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function section({ key }: Setting): string {
  return key.includes(".") ? key.slice(0, key.lastIndexOf(".")) : "";
}

function Origin({ setting }: { setting: Setting }) {
  return <Group gap={6}><Badge variant="light" size="sm" tt="none">{setting.origin}</Badge><Code className={classes.place}>{setting.place}</Code></Group>;
}

function Row({ setting }: { setting: Setting }) {
  const chosen = setting.origin !== "default";
  const [value, usual] = [written(setting.value), written(setting.default)];
  return (
    <Table.Tr>
      <Table.Td className={classes.key}>{setting.key}</Table.Td>
      <Table.Td className={classes.value} fw={chosen ? 600 : undefined}>
        {value === "" ? <Text span inherit c="dimmed">empty</Text> : value}
        {value !== usual && <Text fz="xs" c="dimmed" fw={400}>by default {usual === "" ? "empty" : usual}</Text>}
        {chosen && <div className={classes.narrow}><Origin setting={setting} /></div>}
      </Table.Td>
      <Table.Td className={classes.origin}>{chosen ? <Origin setting={setting} /> : <Text span fz="sm" c="dimmed">default</Text>}</Table.Td>
    </Table.Tr>
  );
}

function SettingTable({ settings }: { settings: Setting[] }) {
  const sections = useMemo(() => {
    const found = new Map<string, Setting[]>();
    for (const setting of settings) found.set(section(setting), [...(found.get(section(setting)) ?? []), setting]);
    return [...found].sort(([one], [other]) => one.localeCompare(other));
  }, [settings]);
  return (
    <Table.ScrollContainer minWidth={300} type="native" tabIndex={0}>
      <Table fz="sm" verticalSpacing={5} layout="fixed">
        <Table.Thead><Table.Tr><Table.Th className={classes.name}>Setting</Table.Th><Table.Th>Value</Table.Th><Table.Th w="30%" className={classes.origin}>Written in</Table.Th></Table.Tr></Table.Thead>
        {sections.map(([name, all]) => (
          <Table.Tbody key={name}>
            <Table.Tr>
              <Table.Th colSpan={2} scope="rowgroup" className={classes.section}>{name === "" ? "server" : name}</Table.Th>
              <Table.Td className={classes.origin} />
            </Table.Tr>
            {all.map((setting) => <Row key={setting.key} setting={setting} />)}
          </Table.Tbody>
        ))}
      </Table>
    </Table.ScrollContainer>
  );
}

export function HostSettings() {
  const asked = useQuery(settingsQuery);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(false);
  const fits = (setting: Setting): boolean => {
    const said = `${setting.key} ${written(setting.value)} ${setting.place ?? ""}`.toLowerCase();
    return said.includes(text.trim().toLowerCase()) && (!chosen || setting.origin !== "default");
  };
  return (
    <Shown<Setting[]> of={asked} rows={10}>
      {(all) => {
        const shown = all.filter(fits);
        return (
          <>
            <Group gap="sm" mb="xs">
              <TextInput size="xs" aria-label="Search" placeholder="Key, value or place" value={text} onChange={(event) => setText(event.currentTarget.value)} leftSection={<IconSearch size={14} />} data-search />
              <Switch size="xs" label="Only what somebody chose" checked={chosen} onChange={(event) => setChosen(event.currentTarget.checked)} />
              <Text fz="xs" c="dimmed" ml="auto" role="status">{plural(shown.length, "setting")}</Text>
            </Group>
            {shown.length > 0 ? <SettingTable settings={shown} /> : (
              <Empty icon={IconAdjustmentsOff} title="No setting fits">{chosen && text === "" ? "Nobody has chosen anything: every default holds." : "None has that in its key, value or place."}</Empty>
            )}
          </>
        );
      }}
    </Shown>
  );
}
