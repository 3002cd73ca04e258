// Whether what is shown is live.
import { Alert, Button, Group, Text, Tooltip } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";

import { tryNow } from "../api/events";
import { useConnection } from "../api/live";
import classes from "./Connection.module.css";

const WORDS = { connecting: "Connecting…", live: "Live: changes show at once", lost: "Connection lost" };

export function ConnectionDot() {
  const connection = useConnection();
  return (
    <Tooltip label={WORDS[connection]}>
      <span className={classes.dot} data-connection={connection} role="status" aria-label={WORDS[connection]} />
    </Tooltip>
  );
}

/** Comes when the host is not reached, and goes by itself. */
export function ConnectionBanner() {
  if (useConnection() !== "lost") return null;
  return (
    <Alert color="yellow" variant="light" radius={0} icon={<IconPlugConnectedX />} p="xs" role="alert">
      <Group justify="space-between" gap="xs">
        <Text fz="sm">The connection to the host is lost. What you see may be old; it is tried again by itself.</Text>
        <Button size="compact-sm" variant="default" onClick={tryNow}>Try now</Button>
      </Group>
    </Alert>
  );
}
