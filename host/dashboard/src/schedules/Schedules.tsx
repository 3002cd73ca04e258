// All schedules, or the one that the address names.
import { useSearchParams } from "react-router";

import { ScheduleList } from "./ScheduleList";
import { SchedulePage } from "./SchedulePage";

export function Page() {
  const [search] = useSearchParams();
  const id = search.get("schedule");
  return id === null ? <ScheduleList /> : <SchedulePage key={id} id={id} />;
}
