// What surrounds every page: the side, the top, the word when the connection is lost.
import {
  ActionIcon, AppShell, Box, Burger, Group, Kbd, NavLink, Text, Tooltip, UnstyledButton, useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLogout, IconMoon, IconSearch, IconSun } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link, Navigate, Outlet, useLocation, useNavigation } from "react-router";

import { useLive } from "../api/live";
import { queries } from "../api/queries";
import { ownTokenQuery } from "../api/rights";
import { forgetToken, noteRefused, useRefused, useToken } from "../api/session";
import { ConnectionBanner, ConnectionDot } from "./Connection";
import { KeyboardHelp, useKeyboard } from "./Keyboard";
import classes from "./Layout.module.css";
import { PLACES, usePlaces, type Place } from "./navigation";
import { Palette, openPalette } from "./Palette";

function isAt(place: Place, pathname: string): boolean {
  return place.path === "/" ? pathname === "/" : pathname === place.path || pathname.startsWith(`${place.path}/`);
}

function Side({ onGo }: { onGo: () => void }) {
  const { pathname } = useLocation();
  const places = usePlaces();
  const link = (place: Place) => (
    <NavLink
      key={place.path}
      component={Link}
      to={place.path}
      label={place.name}
      leftSection={<place.icon size={18} stroke={1.7} aria-hidden />}
      active={isAt(place, pathname)}
      aria-current={isAt(place, pathname) ? "page" : undefined}
      onClick={onGo}
      className={classes.link}
    />
  );
  return (
    <>
      {places.filter((place) => place.group === "work").map(link)}
      <Text className={classes.group} fz="xs" c="dimmed">Administration</Text>
      {places.filter((place) => place.group === "administration").map(link)}
    </>
  );
}

function Top({ opened, toggle }: { opened: boolean; toggle: () => void }) {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const token = useToken();
  const { data: own } = useQuery(ownTokenQuery);
  const other = scheme === "dark" ? "light" : "dark";
  const logOut = (): void => {
    forgetToken();
    queries.clear();
    noteRefused();
  };
  return (
    <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="sm">
      <Group gap="sm" wrap="nowrap">
        <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" />
        <UnstyledButton component={Link} to="/" className={classes.brand} aria-label="Cofferdam">
          <img src="/favicon.svg" width={26} height={26} alt="" />
          <Text fw={700} fz="md" visibleFrom="xs">Cofferdam</Text>
        </UnstyledButton>
      </Group>
      <UnstyledButton className={classes.search} onClick={openPalette} aria-label="Search and commands">
        <IconSearch size={16} aria-hidden />
        <Text fz="sm" span className="ellipsis">Search or go to…</Text>
        <Kbd visibleFrom="sm" size="xs">Ctrl K</Kbd>
      </UnstyledButton>
      <Group gap={6} wrap="nowrap">
        <ConnectionDot />
        <Tooltip label={`Show ${other} colours`}>
          <ActionIcon variant="subtle" color="gray" onClick={() => setColorScheme(other)} aria-label={`Show ${other} colours`}>
            {scheme === "dark" ? <IconSun size={18} /> : <IconMoon size={18} />}
          </ActionIcon>
        </Tooltip>
        {token !== null && (
          <Tooltip label={own?.name === undefined || own.name === null ? "Log out" : `Log out, you are in as ${own.name}`}>
            <ActionIcon variant="subtle" color="gray" onClick={logOut} aria-label="Log out"><IconLogout size={18} /></ActionIcon>
          </Tooltip>
        )}
      </Group>
    </Group>
  );
}

export function Layout() {
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname, search } = useLocation();
  const loading = useNavigation().state !== "idle";
  const refused = useRefused();
  const keyboard = useKeyboard();
  useLive();
  useEffect(() => {
    document.title = `${PLACES.find((place) => isAt(place, pathname))?.name ?? "Cofferdam"} · Cofferdam`;
  }, [pathname]);
  if (refused) return <Navigate to={`/login?next=${encodeURIComponent(pathname + search)}`} replace />;
  return (
    <AppShell header={{ height: 52 }} navbar={{ width: 208, breakpoint: "sm", collapsed: { mobile: !opened } }} padding={0}>
      <a href="#main" className="skip">Skip to the page</a>
      <AppShell.Header className={classes.bar}><Top opened={opened} toggle={toggle} /></AppShell.Header>
      <AppShell.Navbar p="xs" className={classes.bar} aria-label="Pages"><Side onGo={close} /></AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <ConnectionBanner />
        <Box className={classes.page} data-loading={loading || undefined}><Outlet /></Box>
      </AppShell.Main>
      <Palette />
      <KeyboardHelp opened={keyboard.helpOpened} onClose={keyboard.closeHelp} />
    </AppShell>
  );
}
