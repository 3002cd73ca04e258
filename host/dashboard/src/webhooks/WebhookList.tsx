// Who is told when jobs end.
import { Anchor, Button, Group, Modal, Paper, Text, Title } from "@mantine/core";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";

import type { Schemas } from "../api/client";
import { webhooksQuery } from "../api/queries";
import { Allowed } from "../show/Allowed";
import { labelTexts } from "../show/labels";
import { Time } from "../show/pieces";
import { Records, type Column } from "../show/Records";
import { Empty, Shown } from "../show/states";
import { WebhookStanding } from "./Standing";
import { WebhookForm } from "./WebhookForm";

type Webhook = Schemas["Webhook"];

const COLUMNS: Column<Webhook>[] = [
  {
    head: "Address",
    plain: "title",
    cell: (webhook) => (
      <>
        <Anchor component={Link} to={`/webhooks/${webhook.id}`} inherit fw={550} style={{ overflowWrap: "anywhere" }}>{webhook.url}</Anchor>
        {webhook.description !== "" && <Text fz="xs" c="dimmed">{webhook.description}</Text>}
      </>
    ),
  },
  { head: "State", cell: (webhook) => <WebhookStanding webhook={webhook} /> },
  { head: "Ends", cell: (webhook) => webhook.ends.length === 3 ? "all" : webhook.ends.join(", ") },
  { head: "Modules", cell: (webhook) => webhook.modules?.join(", ") ?? "all" },
  { head: "Labels", cell: (webhook) => labelTexts(webhook.labels).join(", ") || "any" },
  { head: "Made", cell: (webhook) => <Time at={webhook.created_at} /> },
];

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
          ) : <Records rows={all} columns={COLUMNS} id={(webhook) => webhook.id} minWidth={760} />}
        </Shown>
      </Paper>
      <Modal opened={making} onClose={() => setMaking(false)} title="Make a webhook" closeOnClickOutside={false}>
        {making && <WebhookForm known={null} onDone={() => setMaking(false)} />}
      </Modal>
    </>
  );
}
