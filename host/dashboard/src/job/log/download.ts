// The whole log as a text file, a page after the other.
import { answer, api } from "../../api/client";
import { save } from "../../show/save";
import { numbered } from "../Removed";

export async function downloadLog(job: string): Promise<void> {
  const parts: string[] = [];
  let after = 0;
  for (;;) {
    const params = { path: { job_id: job }, query: { after, limit: 1000 } };
    const { lines, gap, next_after } = await answer(api.GET("/v1/jobs/{job_id}/logs", { params }));
    if (gap !== null) parts.push(`(${numbered("line", gap.from, gap.to)} gone: ${gap.reason})\n`);
    if (lines.length === 0) break;
    for (const { time, level, source, message } of lines) {
      parts.push(`${time} ${level.padEnd(5)} ${source === "guest" ? "" : `[${source}] `}${message}\n`);
    }
    after = next_after;
  }
  save(parts, "text/plain", `${job}.log`);
}
