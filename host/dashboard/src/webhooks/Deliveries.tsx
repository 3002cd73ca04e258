// What a webhook was told, with each one to send once more.
import { Box, Button, Code, Group, SegmentedControl, Stack, Text, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconSend } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api, problemIn, type Schemas } from "../api/client";
import { deliveriesQuery, queries, type DeliveryState } from "../api/queries";
import { Allowed } from "../show/Allowed";
import { Heading, Id, Time } from "../show/pieces";
import { Records, type Column } from "../show/Records";
import { Empty, Shown } from "../show/states";
import { DeliveryStanding } from "./Standing";

type Delivery = Schemas["WebhookDelivery"];

const STATES = [
  { value: "all", label: "All" },
  { value: "waiting", label: "Waiting" },
  { value: "delivered", label: "Delivered" },
  { value: "failed", label: "Failed" },
];

/** What the receiver said, or why it said nothing. */
function Answered({ delivery }: { delivery: Delivery }) {
  const { last_status: status, last_error: error, last_answer: said } = delivery;
  return (
    <Stack gap={2}>
      <Group gap={6}>
        {typeof status === "number" && <Code>{status}</Code>}
        {typeof error === "string" && <Text span fz="xs" style={{ overflowWrap: "anywhere" }}>{error}</Text>}
      </Group>
      {typeof said === "string" && <Tooltip label={said} multiline maw={420}><Text fz="xs" c="dimmed" truncate maw={300}>{said}</Text></Tooltip>}
    </Stack>
  );
}

function SendAgain({ webhook, delivery }: { webhook: string; delivery: Delivery }) {
  const again = useMutation({
    mutationFn: () => answer(api.POST("/v1/webhooks/{webhook_id}/deliveries/{event_id}/resend", { params: { path: { webhook_id: webhook, event_id: delivery.event_id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["deliveries", webhook] }),
    onError: (error) => notifications.show({ color: "red", title: problemIn(error).title, message: problemIn(error).detail }),
  });
  return <Allowed scope="webhooks:write"><Button size="compact-xs" variant="default" loading={again.isPending} disabled={delivery.under_way} onClick={() => again.mutate()} aria-label={`Send ${delivery.type} once more`}>Send again</Button></Allowed>;
}

function columnsOf(webhook: string): Column<Delivery>[] {
  return [
    { head: "Event", plain: "title", cell: (delivery) => <Code>{delivery.type}</Code> },
    { head: "Job", cell: (delivery) => typeof delivery.job_id === "string" ? <Id id={delivery.job_id} to={`/jobs/${delivery.job_id}`} what="the job's id" /> : "–" },
    { head: "State", cell: (delivery) => <DeliveryStanding delivery={delivery} /> },
    { head: "Attempts", className: "figures", cell: (delivery) => delivery.attempts },
    { head: "Last answer", cell: (delivery) => <Answered delivery={delivery} /> },
    { head: "When", cell: (delivery) => <Time at={delivery.created_at} /> },
    { head: "Next", cell: (delivery) => <Time at={delivery.next_attempt_at ?? null} /> },
    { head: "Actions", plain: "actions", cell: (delivery) => <Group justify="flex-end"><SendAgain webhook={webhook} delivery={delivery} /></Group> },
  ];
}

export function Deliveries({ webhook }: { webhook: string }) {
  const [state, setState] = useState("all");
  const deliveries = useInfiniteQuery(deliveriesQuery(webhook, state === "all" ? undefined : (state as DeliveryState)));
  const all = deliveries.data?.pages.flatMap((page) => page.deliveries);
  return (
    <>
      <Heading right={<SegmentedControl size="xs" data={STATES} value={state} onChange={setState} aria-label="Which deliveries" />}>Deliveries</Heading>
      <Shown<Delivery[]> of={{ data: all, error: deliveries.error, refetch: deliveries.refetch }} rows={4}>
        {(rows) => rows.length === 0 ? (
          <Empty icon={IconSend} title={state === "all" ? "Nothing was told yet" : `None is ${state}`} command={`cofferdam webhook test ${webhook}`}>Each job that ends and fits shows here, with what the receiver said.</Empty>
        ) : (
          <Box>
            <Records rows={rows} columns={columnsOf(webhook)} id={(delivery) => delivery.event_id} minWidth={860} />
            {deliveries.hasNextPage && <Group justify="center" mt="sm"><Button size="xs" variant="default" loading={deliveries.isFetchingNextPage} onClick={() => void deliveries.fetchNextPage()}>Older ones</Button></Group>}
          </Box>
        )}
      </Shown>
    </>
  );
}
