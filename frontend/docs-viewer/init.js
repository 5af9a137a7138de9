// Shows this server's own document. Nothing is asked of any other server: the
// online validator is off, and so are addresses given in the query.
window.ui = window.SwaggerUIBundle({
  url: '/api/v1/openapi.yaml',
  dom_id: '#viewer',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  queryConfigEnabled: false,
  tryItOutEnabled: false,
})
