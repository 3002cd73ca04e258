// Who is told when jobs end.
import { Anchor, Button, Group, Modal, Paper, Table, Text, Title } from "@mantine/core";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";

import type { Schemas } from "../api/client";
import { webhooksQuery } from "../api/queries";
import { Allowed } from "../show/Allowed";
import { Time } from "../show/pieces";
import { Empty, Shown } from "../show/states";
import { WebhookStanding } from "./Standing";
import { WebhookForm } from "./WebhookForm";

type Webhook = Schemas["Webhook"];

function WebhookTable({ webhooks }: { webhooks: Webhook[] }) {
  return (
    <Table.ScrollContainer minWidth={760} type="native" tabIndex={0}>
      <Table fz="sm">
        <Table.Thead><Table.Tr><Table.Th>Address</Table.Th><Table.Th>State</Table.Th><Table.Th>Ends</Table.Th><Table.Th>Modules</Table.Th><Table.Th>Labels</Table.Th><Table.Th>Made</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {webhooks.map((webhook) => (
            <Table.Tr key={webhook.id}>
              <Table.Td maw={360}>
                <Anchor component={Link} to={`/webhooks/${webhook.id}`} inherit fw={550} style={{ overflowWrap: "anywhere" }}>{webhook.url}</Anchor>
                {webhook.description !== "" && <Text fz="xs" c="dimmed">{webhook.description}</Text>}
              </Table.Td>
              <Table.Td><WebhookStanding webhook={webhook} /></Table.Td>
              <Table.Td>{webhook.ends.length === 3 ? "all" : webhook.ends.join(", ")}</Table.Td>
              <Table.Td>{webhook.modules?.join(", ") ?? "all"}</Table.Td>
              <Table.Td>{Object.entries(webhook.labels).map(([name, value]) => `${name}=${value}`).join(", ") || "any"}</Table.Td>
              <Table.Td><Time at={webhook.created_at} /></Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

export function Page() {
  const webhooks = useQuery(webhooksQuery);
  const [making, setMaking] = useState(false);
  return (
    <>
      <Group justify="space-between" mb={4}>
        <Title order={1}>Webhooks</Title>
        <Allowed scope="webhooks:write"><Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setMaking(true)}>Make a webhook</Button></Allowed>
      </Group>
      <Text fz="sm" c="dimmed" mb="md" maw={720}>
        A webhook is told of each job that ends and that fits: signed, at least once, and again until its receiver takes it.
      </Text>
      <Paper p="md">
        <Shown<Webhook[]> of={webhooks} rows={3}>
          {(all) => all.length === 0 ? (
            <Empty icon={IconWebhook} title="No webhooks" command="cofferdam webhook add https://hooks.example.com/cofferdam">Make one here, or on the command line, and another program knows when a job has ended.</Empty>
          ) : <WebhookTable webhooks={all} />}
        </Shown>
      </Paper>
      <Modal opened={making} onClose={() => setMaking(false)} title="Make a webhook" closeOnClickOutside={false}>
        {making && <WebhookForm known={null} onDone={() => setMaking(false)} />}
      </Modal>
    </>
  );
}
