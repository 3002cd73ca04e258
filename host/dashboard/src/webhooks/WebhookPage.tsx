// One webhook: how it stands, what it was told; try it, change it, give it another secret, remove it.
import { Alert, Button, Group, Modal, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconSend } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useParams } from "react-router";

import { RemoveButton } from "../admin/RemoveButton";
import { answer, api, type Schemas } from "../api/client";
import { queries, webhookQuery } from "../api/queries";
import { useOnwards } from "../shell/onwards";
import { Allowed } from "../show/Allowed";
import { labelTexts } from "../show/labels";
import { Fact, Id, Time } from "../show/pieces";
import { Failure, Shown } from "../show/states";
import { Deliveries } from "./Deliveries";
import { WebhookStanding } from "./Standing";
import { Secret, WebhookForm } from "./WebhookForm";

type Webhook = Schemas["Webhook"];

/** Another signing secret; the former one signs for a while. */
function Rotate({ id, onDone }: { id: string; onDone: () => void }) {
  const rotate = useMutation({
    mutationFn: () => answer(api.POST("/v1/webhooks/{webhook_id}/rotate-secret", { params: { path: { webhook_id: id } }, body: {} })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["webhook", id] }),
  });
  if (rotate.data !== undefined) return <Secret secret={rotate.data.secret} onDone={onDone} />;
  return (
    <Stack>
      <Text fz="sm">For a day deliveries carry both signatures, so that the receiver can change over without losing any.</Text>
      {rotate.error !== null && <Failure error={rotate.error} />}
      <Group justify="flex-end"><Button loading={rotate.isPending} onClick={() => rotate.mutate()}>Make another secret</Button></Group>
    </Stack>
  );
}

function Actions({ webhook }: { webhook: Webhook }) {
  const onwards = useOnwards();
  const [open, setOpen] = useState<"change" | "rotate" | null>(null);
  const path = { webhook_id: webhook.id };
  const tryIt = useMutation({
    mutationFn: () => answer(api.POST("/v1/webhooks/{webhook_id}/test", { params: { path } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["deliveries", webhook.id] });
      notifications.show({ message: "A ping is on its way. What comes of it shows below." });
    },
  });
  const remove = async (): Promise<void> => {
    await answer(api.DELETE("/v1/webhooks/{webhook_id}", { params: { path } }));
    await queries.invalidateQueries({ queryKey: ["webhooks"] });
    await onwards("/webhooks");
  };
  return (
    <>
      <Group gap="xs">
        <Allowed scope="webhooks:write"><Button size="compact-xs" leftSection={<IconSend size={12} aria-hidden />} loading={tryIt.isPending} disabled={!webhook.enabled} onClick={() => tryIt.mutate()}>Test</Button></Allowed>
        <Allowed scope="webhooks:write"><Button size="compact-xs" variant="default" onClick={() => setOpen("change")}>Change</Button></Allowed>
        <Allowed scope="webhooks:write"><Button size="compact-xs" variant="default" onClick={() => setOpen("rotate")}>Another secret</Button></Allowed>
        <RemoveButton scope="webhooks:write" what="this webhook" remove={remove}>What waits for it is not sent any more, and its log of deliveries is gone.</RemoveButton>
      </Group>
      {tryIt.error !== null && <Failure error={tryIt.error} />}
      <Modal opened={open !== null} onClose={() => setOpen(null)} title={open === "rotate" ? "Another signing secret" : "Change the webhook"} closeOnClickOutside={false}>
        {open === "change" && <WebhookForm known={webhook} onDone={() => setOpen(null)} />}
        {open === "rotate" && <Rotate id={webhook.id} onDone={() => setOpen(null)} />}
      </Modal>
    </>
  );
}

function Facts({ webhook }: { webhook: Webhook }) {
  return (
    <SimpleGrid component="dl" cols={{ base: 2, sm: 3, lg: 6 }} m={0}>
      <Fact term="State"><WebhookStanding webhook={webhook} /></Fact>
      <Fact term="Ends">{webhook.ends.join(", ")}</Fact>
      <Fact term="Modules">{webhook.modules?.join(", ") ?? "all"}</Fact>
      <Fact term="Labels">{labelTexts(webhook.labels).join(", ") || "any"}</Fact>
      <Fact term="Made"><Time at={webhook.created_at} /></Fact>
      <Fact term="Id"><Id id={webhook.id} what="the webhook's id" /></Fact>
    </SimpleGrid>
  );
}

export function Page() {
  const { webhookId = "" } = useParams();
  const webhook = useQuery(webhookQuery(webhookId));
  return (
    <Shown<Webhook> of={webhook} rows={6}>
      {(shown) => (
        <Stack key={shown.id} gap="md">
          <Group justify="space-between" align="flex-start" gap="xs">
            <div>
              <Title order={1} style={{ overflowWrap: "anywhere" }}>{shown.url}</Title>
              {shown.description !== "" && <Text fz="sm" c="dimmed">{shown.description}</Text>}
            </div>
            <Actions webhook={shown} />
          </Group>
          {typeof shown.given_up === "string" && (
            <Alert color="red" variant="light" icon={<IconAlertTriangle />} title="The host has given this webhook up">
              {`Because ${shown.given_up}. Change it and switch it on once its receiver is well; what happened meanwhile was not noted.`}
            </Alert>
          )}
          <Paper p="md"><Facts webhook={shown} /></Paper>
          <Paper p="md"><Deliveries webhook={shown.id} /></Paper>
        </Stack>
      )}
    </Shown>
  );
}
