// A status, the same everywhere: colour, icon and word.
import { IconCheck, IconClock, IconPlayerPlayFilled, IconPlayerStopFilled, IconX, type Icon } from "@tabler/icons-react";

import type { JobStatus } from "../api/client";
import classes from "./Status.module.css";

interface Look {
  color: string;
  icon: Icon;
  word: string;
}

export const LOOKS: Record<JobStatus, Look> = {
  pending: { color: "gray", icon: IconClock, word: "Pending" },
  running: { color: "blue", icon: IconPlayerPlayFilled, word: "Running" },
  completed: { color: "green", icon: IconCheck, word: "Completed" },
  failed: { color: "red", icon: IconX, word: "Failed" },
  stopped: { color: "yellow", icon: IconPlayerStopFilled, word: "Stopped" },
};

export const STATUSES = Object.keys(LOOKS) as JobStatus[];

export function Status({ status, size = "md" }: { status: JobStatus; size?: "md" | "lg" }) {
  const { icon: Glyph, word } = LOOKS[status];
  return (
    <span className={classes.badge} data-status={status} data-size={size}>
      <Glyph size={size === "lg" ? 14 : 12} aria-hidden className={status === "running" ? classes.pulse : undefined} />
      {word}
    </span>
  );
}
