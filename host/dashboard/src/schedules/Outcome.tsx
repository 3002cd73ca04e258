// What an occurrence of a schedule came to, in words.
import { IconAlertTriangle, IconClockX, IconPlayerPlay, IconPlayerSkipForward, type Icon } from "@tabler/icons-react";

import type { JobStatus, Schemas } from "../api/client";
import { Standing } from "../show/Standing";

export type Run = Schemas["ScheduleRun"];

const LOOKS: Record<Run["outcome"], { like: JobStatus; icon: Icon; word: string }> = {
  started: { like: "completed", icon: IconPlayerPlay, word: "Started" },
  skipped: { like: "pending", icon: IconPlayerSkipForward, word: "Skipped" },
  missed: { like: "stopped", icon: IconClockX, word: "Missed" },
  refused: { like: "failed", icon: IconAlertTriangle, word: "Refused" },
};

export function OutcomeStanding({ run }: { run: Run }) {
  return <Standing {...LOOKS[run.outcome]} />;
}
