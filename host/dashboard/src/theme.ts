// Colours and measures, in one place.
import { createTheme, rem } from "@mantine/core";

export const theme = createTheme({
  // Bluish greys, from texts to the page.
  colors: { dark: ["#cdd5dd", "#b4bdc7", "#8f99a4", "#6e7884", "#434b54", "#323941", "#262c33", "#1d2126", "#16191d", "#0f1215"] },
  primaryColor: "cyan",
  primaryShade: { light: 9, dark: 9 },
  defaultRadius: "md",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
  headings: { fontWeight: "650", sizes: { h1: { fontSize: rem(22) }, h2: { fontSize: rem(16) }, h3: { fontSize: rem(14) } } },
  cursorType: "pointer",
  components: {
    Paper: { defaultProps: { withBorder: true, radius: "md" } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 250 } },
    // Its head is no banner: the page has one already.
    Modal: { defaultProps: { centered: true, closeButtonProps: { "aria-label": "Close" }, attributes: { header: { role: "none" } } }, styles: { title: { fontWeight: 650 } } },
  },
});
