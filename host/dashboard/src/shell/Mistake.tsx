// Pages that are not there, and the page's own mistakes.
import { Box, Button, Center } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link, useRouteError } from "react-router";

import { Empty, Failure } from "../show/states";

export function NotFound() {
  const action = <Button component={Link} to="/" variant="default">To the overview</Button>;
  return <Empty icon={IconMapOff} title="There is no such page" action={action}>The address leads nowhere on this host.</Empty>;
}

/** Reached when a page throws, or its file cannot be loaded because the host was updated. */
export function Mistake() {
  const error = useRouteError();
  return (
    <Center mih="60vh" p="md">
      <Box maw={560}><Failure error={error} retry={() => location.reload()} /></Box>
    </Center>
  );
}
