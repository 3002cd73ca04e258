// Before the first paint, so that the page never flashes in the other colours.
(() => {
  const chosen = localStorage.getItem("cofferdam-color-scheme");
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
