// Asks before something is gone for good.
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import type { Scope } from "../api/rights";
import { Allowed } from "../show/Allowed";
import { Failure } from "../show/states";

interface Props {
  /** Such as `the token ada`. */
  what: string;
  verb?: string;
  /** Without it the host would refuse; the administrator's unless said otherwise. */
  scope?: Scope;
  remove: () => Promise<void>;
  /** What follows from it. */
  children: ReactNode;
}

export function RemoveButton({ what, verb = "Remove", scope = "admin", remove, children }: Props) {
  const [asking, setAsking] = useState(false);
  const work = useMutation({ mutationFn: remove, onSuccess: () => setAsking(false) });
  return (
    <>
      <Allowed scope={scope}><Button size="compact-xs" variant="default" onClick={() => setAsking(true)} aria-label={`${verb} ${what}`}>{verb}</Button></Allowed>
      <Modal opened={asking} onClose={() => setAsking(false)} title={`${verb} ${what}?`}>
        <Stack>
          <Text fz="sm">{children}</Text>
          {work.error !== null && <Failure error={work.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => setAsking(false)}>Cancel</Button>
            <Button color="red" loading={work.isPending} onClick={() => work.mutate()}>{verb}</Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
