// Buttons that act on jobs; what cannot be undone asks before.
import { Button, Group, Modal, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlayerPlay, IconPlayerStop, IconTrash, type Icon } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import type { Scope } from "../api/rights";
import { Allowed } from "../show/Allowed";
import { plural } from "../show/format";
import { WORDS, actOn, isPossible, type Action, type Standing } from "./actions";

const ICONS: Record<Action, Icon> = { stop: IconPlayerStop, resume: IconPlayerPlay, delete: IconTrash };
const SCOPES: Record<Action, Scope> = { stop: "jobs:stop", resume: "jobs:write", delete: "jobs:write" };

interface Props {
  jobs: Standing[];
  /** Says how many, for a selection. */
  counted?: boolean;
  onDone?: (action: Action) => void;
  /** Further buttons; what cannot be undone comes after them. */
  children?: ReactNode;
}

export function ActionButtons({ jobs, counted = false, onDone, children }: Props) {
  const [asking, setAsking] = useState<Action | null>(null);
  const fitting = (action: Action): string[] => jobs.filter((job) => isPossible(action, job)).map((job) => job.id);
  const act = useMutation({
    mutationFn: ({ action, ids }: { action: Action; ids: string[] }) => actOn(action, ids),
    onSuccess: ({ done, refused }, { action }) => {
      if (done > 0) notifications.show({ color: "green", message: `${plural(done, "job")} ${WORDS[action].done}` });
      if (refused !== null) {
        notifications.show({ color: "red", title: `${plural(refused.count, "job")} not ${WORDS[action].done}`, message: refused.detail });
      }
      if (done > 0) onDone?.(action);
    },
    onSettled: () => setAsking(null),
  });
  const press = (action: Action): void => {
    if (action === "delete" || (counted && action === "stop")) setAsking(action);
    else act.mutate({ action, ids: fitting(action) });
  };
  const many = asking === null ? [] : fitting(asking);
  const button = (action: Action): ReactNode => {
    if (!counted && fitting(action).length === 0) return null;
    const Glyph = ICONS[action];
    const count = fitting(action).length;
    return (
      <Allowed scope={SCOPES[action]}>
        <Button
          size="xs"
          variant="default"
          leftSection={<Glyph size={15} aria-hidden />}
          disabled={count === 0}
          loading={act.isPending && act.variables.action === action && asking === null}
          onClick={() => press(action)}
        >
          {WORDS[action].verb}{counted && count > 0 ? ` ${count}` : ""}
        </Button>
      </Allowed>
    );
  };
  return (
    <Group gap="xs">
      {button("stop")}
      {button("resume")}
      {children}
      {button("delete")}
      <Modal opened={asking !== null} onClose={() => setAsking(null)} title={asking === null ? "" : `${WORDS[asking].verb} ${plural(many.length, "job")}?`}>
        <Text fz="sm" mb="md">
          {asking === "delete"
            ? "Log, results and checkpoint go with it. This cannot be undone."
            : "They are asked to end, save what they have, and can be resumed later."}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => setAsking(null)}>Cancel</Button>
          {asking !== null && (
            <Button color={asking === "delete" ? "red" : undefined} loading={act.isPending} onClick={() => act.mutate({ action: asking, ids: many })} data-autofocus>
              {WORDS[asking].verb}
            </Button>
          )}
        </Group>
      </Modal>
    </Group>
  );
}
