// Puts the vendored Swagger UI on the page of newsroom/api_docs.html.
SwaggerUIBundle({
  url: document.querySelector("#docs").dataset.schema,
  dom_id: "#docs",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
});
