// How a webhook and a delivery stand.
import { Group, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconClock, IconPlayerPause, IconX } from "@tabler/icons-react";

import type { Schemas } from "../api/client";
import { Time } from "../show/pieces";
import { Standing } from "../show/Standing";

export function WebhookStanding({ webhook }: { webhook: Schemas["Webhook"] }) {
  if (typeof webhook.given_up === "string") {
    return <Tooltip label={webhook.given_up}><span><Standing like="failed" icon={IconX} word="Given up" /></span></Tooltip>;
  }
  if (!webhook.enabled) return <Standing like="pending" icon={IconPlayerPause} word="Off" />;
  if (typeof webhook.failing_since === "string") {
    return (
      <Group gap={6}>
        <Standing like="failed" icon={IconX} word="Failing" />
        <Text span fz="xs" c="dimmed">since <Time at={webhook.failing_since} /></Text>
      </Group>
    );
  }
  return <Standing like="completed" icon={IconCheck} word="On" />;
}

export function DeliveryStanding({ delivery }: { delivery: Schemas["WebhookDelivery"] }) {
  switch (delivery.state) {
    case "delivered":
      return <Standing like="completed" icon={IconCheck} word="Delivered" />;
    case "failed":
      return <Standing like="failed" icon={IconX} word="Failed" />;
    default:
      return delivery.under_way ? <Standing like="running" icon={IconClock} word="Under way" /> : <Standing like="pending" icon={IconClock} word="Waiting" />;
  }
}
