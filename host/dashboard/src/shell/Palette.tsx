// The command palette: pages, modules to start, a job by its id.
import { Spotlight, spotlight, type SpotlightActionData } from "@mantine/spotlight";
import { IconBolt, IconListDetails, IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";

import { modulesQuery } from "../api/queries";
import { useMay } from "../api/rights";
import { LOOKS, STATUSES } from "../show/Status";
import { usePlaces } from "./navigation";

const JOB_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function openPalette(): void {
  spotlight.open();
}

export function Palette() {
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  // Refusals are shown where modules are the matter.
  const may = useMay();
  const places = usePlaces();
  const modules = useQuery({ ...modulesQuery, throwOnError: false, enabled: may("modules:read") });
  const go = (path: string) => () => void navigate(path);
  const job = query.trim();
  const actions: SpotlightActionData[] = [
    ...(JOB_ID.test(job) ? [{ id: "job", label: `Open job ${job}`, keywords: job, onClick: go(`/jobs/${job.toLowerCase()}`), leftSection: <IconListDetails size={18} /> }] : []),
    ...places.map((place) => ({
      id: place.path, label: place.name, description: "Page", onClick: go(place.path), leftSection: <place.icon size={18} />,
    })),
    ...(may("jobs:read") ? STATUSES : []).map((status) => {
      const { icon: Glyph, word } = LOOKS[status];
      return { id: `status-${status}`, label: `${word} jobs`, description: "Jobs", onClick: go(`/jobs?status=${status}`), leftSection: <Glyph size={18} /> };
    }),
    ...(may("modules:write") ? [{ id: "upload", label: "Add a module", description: "Upload a component", onClick: go("/modules?add"), leftSection: <IconPlus size={18} /> }] : []),
    ...((may("jobs:write") && modules.data) || []).map((module) => ({
      id: `start-${module.id}`, label: `Start ${module.id}`, description: module.description, keywords: module.name,
      onClick: go(`/modules/${encodeURIComponent(module.id)}/start`), leftSection: <IconBolt size={18} />,
    })),
  ];
  return (
    <Spotlight
      actions={actions}
      shortcut="mod + K"
      query={query}
      onQueryChange={setQuery}
      nothingFound="Nothing of that name"
      highlightQuery
      scrollable
      maxHeight={420}
      limit={40}
      searchProps={{ leftSection: <IconSearch size={18} />, placeholder: "A page, a module, or a job's id", "aria-label": "Search" }}
    />
  );
}
