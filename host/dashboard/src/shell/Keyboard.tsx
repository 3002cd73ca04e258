// The keyboard: `g` and a letter goes somewhere, `/` searches, `?` tells what there is.
import { Group, Kbd, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";

import { usePlaces } from "./navigation";

/** How long `g` waits for its letter. */
const SECOND_KEY_MS = 2000;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function focusSearch(): boolean {
  const search = document.querySelector<HTMLInputElement>("[data-search]");
  search?.focus();
  search?.select();
  return search !== null;
}

export function useKeyboard() {
  const navigate = useNavigate();
  const [helpOpened, help] = useDisclosure();
  const first = useRef(0);
  const places = useRef(usePlaces());
  places.current = usePlaces();
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const afterG = event.timeStamp - first.current < SECOND_KEY_MS && first.current > 0;
      first.current = !afterG && event.key === "g" ? event.timeStamp : 0;
      const place = afterG ? places.current.find((known) => known.key === event.key) : undefined;
      if (place !== undefined) void navigate(place.path);
      else if (event.key === "?") help.open();
      else if (event.key === "/" && !focusSearch()) void navigate("/jobs?search");
      else if (event.key !== "/") return;
      event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [navigate, help]);
  return { helpOpened, closeHelp: help.close };
}

function Row({ keys, what }: { keys: string[]; what: string }) {
  return (
    <Group justify="space-between">
      <Text fz="sm">{what}</Text>
      <Group gap={4}>{keys.map((key) => <Kbd key={key}>{key}</Kbd>)}</Group>
    </Group>
  );
}

export function KeyboardHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const places = usePlaces();
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard">
      <Stack gap="xs">
        <Row keys={["Ctrl", "K"]} what="Search, go anywhere, start a module" />
        <Row keys={["/"]} what="Search in this page" />
        {places.map((place) => <Row key={place.path} keys={["g", place.key]} what={`Go to ${place.name}`} />)}
        <Row keys={["?"]} what="This help" />
      </Stack>
    </Modal>
  );
}
