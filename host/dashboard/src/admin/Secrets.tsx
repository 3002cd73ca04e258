// Values that modules may use in requests and never see.
import { Button, Code, Group, Modal, Paper, PasswordInput, Stack, TagsInput, Text, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconLockPassword, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api, type Schemas } from "../api/client";
import { queries, secretsQuery } from "../api/queries";
import { Copy, Time } from "../show/pieces";
import { Records, type Column } from "../show/Records";
import { Empty, Failure, Shown } from "../show/states";
import { RemoveButton } from "./RemoveButton";

type Secret = Schemas["Secret"];

function SecretForm({ known, onDone }: { known: Secret | null; onDone: () => void }) {
  const [name, setName] = useState(known?.name ?? "");
  const [value, setValue] = useState("");
  const [hosts, setHosts] = useState(known?.hosts ?? []);
  const put = useMutation({
    mutationFn: () => answer(api.PUT("/v1/secrets/{secret_name}", { params: { path: { secret_name: name } }, body: { value, hosts } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["secrets"] });
      notifications.show({ color: "green", message: `${name} is stored. Nobody reads it back.` });
    },
  });
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    // Only as long as this form is there: another one may be open by then.
    put.mutate(undefined, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput label="Name" placeholder="api-key" value={name} onChange={(event) => setName(event.currentTarget.value)} disabled={known !== null} required />
        <PasswordInput label="Value" value={value} onChange={(event) => setValue(event.currentTarget.value)} autoComplete="off" required data-autofocus />
        <TagsInput label="Hosts" description="Where its value may be sent, such as api.example.com" value={hosts} onChange={setHosts} placeholder="api.example.com" />
        {put.error !== null && <Failure error={put.error} />}
        <Group justify="flex-end"><Button type="submit" loading={put.isPending}>Store</Button></Group>
      </Stack>
    </form>
  );
}

const remove = async (name: string): Promise<void> => {
  await answer(api.DELETE("/v1/secrets/{secret_name}", { params: { path: { secret_name: name } } }));
  await queries.invalidateQueries({ queryKey: ["secrets"] });
};

function columnsOf(onChange: (secret: Secret) => void): Column<Secret>[] {
  return [
    { head: "Name", plain: "title", cell: (secret) => <Text span inherit fw={550}>{secret.name}</Text> },
    { head: "Hosts", cell: (secret) => secret.hosts.join(", ") || "–" },
    { head: "Placeholder", cell: (secret) => <Group gap={2} wrap="nowrap"><Code style={{ overflowWrap: "anywhere" }}>{secret.placeholder}</Code><Copy text={secret.placeholder} what="the placeholder" /></Group> },
    { head: "Changed", cell: (secret) => <Time at={secret.updated_at} /> },
    {
      head: "Actions",
      plain: "actions",
      cell: (secret) => (
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          <Button size="compact-xs" variant="default" onClick={() => onChange(secret)}>Change</Button>
          <RemoveButton what={`the secret ${secret.name}`} remove={() => remove(secret.name)}>Modules that were granted it fail to start until it is stored again.</RemoveButton>
        </Group>
      ),
    },
  ];
}

export function Page() {
  const secrets = useQuery(secretsQuery);
  const [open, setOpen] = useState<Secret | "new" | null>(null);
  return (
    <>
      <Group justify="space-between" mb={4}>
        <Title order={1}>Secrets</Title>
        <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setOpen("new")}>Store a secret</Button>
      </Group>
      <Text fz="sm" c="dimmed" mb="md" maw={720}>
        A module that was granted a secret has a placeholder; the host puts the value into headers of requests to the secret&apos;s hosts, and masks it everywhere else. Values are sealed, and never shown again.
      </Text>
      <Paper p="md">
        <Shown<Secret[]> of={secrets} rows={3}>
          {(all) => all.length === 0 ? (
            <Empty icon={IconLockPassword} title="No secrets" command="cofferdam secret set api-key --host api.example.com">Store one here, or on the command line, then grant it to a module.</Empty>
          ) : <Records rows={all} columns={columnsOf(setOpen)} id={(secret) => secret.name} minWidth={640} />}
        </Shown>
      </Paper>
      <Modal opened={open !== null} onClose={() => setOpen(null)} title={open === "new" ? "Store a secret" : "Change a secret"}>
        {open !== null && <SecretForm known={open === "new" ? null : open} onDone={() => setOpen(null)} />}
      </Modal>
    </>
  );
}
