// Swagger UI over both versions of the description. It calls nothing: a call needs a DPoP proof,
// which it cannot make.
"use strict";
const prefix = document.getElementById("explorer").dataset.prefix;
const dark = matchMedia("(prefers-color-scheme: dark)");
let theme = null;
try {
  theme = localStorage.getItem("theme");
} catch {
  // The browser's own wish holds.
}
if (theme === "dark" || (theme !== "light" && dark.matches)) {
  document.documentElement.classList.add("dark-mode");
}
SwaggerUIBundle({
  dom_id: "#explorer",
  urls: [
    { name: "Version 3", url: `${prefix}/swagger/v3/swagger.json` },
    { name: "Version 2", url: `${prefix}/swagger/v2/swagger.json` },
  ],
  // Nothing is sent elsewhere to be checked.
  validatorUrl: null,
  supportedSubmitMethods: [],
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  filter: true,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: "StandaloneLayout",
});
