// The whole log as a text file, a page after the other.
import { answer, api } from "../../api/client";
import { save } from "../../show/save";

export async function downloadLog(job: string): Promise<void> {
  const parts: string[] = [];
  let after = 0;
  for (;;) {
    const params = { path: { job_id: job }, query: { after, limit: 1000 } };
    const { lines, next_after } = await answer(api.GET("/v1/jobs/{job_id}/logs", { params }));
    if (lines.length === 0) break;
    for (const { time, level, source, message } of lines) {
      parts.push(`${time} ${level.padEnd(5)} ${source === "guest" ? "" : `[${source}] `}${message}\n`);
    }
    after = next_after;
  }
  save(parts, "text/plain", `${job}.log`);
}
