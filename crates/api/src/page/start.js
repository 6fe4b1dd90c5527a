// Before anything is drawn: the theme and the language that were chosen here before.
"use strict";
(function () {
  const root = document.documentElement;
  let theme = null;
  let language = null;
  try {
    theme = localStorage.getItem("theme");
    language = localStorage.getItem("language");
  } catch {
    // Nothing may be stored here; the browser's own wishes hold.
  }
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  // Only the address without a language leaves the choice open.
  const open = !/\/(nb|en)$/.test(location.pathname);
  if (open && (language === "nb" || language === "en") && language !== root.lang) {
    const base = location.pathname.replace(/\/$/, "");
    location.replace(`${base}/${language}${location.hash}`);
  }
})();
