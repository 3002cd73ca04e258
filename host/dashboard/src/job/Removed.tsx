// What retention has taken from a job, and when: said where it would have been.
import { Group, Text } from "@mantine/core";
import { IconEraser } from "@tabler/icons-react";

import type { Job } from "../api/client";
import { number } from "../show/format";
import { Moment } from "../show/pieces";

/** `Lines 1 to 3,000` or `Line 1`. */
export function numbered(what: string, from: number, to: number): string {
  return from === to ? `${what} ${number(from)}` : `${what}s ${number(from)} to ${number(to)}`;
}

/** A line above what is left. */
export function RemovedNote({ what, at }: { what: string; at: string | null }) {
  return (
    <Group gap={6} px="xs" pb={6} wrap="nowrap" align="flex-start" role="note">
      <IconEraser size={14} aria-hidden style={{ flex: "none", marginTop: 2 }} />
      <Text fz="xs" component="div">{what} removed by retention on <Moment at={at} />.</Text>
    </Group>
  );
}

/** How many lines of a job's log are left. */
export function linesLeft({ last_log_seq, removed }: Job): number {
  return Math.max(0, last_log_seq - removed.logs_to);
}
