// What a page shows when there is nothing, not yet anything, or something went wrong.
import { Alert, Button, Code, Group, Skeleton, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconRefresh, type Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { problemIn } from "../api/client";
import { Copy } from "./pieces";

interface EmptyProps {
  icon: Icon;
  title: string;
  children: ReactNode;
  /** The command that would fill it. */
  command?: string;
  action?: ReactNode;
}

export function Empty({ icon: Glyph, title, children, command, action }: EmptyProps) {
  return (
    <Stack align="center" gap="xs" py={40} px="md" ta="center">
      <ThemeIcon variant="light" size={48} radius="xl" color="gray"><Glyph size={26} aria-hidden /></ThemeIcon>
      <Text fw={650}>{title}</Text>
      <Text c="dimmed" fz="sm" maw={460}>{children}</Text>
      {command !== undefined && (
        <Group gap={4} wrap="nowrap" maw="100%">
          <Code className="command">{command}</Code>
          <Copy text={command} what="the command" />
        </Group>
      )}
      {action}
    </Stack>
  );
}

/** A refusal, in the host's words, and another try. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = problemIn(error);
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={problem.title} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text fz="sm">{problem.detail}</Text>
        {(problem.errors?.length ?? 0) > 0 && (
          <ul className="plain">
            {problem.errors?.map((wrong) => (
              <li key={wrong.pointer + wrong.detail}><Code>{wrong.pointer || "/"}</Code> {wrong.detail}</li>
            ))}
          </ul>
        )}
        {retry !== undefined && (
          <Button size="xs" variant="default" leftSection={<IconRefresh size={14} />} onClick={retry}>Try again</Button>
        )}
      </Stack>
    </Alert>
  );
}

/** As many rows as will probably come, so that nothing jumps. */
export function Rows({ count = 5, height = 30 }: { count?: number; height?: number }) {
  return (
    <Stack gap={8} aria-busy="true" aria-label="Loading">
      {Array.from({ length: count }, (_, row) => <Skeleton key={row} height={height} />)}
    </Stack>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** What was asked for, or what stands in its place. */
export function Shown<T>({ of, rows, children }: { of: Asked<T>; rows?: number; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error !== null) return <Failure error={of.error} retry={() => void of.refetch()} />;
  return <Rows count={rows} />;
}
