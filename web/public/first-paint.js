// Before anything is drawn: the theme that was chosen (theme/theme.ts), so that the page does not flash in the other one.
try {
  const theme = localStorage.getItem("drydock.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the system's theme stays.
}
